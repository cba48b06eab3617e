#include "analyzers/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "analyzers/load_sum.h"
#include "analyzers/moment.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

constexpr double kSaturated = 0.9;        // of a core
constexpr std::uint64_t kFewWindows = 3;  // a shorter burst is no saturation
constexpr double kShareOfWindows = 0.01;  // that can move a p99
constexpr double kTolerableLoss = 0.001;  // of the planned requests
constexpr double kPoolFull = 0.95;        // of connections.max in flight

Finding health_finding(std::string id, std::string title, bool well, std::string reason, std::string sentence) {
  Finding f;
  f.id = std::move(id);
  f.title = std::move(title);
  f.status = well ? Status::pass : Status::inconclusive;
  f.reason = std::move(reason);
  f.sentence = std::move(sentence);
  return f;
}

Finding judge_schedule(const Scenario& scenario, const GeneratorState& g) {
  const std::string limit = format_duration(late_limit(scenario));
  const std::string observed = format_duration(g.schedule_error_p99);
  Finding f = health_finding(
      "generator schedule", "requests leave on time", !g.late, g.late ? "late" : "on_time",
      fmt::format("99 % of the requests were sent within {} of the planned instant (limit {})", observed, limit));
  if (g.exhausted) {
    f.reason = "connections_exhausted";
    f.sentence = fmt::format(
        "requests left late ({} at the 99th percentile, limit {}), because all {} connections were waiting for answers",
        observed, limit, scenario.connections.max);
  }
  f.observed = observed;
  f.limit = limit;
  f.margin = duration_margin(g.schedule_error_p99, late_limit(scenario));
  f.observed_value = to_seconds(g.schedule_error_p99);
  f.limit_value = to_seconds(late_limit(scenario));
  f.unit = "seconds";
  return f;
}

Finding judge_cpu(const GeneratorState& g) {
  Finding f = health_finding(
      "generator cpu", "the generator has CPU to spare", !g.saturated, g.saturated ? "saturated" : "idle_enough",
      fmt::format("the busiest worker used {} of a core at most, and more than {} in {}", percent(g.busiest_worker),
                  percent(kSaturated), plural(g.saturated_windows, "window")));
  f.observed = percent(g.busiest_worker);
  f.limit = percent(kSaturated);
  f.observed_value = g.busiest_worker;
  f.limit_value = kSaturated;
  f.unit = "ratio";
  return f;
}

Finding judge_demand(const GeneratorState& g) {
  const bool well = g.lost_share() <= kTolerableLoss;
  Finding f = health_finding("generator demand", "what was planned was sent", well, well ? "sent" : "unsent_demand",
                             fmt::format("{} of {} were lost in the generator ({})", g.lost,
                                         plural(g.planned, "planned request"), percent(g.lost_share())));
  f.observed = percent(g.lost_share());
  f.limit = percent(kTolerableLoss);
  f.observed_value = g.lost_share();
  f.limit_value = kTolerableLoss;
  f.unit = "ratio";
  return f;
}

std::string_view reason_of(WatchState::Kind kind) {
  switch (kind) {
    case WatchState::Kind::forbidden:
      return "forbidden";
    case WatchState::Kind::missing:
      return "missing";
    case WatchState::Kind::lost:
    case WatchState::Kind::synced:
      break;
  }
  return "watch_gap";
}

// One finding a resource: the longest gap speaks.
void judge_watch(const Timeline& timeline, std::vector<Finding>& findings) {
  struct Sum {
    RunTime length{};
    std::uint64_t count = 0;
    const WatchGap* longest = nullptr;
  };
  std::map<std::string, Sum> by_resource;
  for (const WatchGap& gap : timeline.gaps) {
    Sum& sum = by_resource[gap.resource];
    sum.length += gap.interval.length();
    ++sum.count;
    if (!sum.longest || gap.interval.length() > sum.longest->interval.length()) sum.longest = &gap;
  }
  for (const auto& [resource, sum] : by_resource) {
    const WatchGap& gap = *sum.longest;
    const std::string why = gap.message.empty() ? "" : ": " + gap.message;
    Finding f = health_finding("watch " + resource, resource + " can be seen", false, std::string(reason_of(gap.kind)),
                               fmt::format("{} could not be seen for {} ({}){}", resource, format_duration(sum.length),
                                           plural(sum.count, "gap"), why));
    f.observed = format_duration(sum.length);
    f.limit = "0s";
    f.observed_value = to_seconds(sum.length);
    f.limit_value = 0;
    f.unit = "seconds";
    f.evidence = gap.interval;
    findings.push_back(std::move(f));
  }
}

bool pool_full(const Scenario& scenario, const GeneratorSample& s) {
  return static_cast<double>(s.in_flight) >= kPoolFull * static_cast<double>(scenario.connections.max);
}

}  // namespace

RunTime late_limit(const Scenario& scenario) {
  RunTime limit = RunTime::max();
  for (const Criterion& c : scenario.criteria) {
    if (const auto* latency = std::get_if<LatencyCriterion>(&c.rule)) limit = std::min(limit, latency->limit);
  }
  constexpr RunTime kLeast = std::chrono::milliseconds{10};
  constexpr RunTime kWithoutLimit = std::chrono::milliseconds{50};
  return limit == RunTime::max() ? kWithoutLimit : std::max(kLeast, limit / 20);
}

GeneratorState generator_in(const Scenario& scenario, const Timeline& timeline, Interval span) {
  GeneratorState g;
  const LoadSum load = count_load(timeline, {span});
  g.planned = load.planned;
  g.lost = load.lost();
  const auto before = [](const GeneratorSample& s, RunTime t) { return s.begin < t; };
  auto it = std::lower_bound(timeline.generator.begin(), timeline.generator.end(), span.begin, before);
  Histogram error;
  std::uint64_t windows = 0;
  std::uint64_t with_backlog = 0;
  std::uint64_t full = 0;
  for (; it != timeline.generator.end() && it->begin < span.end; ++it) {
    ++windows;
    error.merge(it->schedule_error);
    g.busiest_worker = std::max(g.busiest_worker, it->busiest_worker);
    g.saturated_windows += it->busiest_worker > kSaturated ? 1 : 0;
    with_backlog += it->backlog > 0 ? 1 : 0;
    full += it->backlog > 0 && pool_full(scenario, *it) ? 1 : 0;
  }
  g.seen = windows > 0;
  g.schedule_error_p99 = error.quantile(0.99).value_or(std::chrono::microseconds{0});
  g.late = g.schedule_error_p99 > late_limit(scenario);
  g.saturated = g.saturated_windows >= kFewWindows &&
                static_cast<double>(g.saturated_windows) >= kShareOfWindows * static_cast<double>(windows);
  g.exhausted = g.late && !g.saturated && full > 0 && 2 * full >= with_backlog;
  return g;
}

std::vector<Finding> judge_health(const Scenario& scenario, const Timeline& timeline) {
  std::vector<Finding> findings;
  if (const auto load = timeline.load_interval()) {
    const GeneratorState g = generator_in(scenario, timeline, *load);
    if (g.seen) {
      findings.push_back(judge_schedule(scenario, g));
      findings.push_back(judge_cpu(g));
    }
    if (g.planned > 0) findings.push_back(judge_demand(g));
    for (Finding& f : findings) {
      f.evidence = *load;
      f.decided = timeline.complete || timeline.load_finished.has_value();
    }
  }
  std::ranges::move(judge_actions(scenario, timeline), std::back_inserter(findings));
  judge_watch(timeline, findings);
  return findings;
}

}  // namespace surgeproof
