#include "reports/load_summary.h"

#include <algorithm>

#include "analyzers/judge.h"
#include "analyzers/load_sum.h"
#include "base/duration.h"
#include "base/wall_time.h"
#include "reports/build_parts.h"
#include "reports/load_histogram.h"
#include "reports/text.h"
#include "scenarios/plan.h"
#include "scenarios/scenario.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kSlowest = 10;
constexpr double kSaturatedPercent = 90;  // of a core, as analyzers/health.cpp

LatencySummary summary_of(const Histogram& h) {
  LatencySummary s;
  s.requests = h.count();
  if (const auto mean = h.mean()) s.mean_ms = to_ms(mean);
  constexpr std::pair<std::string_view, double> kPercentiles[] = {{"p50", 0.5},  {"p75", 0.75}, {"p90", 0.9},
                                                                  {"p95", 0.95}, {"p99", 0.99}, {"p99.9", 0.999}};
  for (const auto& [name, q] : kPercentiles) s.percentiles_ms.emplace_back(name, to_ms(h.quantile(q)));
  s.percentiles_ms.emplace_back("max", h.count() > 0 ? to_ms(h.max()) : std::nullopt);
  return s;
}

std::string plan_words(const Scenario& scenario) {
  if (const auto& closed = scenario.load.closed) {
    return fmt::format("closed loop, {} connections for {}, each as fast as it is answered", closed->connections,
                       format_duration(closed->duration));
  }
  std::string words =
      scenario.load.arrivals == Load::Arrivals::poisson ? "open loop, Poisson arrivals, " : "open loop, ";
  bool first = true;
  for (const Stage& stage : scenario.load.stages) {
    if (!std::exchange(first, false)) words += ", then ";
    words +=
        fmt::format("{}{}/s {} {}", stage.shape == Stage::Shape::ramp ? "up to " : "", rate_text(stage.rate.per_second),
                    stage.shape == Stage::Shape::ramp ? "over" : "for", format_duration(stage.duration));
  }
  return words + fmt::format(", at most {} connections", scenario.connections.max);
}

std::string request_words(const Scenario& scenario) {
  if (scenario.requests.size() == 1) return scenario.requests.front().name;
  return fmt::format("{} kinds of request", scenario.requests.size());
}

void add_counts(const Timeline& timeline, const Axis& axis, LoadSummary& s) {
  const LoadSum sum = sum_load(timeline, {.span = {RunTime::min(), RunTime::max()}});
  s.planned = sum.planned;
  s.sent = sum.sent;
  s.ok = sum.count(Outcome::ok);
  s.dropped = sum.drops();
  s.errors = sum.errors() - s.dropped;
  s.unsent = sum.count(Outcome::unsent);
  s.generator_errors = sum.count(Outcome::generator_error);
  s.answered = sum.latency.count();
  s.latency = summary_of(sum.latency);
  s.service_time = summary_of(sum.service_time);
  s.histogram = histogram_rows(sum.latency.sparse());
  for (const LoadWindow& w : timeline.windows) {
    s.bytes_received += w.bytes_received;
    for (const auto& [status, count] : w.statuses) s.statuses[status] += count;
  }
  s.failures = build_failures(timeline, axis);
  for (FailureRow& row : s.failures) {
    row.first_s.reset();  // condensed windows do not tell; the first failure recorded in full does
    row.last_s.reset();
    for (const RequestFailure& f : timeline.failures) {
      if (f.outcome == row.outcome) row.first_s = std::min(row.first_s.value_or(axis(f.planned)), axis(f.planned));
    }
  }
  s.peers = build_peers(timeline, axis);
  std::ranges::sort(s.peers, std::less{},
                    [](const PeerRow& r) { return std::tuple{~r.answered, r.peer, r.pod}; });  // most answers first
}

void add_slowest(const Timeline& timeline, const Axis& axis, LoadSummary& s) {
  const auto ms = [](RunTime t) { return static_cast<double>(t / std::chrono::microseconds{1}) / 1e3; };
  for (const SlowRequest& r : timeline.slowest) {
    s.slowest.push_back({axis(r.planned), ms(r.ended - r.planned), ms(r.ended - r.sent), r.request, r.status, r.peer,
                         r.pod, r.trace_id});
  }
  std::ranges::sort(s.slowest, std::less{}, [](const SlowRow& r) { return std::pair{-r.latency_ms, r.planned_s}; });
  if (s.slowest.size() > kSlowest) s.slowest.resize(kSlowest);
}

void add_rates(const Scenario& scenario, const Timeline& timeline, LoadSummary& s) {
  const RunTime begin = timeline.load_started.value_or(timeline.end);
  const RunTime end = timeline.load_finished.value_or(timeline.end);
  const RunTime length = std::min(plan_duration(scenario), std::max(RunTime{0}, end - begin));
  s.seconds = std::chrono::duration<double>(length).count();
  if (s.seconds <= 0) return;
  s.sent_per_second = static_cast<double>(s.sent) / s.seconds;
  s.wanted_per_second = s.closed_loop ? s.sent_per_second : static_cast<double>(s.planned) / s.seconds;
  s.answered_per_second = static_cast<double>(s.answered) / s.seconds;
  s.ok_per_second = static_cast<double>(s.ok) / s.seconds;
  s.bytes_per_second = static_cast<double>(s.bytes_received) / s.seconds;
}

// The generator's own words about what held the rate down.
void add_bottleneck(const Scenario& scenario, LoadSummary& s) {
  const double busiest = s.generator.busiest_worker_percent;
  const bool sick = std::ranges::any_of(s.health, [](const Finding& f) { return f.status != Status::pass; });
  if (busiest >= kSaturatedPercent && (s.closed_loop || sick)) {
    s.generator_is_bottleneck = true;
    s.bottleneck =
        s.closed_loop
            ? fmt::format(
                  "The generator was the bottleneck: its busiest thread used {:.0f} % of a core. {}/s is what it "
                  "can send, not what the service can serve; give it more threads (--workers) and CPUs",
                  busiest, rate_text(s.answered_per_second))
            : fmt::format(
                  "The generator was the bottleneck: its busiest thread used {:.0f} % of a core. The latency "
                  "tells of the generator too; give it more threads (--workers) and CPUs, or lower the rate",
                  busiest);
    return;
  }
  if (s.closed_loop) {
    if (s.answered > 0) {
      s.bottleneck = fmt::format(
          "The service, or {} connections, set the rate: the generator's busiest thread used {:.0f} % of a core. "
          "A closed loop sends less when the service is slow, so its latency flatters; --rate does not",
          scenario.load.closed->connections, busiest);
    }
    return;
  }
  for (const Finding& f : s.health) {
    if (f.status == Status::pass || f.id == "generator cpu") continue;
    s.generator_is_bottleneck = f.reason != "connections_exhausted";
    s.bottleneck = f.reason == "connections_exhausted"
                       ? fmt::format("{}; raise --connections, or the service cannot answer faster", f.sentence)
                       : fmt::format("The generator fell behind: {}", f.sentence);
    return;
  }
}

// Without a gate the load itself must have worked: a run in which nothing was answered as expected has failed.
void add_verdict(const Verdict& verdict, LoadSummary& s) {
  s.gates = verdict.findings;
  for (const Finding& f : verdict.health) {
    if (f.id.starts_with("generator ") && !s.closed_loop) s.health.push_back(f);
  }
  const auto any = [](const std::vector<Finding>& findings, Status status) {
    return std::ranges::any_of(findings, [&](const Finding& f) { return f.status == status; });
  };
  const bool sick = any(s.health, Status::inconclusive);
  if (s.gates.empty()) {
    s.status = s.planned == 0 ? Status::inconclusive
               : s.ok == 0    ? Status::fail
                              : (sick ? Status::inconclusive : Status::pass);
    s.headline = s.planned == 0 ? "Inconclusive: nothing was sent"
                 : s.ok == 0    ? "Failed: no request was answered as expected"
                 : sick         ? "Inconclusive: the generator was not well"
                                : "Done; no gate was set (--latency-limit, --max-errors, --max-drops)";
  } else {
    s.status = any(s.gates, Status::fail)                   ? Status::fail
               : any(s.gates, Status::inconclusive) || sick ? Status::inconclusive
                                                            : Status::pass;
    Verdict shown = verdict;
    shown.status = s.status;
    shown.causes.clear();
    s.headline = headline(shown);
  }
  s.exit_code = s.interrupted ? 130 : s.status == Status::pass ? 0 : s.status == Status::fail ? 1 : 4;
  if (s.interrupted) s.headline = "Interrupted: what was measured until then";
}

}  // namespace

LoadSummary build_load_summary(const RunInfo& info, const Scenario& scenario, const Timeline& timeline,
                               const Verdict& verdict, double cpu_seconds) {
  LoadSummary s;
  const Axis axis{timeline.load_started.value_or(RunTime{0})};
  s.target = info.target;
  s.request = request_words(scenario);
  s.closed_loop = scenario.load.closed.has_value();
  s.plan = plan_words(scenario);
  s.started = format_rfc3339(info.started + axis.origin, 3);
  s.interrupted = timeline.interrupted;
  s.tool_version = info.tool_version;
  add_counts(timeline, axis, s);
  add_slowest(timeline, axis, s);
  add_rates(scenario, timeline, s);
  s.generator = build_generator_health(timeline);
  s.cpu_seconds = cpu_seconds;
  if (s.sent > 0) s.cpu_us_per_request = cpu_seconds * 1e6 / static_cast<double>(s.sent);
  add_verdict(verdict, s);
  add_bottleneck(scenario, s);
  return s;
}

}  // namespace surgeproof::reports
