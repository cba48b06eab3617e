#include <algorithm>
#include <map>
#include <tuple>

#include "analyzers/merge.h"
#include "analyzers/timeline_parts.h"

namespace surgeproof {

std::vector<WatchGap> find_gaps(const Timeline& timeline) {
  std::vector<WatchGap> gaps;
  std::map<std::string, std::size_t> open;  // resource, index of its open gap
  std::map<std::string, bool> seen;
  for (const WatchState& s : timeline.watch_states) {
    const bool first = seen.emplace(s.resource, true).second;
    const auto gap = open.find(s.resource);
    if (gap != open.end()) {
      gaps[gap->second].interval.end = s.at;
      gaps[gap->second].open = false;
      open.erase(gap);
    } else if (first && s.kind == WatchState::Kind::synced && timeline.load_started && s.at > *timeline.load_started) {
      gaps.push_back({s.resource, {RunTime{}, s.at}, s.kind, "not listed yet", false});
    }
    if (s.kind == WatchState::Kind::synced) continue;
    open.emplace(s.resource, gaps.size());
    gaps.push_back({s.resource, {first ? RunTime{} : s.at, timeline.end}, s.kind, s.message, true});
  }
  sort_stably(gaps, [](const WatchGap& a, const WatchGap& b) {
    return std::tie(a.interval.begin, a.resource) < std::tie(b.interval.begin, b.resource);
  });
  return gaps;
}

std::optional<WallTime> estimate_server_zero(const Timeline& timeline) {
  // What a server reports at wall time r is observed at o >= r - zero, so every r - o is a lower bound of zero.
  std::optional<WallTime> zero;
  const auto note = [&](const Stamp& s) {
    if (!s.reported) return;
    const WallTime bound = *s.reported - s.observed;
    zero = zero ? std::max(*zero, bound) : bound;
  };
  for (const PodLife& pod : timeline.pods) {
    for (const auto& stamp : {pod.created, pod.scheduled, pod.started, pod.ready, pod.terminated}) {
      if (stamp) note(*stamp);
    }
  }
  for (const ClusterEvent& e : timeline.events) note(e.at);
  return zero;
}

}  // namespace surgeproof
