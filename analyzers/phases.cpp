#include <algorithm>

#include "analyzers/timeline_parts.h"
#include "scenarios/surges.h"

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
  timeline.surges.clear();
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
  for (const Interval& surge : surges_of(scenario.load)) {
    timeline.surges.push_back({*timeline.load_started + surge.begin, *timeline.load_started + surge.end});
  }
  for (const StageSpan& s : timeline.stages) {
    if (s.rate_end < highest) continue;
    if (!timeline.surge) timeline.surge = s.interval.begin;
    timeline.surge_end = s.interval.end;
  }
}

namespace {

// When no HPA has more pods than it had before the surge; empty while one has.
std::optional<RunTime> drained(const Timeline& timeline, Interval surge, RunTime until) {
  RunTime last = surge.end;
  for (const HpaTrack& hpa : timeline.hpas) {
    const Steps<int>& pods = hpa.pods.empty() ? hpa.wanted() : hpa.pods;
    const auto before = pods.at(surge.begin);
    if (!before) continue;
    const auto back = pods.first({surge.end, until}, [&](int n) { return n <= *before; });
    if (!back) return std::nullopt;
    last = std::max(last, *back);
  }
  return last;
}

class PhaseFinder {
 public:
  explicit PhaseFinder(const Timeline& timeline) : t_(timeline) {}

  std::vector<Phase> find() {
    RunTime quiet = *t_.load_started;
    for (std::size_t i = 0; i < t_.surges.size(); ++i) {
      const Interval& surge = t_.surges[i];
      round_ = t_.surges.size() == 1 ? 0 : static_cast<int>(i) + 1;
      add(Phase::Kind::baseline, quiet, surge.begin, true);
      if (!t_.hpas.empty()) scale(surge);
      const bool last = i + 1 == t_.surges.size();
      if (last) {  // open until nothing more is recorded
        add(Phase::Kind::draining, surge.end, std::max(t_.end, surge.end), t_.complete);
        break;
      }
      const RunTime next = t_.surges[i + 1].begin;
      const auto empty = drained(t_, surge, std::min(next, t_.end));
      quiet = empty.value_or(next);
      add(Phase::Kind::draining, surge.end, quiet, empty.has_value() || t_.end >= next);
    }
    return std::move(phases_);
  }

 private:
  void add(Phase::Kind kind, RunTime begin, RunTime until, bool fixed) {
    if (begin >= until || begin >= t_.end) return;
    phases_.push_back({kind, {begin, std::min(until, t_.end)}, fixed && until <= t_.end, round_});
  }

  void scale(Interval surge) {
    const Interval seen{surge.begin, std::min(surge.end, t_.end)};
    std::optional<RunTime> reached;
    for (const HpaTrack& hpa : t_.hpas) {
      if (const auto peak = peak_reached(hpa, seen)) reached = std::max(reached.value_or(*peak), *peak);
    }
    const RunTime scaled = reached.value_or(surge.end);
    const bool all_there =
        std::all_of(t_.hpas.begin(), t_.hpas.end(), [&](const HpaTrack& hpa) { return at_its_maximum(hpa, scaled); });
    add(Phase::Kind::scaling, surge.begin, scaled, all_there || t_.end >= surge.end);
    add(Phase::Kind::scaled, scaled, surge.end, true);
  }

  const Timeline& t_;
  int round_ = 0;
  std::vector<Phase> phases_;
};

}  // namespace

std::vector<Phase> find_phases(const Timeline& timeline) {
  if (!timeline.load_started) return {};
  return PhaseFinder(timeline).find();
}

}  // namespace surgeproof
