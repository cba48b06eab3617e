#include "app/commands/simulate.h"

#include <boost/json.hpp>
#include <cmath>
#include <iostream>
#include <sstream>

#include "analyzers/whatif/account.h"
#include "analyzers/whatif/metric_rounds.h"
#include "analyzers/whatif/outlook.h"
#include "app/complain.h"
#include "app/run_directory/atomic_file.h"
#include "base/duration.h"
#include "base/run_time.h"
#include "reports/simulation_page.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

namespace json = boost::json;
using whatif::Account;

/// One column of the result.
struct Column {
  std::string name;
  Account account;
  std::vector<whatif::CriterionOutlook> criteria;  ///< empty for the recording: `analyze` judges it
  const whatif::Simulation* simulation = nullptr;
};

struct Result {
  whatif::Goal goal;
  whatif::Simulation own;
  whatif::Simulation changed;
  std::optional<whatif::Reproduction> reproduction;
  std::vector<Column> columns;
  double took_ms = 0;  ///< of one simulation
};

/// The pods of the scale-up criterion from the surge on; else what the busiest second needs at the target.
whatif::Goal goal_of(const WhatIf& w) {
  whatif::Goal goal;
  if (const Scenario* s = w.scenario()) {
    goal.from = w.load_started + scale_up_start(*s, ScaleUpCriterion{});
    for (const Criterion& c : s->criteria) {
      const auto* up = std::get_if<ScaleUpCriterion>(&c.rule);
      if (up == nullptr || (resolve_hpa(*s, up->hpa) != w.hpa && !resolve_hpa(*s, up->hpa).empty())) continue;
      goal.ready = up->to;
      goal.from = w.load_started + scale_up_start(*s, *up);
      return goal;
    }
  } else {
    const auto& rates = w.changed.demand.per_second;
    goal.from = w.changed.demand.bin * (std::max_element(rates.begin(), rates.end()) - rates.begin());
  }
  return goal;
}

Result simulate_all(const WhatIf& w, int repeat) {
  Result r;
  r.goal = goal_of(w);
  whatif::SimulationBuffers buffers;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < std::max(repeat, 1); ++i) r.changed = whatif::simulate(w.changed, buffers);
  r.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / std::max(repeat, 1);
  r.own = whatif::simulate(w.fitted.service, buffers);
  if (r.goal.ready == 0) r.goal.ready = std::max(r.own.most_ready(), r.changed.most_ready());
  if (w.track != nullptr) {
    const Timeline& timeline = w.run->timeline;
    r.columns.push_back({"recorded", whatif::account_of(*w.track, timeline, w.fitted.service, r.goal), {}, nullptr});
    r.reproduction = whatif::reproduction_of(r.own, *w.track, w.fitted.service.loop.sync_period);
  }
  const auto add = [&](std::string name, const whatif::Service& service, const whatif::Simulation& s) {
    Column c{std::move(name), whatif::account_of(s, r.goal), {}, &s};
    if (const Scenario* scenario = w.scenario()) {
      c.criteria = whatif::outlook({*scenario, w.hpa, w.load_started}, service, s, true);
    }
    r.columns.push_back(std::move(c));
  };
  add("as it is", w.fitted.service, r.own);
  add("simulated", w.changed, r.changed);
  return r;
}

std::string or_never(const std::optional<RunTime>& t) { return t ? format_duration(*t) : "never"; }

std::vector<reports::SimulationPage::Row> rows_of(const WhatIf& w, const Result& r) {
  std::vector<reports::SimulationPage::Row> rows;
  const auto add = [&](std::string what, auto value) {
    reports::SimulationPage::Row row{std::move(what), {}};
    for (const Column& c : r.columns) row.values.push_back(value(c));
    rows.push_back(std::move(row));
  };
  add(fmt::format("time to {} ready pods", r.goal.ready), [](const Column& c) { return or_never(c.account.time_to); });
  add("most ready pods", [](const Column& c) { return fmt::format("{}", c.account.most_ready); });
  add("replica-seconds", [](const Column& c) { return fmt::format("{:.0f}", c.account.replica_seconds); });
  add("time under capacity",
      [](const Column& c) { return format_duration(RunTime{std::llround(c.account.under_capacity_s * 1e9)}); });
  add("changes (reversals)",
      [](const Column& c) { return fmt::format("{} ({})", c.account.changes, c.account.reversals); });
  if (const Scenario* s = w.scenario(); s != nullptr && s->price) {
    constexpr double kHour = 3600;
    add(s->price->currency.empty() ? "cost" : fmt::format("cost, {}", s->price->currency), [&](const Column& c) {
      return fmt::format("{:.4g}", c.account.replica_seconds / kHour * s->price->per_replica_hour);
    });
  }
  add("peak utilization", [](const Column& c) {
    return c.account.peak_utilization ? fmt::format("{:.0f} %", *c.account.peak_utilization) : std::string("-");
  });
  const auto of_simulation = [](const Column& c, auto text) {
    return c.simulation == nullptr ? std::string("-") : text(*c.simulation);
  };
  add("longest wait for a pod", [&](const Column& c) {
    return of_simulation(c, [](const auto& s) { return format_duration(RunTime{std::llround(s.worst_wait_s * 1e9)}); });
  });
  add("requests that waited too long", [&](const Column& c) {
    return of_simulation(c, [](const auto& s) { return fmt::format("{:.0f}", s.lost_requests); });
  });
  return rows;
}

/// The criteria of the two simulations beside one another.
std::vector<reports::SimulationPage::Outlook> outlooks_of(const Result& r) {
  using Outlook = reports::SimulationPage::Outlook;
  const auto side = [](const whatif::CriterionOutlook& c) {
    const auto status = !c.judged ? Outlook::Status::cannot_be_told
                        : c.met   ? Outlook::Status::met
                                  : Outlook::Status::not_met;
    return Outlook::Side{status, fmt::format("{}{}{}", words_for(c), c.observed.empty() ? "" : ", ", c.observed)};
  };
  const auto& simulated = r.columns.back().criteria;
  const auto& own = r.columns[r.columns.size() - 2].criteria;
  std::vector<Outlook> out;
  for (std::size_t i = 0; i < simulated.size(); ++i) {
    out.push_back({simulated[i].title, side(own[i]), side(simulated[i]), simulated[i].note});
  }
  return out;
}

std::string outlook_sentence_of(const std::vector<reports::SimulationPage::Outlook>& outlooks) {
  using Status = reports::SimulationPage::Outlook::Status;
  const auto count = [&](Status status) {
    return std::ranges::count_if(outlooks, [&](const auto& o) { return o.simulated.status == status; });
  };
  const auto open = count(Status::cannot_be_told);
  return fmt::format("{} of {} criteria would be met{}.", count(Status::met), outlooks.size(),
                     open > 0 ? fmt::format(", {} cannot be told from a simulation", open) : "");
}

std::vector<std::string> sentences_of(const WhatIf& w, const Result& r, const std::vector<std::string>& settings) {
  std::vector<std::string> out;
  const whatif::FittedService& f = w.fitted;
  const whatif::PodModel& pod = w.changed.pod;
  if (!settings.empty()) out.push_back(fmt::format("Changed: {}.", fmt::join(settings, ", ")));
  std::string capacity = fmt::format("A pod uses {:.3g} ms of CPU for a request", pod.cpu_per_request_ms);
  if (f.windows > 0 && pod.cpu_per_request_ms == f.service.pod.cpu_per_request_ms) {
    capacity += fmt::format(" (± {:.2g} ms, 95 %, from {} measured windows)", f.cpu_per_request_error_ms, f.windows);
  }
  capacity += fmt::format(" and {:.3g}m at rest", pod.idle_millicores);
  if (std::isfinite(pod.most_millicores)) {
    capacity += fmt::format(", saturates at {:.0f}m, which is {:.0f} requests per second", pod.most_millicores,
                            pod.most_per_second());
  }
  out.push_back(fmt::format("{}, and is ready {} after its creation.", capacity, format_duration(pod.to_ready)));
  out.push_back(fmt::format("Syncs every {}; {}.", format_duration(w.changed.loop.sync_period),
                            whatif::sample_words(w.changed.loop)));
  if (r.reproduction && r.reproduction->syncs > 0) {
    const auto& p = *r.reproduction;
    out.push_back(fmt::format(
        "Check: with its own settings the simulation wants the recorded replicas at {} of {} syncs ({:.1f} %).",
        p.equal, p.syncs, 100.0 * static_cast<double>(p.equal) / static_cast<double>(p.syncs)));
  }
  for (const auto& remark : f.remarks) out.push_back(remark);
  return out;
}

std::vector<std::pair<double, double>> ready_steps(const whatif::Simulation& s) {
  std::vector<std::pair<double, double>> steps;
  for (const auto& c : s.replicas) steps.emplace_back(to_seconds(c.at), c.ready);
  return steps;
}

reports::SimulationPage page_of(const WhatIf& w, const Result& r, std::vector<std::string> sentences) {
  reports::SimulationPage page;
  page.title =
      fmt::format("HPA {}/{}: {}", w.ns, w.hpa, w.track != nullptr ? "recorded against simulated" : "simulated");
  page.sentences = std::move(sentences);
  page.end_s = to_seconds(w.changed.demand.length());
  if (w.track != nullptr) {
    reports::SimulationPage::Curve recorded{"recorded", {}, false};
    for (const auto& c : w.track->ready.changes()) recorded.steps.emplace_back(to_seconds(c.at), c.value);
    page.replicas.push_back(std::move(recorded));
  }
  page.replicas.push_back({"simulated as it is", ready_steps(r.own), true});
  page.replicas.push_back({"simulated", ready_steps(r.changed), false});
  page.load.name = "load";
  for (std::size_t i = 0; i < w.changed.demand.per_second.size(); ++i) {
    const double rate = w.changed.demand.per_second[i];
    if (i > 0 && rate == w.changed.demand.per_second[i - 1]) continue;
    page.load.steps.emplace_back(to_seconds(w.changed.demand.bin) * static_cast<double>(i), rate);
  }
  for (const Column& c : r.columns) page.columns.push_back(c.name);
  page.rows = rows_of(w, r);
  page.outlooks = outlooks_of(r);
  page.outlook_sentence = outlook_sentence_of(page.outlooks);
  return page;
}

void write_text(const WhatIf& w, const Result& r, const std::vector<std::string>& sentences, int repeat) {
  std::cout << fmt::format("{}: HPA {}/{}, {} of load\n\n", w.title, w.ns, w.hpa,
                           format_duration(w.changed.demand.length()));
  std::cout << fmt::format("{:32}", "");
  for (const Column& c : r.columns) std::cout << fmt::format("{:>12}", c.name);
  std::cout << '\n';
  for (const auto& row : rows_of(w, r)) {
    std::cout << fmt::format("{:32}", row.what);
    for (const auto& v : row.values) std::cout << fmt::format("{:>12}", v);
    std::cout << '\n';
  }
  const auto outlooks = outlooks_of(r);
  if (!outlooks.empty()) std::cout << "\nCriteria: " << outlook_sentence_of(outlooks) << '\n';
  const auto& criteria = r.columns.back().criteria;
  for (std::size_t i = 0; i < outlooks.size(); ++i) {
    const whatif::CriterionOutlook& c = criteria[i];
    std::cout << fmt::format("  {:16}{}\n", words_for(c), c.title);
    std::cout << fmt::format("  {:16}{}{}as it is: {}\n", "", c.observed, c.observed.empty() ? "" : "; ",
                             outlooks[i].as_it_is.text);
    if (!c.note.empty()) std::cout << fmt::format("  {:16}({})\n", "", c.note);
  }
  std::cout << '\n';
  for (const auto& s : sentences) std::cout << s << '\n';
  if (repeat > 1)
    std::cout << fmt::format("One simulation of {} syncs took {:.2f} ms.\n", r.changed.syncs.size(), r.took_ms);
}

json::object to_json(const WhatIf& w, const Result& r, const std::vector<std::string>& sentences) {
  json::object out{{"source", w.title}, {"namespace", w.ns}, {"hpa", w.hpa}, {"goal_ready_pods", r.goal.ready}};
  json::object columns;
  for (const Column& c : r.columns) {
    json::object o{{"replica_seconds", c.account.replica_seconds},
                   {"under_capacity_s", c.account.under_capacity_s},
                   {"changes", c.account.changes},
                   {"reversals", c.account.reversals},
                   {"most_ready", c.account.most_ready}};
    o["time_to_s"] = c.account.time_to ? json::value(to_seconds(*c.account.time_to)) : json::value(nullptr);
    json::array criteria;
    for (const auto& k : c.criteria) {
      criteria.push_back({{"id", k.id},
                          {"title", k.title},
                          {"judged", k.judged},
                          {"met", k.met},
                          {"observed", k.observed},
                          {"note", k.note}});
    }
    if (c.simulation != nullptr) {
      o["criteria"] = std::move(criteria);
      json::array steps;
      for (const auto& s : c.simulation->replicas)
        steps.push_back({{"at_s", to_seconds(s.at)}, {"wanted", s.wanted}, {"ready", s.ready}});
      o["replicas"] = std::move(steps);
      o["lost_requests"] = c.simulation->lost_requests;
      o["worst_wait_s"] = c.simulation->worst_wait_s;
    }
    columns[c.name] = std::move(o);
  }
  out["results"] = std::move(columns);
  if (r.reproduction) out["reproduction"] = {{"syncs", r.reproduction->syncs}, {"equal", r.reproduction->equal}};
  json::array remarks;
  for (const auto& s : sentences) remarks.emplace_back(s);
  out["remarks"] = std::move(remarks);
  return out;
}

}  // namespace

ExitCode simulate_command(const SimulateOptions& o) {
  const auto w = load_whatif(o.choice);
  if (!w) return complain(ExitCode::usage, w.error());
  const Result r = simulate_all(*w, o.repeat);
  const auto sentences = sentences_of(*w, r, o.choice.settings);
  if (o.json) {
    std::cout << to_json(*w, r, sentences) << '\n';
  } else {
    write_text(*w, r, sentences, o.repeat);
  }
  if (!o.html.empty()) {
    std::ostringstream page;
    reports::write_simulation_page(page_of(*w, r, sentences), page);
    if (const auto written = write_file_atomically(o.html, page.view()); !written)
      return complain(ExitCode::usage, written.error());
    if (!o.json) std::cout << "\nPicture  " << o.html.string() << '\n';
  }
  std::cout << std::flush;
  return std::cout ? ExitCode::pass : complain(ExitCode::usage, "cannot write to standard output");
}

}  // namespace surgeproof
