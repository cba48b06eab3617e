#include "scenarios/plan.h"

#include <algorithm>
#include <cmath>

#include "scenarios/load_profile.h"

namespace surgeproof {

using std::chrono::nanoseconds;

nanoseconds plan_duration(const Scenario& scenario) {
  nanoseconds total{0};
  for (const auto& stage : scenario.load.stages) total += stage.duration;
  return total;
}

std::optional<Interval> stage_interval(const Scenario& scenario, std::string_view name) {
  nanoseconds at{0};
  for (const auto& stage : scenario.load.stages) {
    if (stage.name == name) return Interval{at, at + stage.duration};
    at += stage.duration;
  }
  return std::nullopt;
}

const Action* find_action(const Scenario& scenario, std::string_view name) {
  const auto it = std::find_if(scenario.actions.begin(), scenario.actions.end(),
                               [&](const Action& action) { return action.name == name; });
  return it == scenario.actions.end() ? nullptr : &*it;
}

nanoseconds resolve(const Scenario& scenario, const PlanInstant& instant) {
  if (!instant.action.empty()) {
    const auto* action = find_action(scenario, instant.action);
    return (action != nullptr ? resolve(scenario, action->at) : nanoseconds{0}) + instant.offset;
  }
  const auto stage = stage_interval(scenario, instant.stage);
  return (stage ? stage->begin : nanoseconds{0}) + instant.offset;
}

namespace {

struct PeakStages {
  nanoseconds begin{0};  // of the first stage that leads to the highest rate
  nanoseconds end{0};    // of the last stage at the highest rate
};

/// A ramp up to the highest rate leads there and ends at it; a ramp that starts from it is already on its way down.
PeakStages peak_stages(const Scenario& scenario) {
  const LoadProfile profile{scenario.load.stages};
  const double peak = profile.peak().per_second;
  PeakStages found;
  bool any = false;
  for (const auto& segment : profile.segments()) {
    if (segment.rate_end < peak) continue;
    if (!any) found.begin = segment.begin;
    found.end = segment.end;
    any = true;
  }
  return found;
}

}  // namespace

nanoseconds scale_up_start(const Scenario& scenario, const ScaleUpCriterion& criterion) {
  return criterion.from ? resolve(scenario, *criterion.from) : peak_stages(scenario).begin;
}

nanoseconds scale_down_start(const Scenario& scenario, const ScaleDownCriterion& criterion) {
  return criterion.from ? resolve(scenario, *criterion.from) : peak_stages(scenario).end;
}

std::string resolve_hpa(const Scenario& scenario, std::string_view named) {
  if (!named.empty()) return std::string{named};
  return scenario.watch.size() == 1 ? scenario.watch.front().hpa : std::string{};
}

std::int64_t needed_connections(Rate rate, nanoseconds latency) {
  const double exact = rate.per_second * (static_cast<double>(latency.count()) / 1e9);
  // A hair above a whole number is rounding, not one more connection.
  return static_cast<std::int64_t>(std::min(std::ceil(exact - 1e-9), 9e18));
}

}  // namespace surgeproof
