#include <algorithm>

#include "analyzers/timeline_parts.h"

namespace surgeproof {
namespace {

// The instant at which an HPA first had the most ready pods of the surge; empty when it added none.
std::optional<RunTime> peak_reached(const HpaTrack& hpa, Interval surge) {
  const auto before = hpa.ready.at(surge.begin);
  const auto range = hpa.ready.range(surge);
  if (!range || (before && range->second <= *before)) return std::nullopt;
  return hpa.ready.first(surge, [&](int ready) { return ready >= range->second; });
}

// All that the HPA may have: there is no higher peak to come.
bool at_its_maximum(const HpaTrack& hpa, RunTime t) {
  const auto max = hpa.max_replicas.at(t);
  return max && hpa.ready.at(t).value_or(0) >= *max;
}

}  // namespace

void place_stages(Timeline& timeline, const Scenario& scenario) {
  timeline.stages.clear();
  timeline.surge.reset();
  timeline.surge_end.reset();
  if (!timeline.load_started) return;
  RunTime begin = *timeline.load_started;
  double rate = 0;
  double highest = 0;
  for (const Stage& s : scenario.load.stages) {
    const double rate_end = s.shape == Stage::Shape::pause ? 0.0 : s.rate.per_second;
    const double rate_begin = s.shape == Stage::Shape::ramp ? rate : rate_end;
    timeline.stages.push_back({s.name, {begin, begin + s.duration}, rate_begin, rate_end});
    highest = std::max(highest, rate_end);
    begin += s.duration;
    rate = rate_end;
  }
  for (const StageSpan& s : timeline.stages) {
    if (s.rate_end < highest) continue;
    if (!timeline.surge) timeline.surge = s.interval.begin;
    timeline.surge_end = s.interval.end;
  }
}

std::vector<Phase> find_phases(const Timeline& timeline) {
  std::vector<Phase> phases;
  if (!timeline.surge || !timeline.surge_end || !timeline.load_started) return phases;
  const RunTime end = timeline.end;
  const auto add = [&](Phase::Kind kind, RunTime begin, RunTime until, bool fixed) {
    if (begin < until && begin < end) phases.push_back({kind, {begin, std::min(until, end)}, fixed && until <= end});
  };
  add(Phase::Kind::baseline, *timeline.load_started, *timeline.surge, true);
  if (!timeline.hpas.empty()) {
    const Interval surge{*timeline.surge, std::min(*timeline.surge_end, end)};
    std::optional<RunTime> reached;
    for (const HpaTrack& hpa : timeline.hpas) {
      if (const auto peak = peak_reached(hpa, surge)) reached = std::max(reached.value_or(*peak), *peak);
    }
    const RunTime scaled = reached.value_or(*timeline.surge_end);
    const bool all_there = std::all_of(timeline.hpas.begin(), timeline.hpas.end(),
                                       [&](const HpaTrack& hpa) { return at_its_maximum(hpa, scaled); });
    add(Phase::Kind::scaling, *timeline.surge, scaled, all_there || end >= *timeline.surge_end);
    add(Phase::Kind::scaled, scaled, *timeline.surge_end, true);
  }
  // Open until nothing more is recorded.
  add(Phase::Kind::draining, *timeline.surge_end, std::max(end, *timeline.surge_end), timeline.complete);
  return phases;
}

}  // namespace surgeproof
