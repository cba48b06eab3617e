#include <algorithm>
#include <map>
#include <tuple>

#include "analyzers/merge.h"
#include "analyzers/timeline_parts.h"

namespace surgeproof {

std::vector<WatchGap> find_gaps(const Timeline& timeline) {
  std::vector<WatchGap> gaps;
  using Key = std::tuple<std::string, std::string, std::string>;  // resource, namespace, HPA
  std::map<Key, std::size_t> open;                                // index of its open gap
  std::map<Key, bool> seen;
  for (const WatchState& s : timeline.watch_states) {
    const Key key{s.resource, s.ns, s.hpa};
    const bool first = seen.emplace(key, true).second;
    const auto gap = open.find(key);
    if (gap != open.end()) {
      gaps[gap->second].interval.end = s.at;
      gaps[gap->second].open = false;
      open.erase(gap);
    } else if (first && s.kind == WatchState::Kind::synced && timeline.load_started && s.at > *timeline.load_started) {
      gaps.push_back({s.resource, {RunTime{}, s.at}, s.kind, "not listed yet", false, s.ns, s.hpa});
    }
    if (s.kind == WatchState::Kind::synced) continue;
    open.emplace(key, gaps.size());
    gaps.push_back({s.resource, {first ? RunTime{} : s.at, timeline.end}, s.kind, s.message, true, s.ns, s.hpa});
  }
  sort_stably(gaps, [](const WatchGap& a, const WatchGap& b) {
    return std::tie(a.interval.begin, a.resource, a.ns, a.hpa) < std::tie(b.interval.begin, b.resource, b.ns, b.hpa);
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
