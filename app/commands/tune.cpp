#include <boost/json.hpp>
#include <cmath>
#include <iostream>

#include "analyzers/whatif/patch.h"
#include "analyzers/whatif/tune.h"
#include "app/commands/simulate.h"
#include "app/complain.h"
#include "app/run_directory/atomic_file.h"

namespace surgeproof {
namespace {

namespace json = boost::json;
using whatif::Tried;

std::string words(const whatif::Candidate& c) {
  std::string text = fmt::format("target {}, min {}, max {}", c.target, c.min, c.max);
  if (c.own_behavior) return text + ", behavior as it is";
  return text + fmt::format(", up {} % or {} pods, down {} % per {} s after {} s", c.up_percent, c.up_pods,
                            c.down_percent, c.down_period_s, c.down_window_s);
}

std::string outcome(const Tried& t) {
  return t.failed == 0 ? "every criterion met" : fmt::format("{} not met", t.failed);
}

void write_unmet(const whatif::Tuning& t) {
  for (const auto& criterion : t.unmet) std::cout << "  not met at the worst moment: " << criterion << '\n';
}

void write_text(const whatif::Tuning& t, const std::string& patch, const WhatIf& first, std::size_t runs) {
  std::cout << fmt::format("HPA {}/{}: {} settings tried over {} recording{}\n\n", first.ns, first.hpa, t.tried, runs,
                           runs == 1 ? "" : "s");
  std::cout << fmt::format("  as it is  {:8.0f} replica-seconds, {}: {}\n", t.current.replica_seconds,
                           outcome(t.current), words(t.current.candidate));
  std::cout << fmt::format("  best      {:8.0f} replica-seconds, {}: {}\n", t.best.replica_seconds, outcome(t.best),
                           words(t.best.candidate));
  if (t.pareto.size() > 1)
    std::cout << "\nCheaper, but worse (no setting is both cheaper and better than one of these)\n";
  for (const Tried& p : t.pareto) {
    if (t.pareto.size() > 1) {
      std::cout << fmt::format("  {:8.0f} replica-seconds, {}: {}\n", p.replica_seconds, outcome(p),
                               words(p.candidate));
    }
  }
  if (t.best.candidate == t.current.candidate) {
    std::cout
        << (t.met ? "\nNothing that was tried is cheaper and meets the criteria: there is nothing to change.\n"
                  : "\nNo setting that was tried meets every criterion, and none comes nearer than what is there.\n");
    write_unmet(t);
    return;
  }
  std::cout << "\nWhy\n";
  for (const whatif::Reason& r : t.reasons) std::cout << fmt::format("  {} {}: {}\n", r.setting, r.change, r.why);
  if (!t.met) std::cout << "\nNo setting that was tried meets every criterion; this one comes nearest.\n";
  write_unmet(t);
  std::cout << fmt::format("\nPatch (kubectl patch hpa {} -n {} --patch-file FILE)\n\n{}", first.hpa, first.ns, patch);
}

json::object to_json(const Tried& t) {
  return {{"settings", words(t.candidate)}, {"not_met", t.failed}, {"replica_seconds", t.replica_seconds}};
}

}  // namespace

ExitCode tune_command(const TuneOptions& o) {
  std::vector<WhatIf> loaded;
  for (const auto& run : o.runs) {
    WhatIfChoice choice = o.choice;
    choice.source = run;
    std::error_code ignored;
    if (!std::filesystem::is_directory(run, ignored))
      return complain(ExitCode::usage, run + ": there is no such run directory");
    auto w = load_whatif(choice);
    if (!w) return complain(ExitCode::usage, w.error());
    if (w->scenario()->criteria.empty())
      return complain(ExitCode::usage, run + ": its scenario has no criteria to meet");
    loaded.push_back(std::move(*w));
  }
  std::vector<whatif::TuneCase> cases;
  for (const WhatIf& w : loaded) {
    cases.push_back({w.changed, {*w.scenario(), w.hpa, w.load_started}, 0.05});
    const double cost = w.changed.pod.cpu_per_request_ms;
    if (cost > 0) cases.back().uncertainty = std::max(0.05, w.fitted.cpu_per_request_error_ms / cost);
  }
  const whatif::Tuning tuning = whatif::tune(cases, o.candidates);
  const std::string patch = whatif::patch_text(loaded.front().changed.loop.spec, tuning.spec,
                                               loaded.front().track->samples.front().spec_json);
  if (o.json) {
    json::array front;
    for (const Tried& p : tuning.pareto) front.push_back(to_json(p));
    json::array reasons;
    for (const auto& r : tuning.reasons)
      reasons.push_back({{"setting", r.setting}, {"change", r.change}, {"why", r.why}});
    std::cout << json::object{{"tried", tuning.tried},
                              {"met", tuning.met},
                              {"unmet", json::array(tuning.unmet.begin(), tuning.unmet.end())},
                              {"current", to_json(tuning.current)},
                              {"best", to_json(tuning.best)},
                              {"pareto", std::move(front)},
                              {"reasons", std::move(reasons)},
                              {"patch", patch}}
              << '\n';
  } else {
    write_text(tuning, patch, loaded.front(), loaded.size());
  }
  if (!o.patch.empty()) {
    if (const auto written = write_file_atomically(o.patch, patch); !written)
      return complain(ExitCode::usage, written.error());
  }
  std::cout << std::flush;
  if (!std::cout) return complain(ExitCode::usage, "cannot write to standard output");
  return tuning.met ? ExitCode::pass : ExitCode::fail;
}

}  // namespace surgeproof
