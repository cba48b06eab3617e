#include "analyzers/causes/moments.h"

#include <algorithm>

namespace surgeproof {

PodMoments::PodMoments(const Timeline& timeline) {
  using Kind = PodMoment::Kind;
  for (const PodLife& pod : timeline.pods) {
    if (pod.in_endpoints) {
      moments_.push_back({*pod.in_endpoints, Kind::ready, &pod, nullptr});
    } else if (pod.ready && !pod.before_watch) {
      moments_.push_back({pod.ready->observed, Kind::ready, &pod, nullptr});
    }
    if (pod.deletion_requested) moments_.push_back({pod.deletion_requested->observed, Kind::deletion, &pod, nullptr});
    if (pod.terminated) {
      moments_.push_back({pod.terminated->observed, Kind::ended, &pod, nullptr});
    } else if (pod.deletion_requested && pod.deletion_grace) {
      const RunTime over = pod.deletion_requested->observed + *pod.deletion_grace;
      if (over <= timeline.end) moments_.push_back({over, Kind::ended, &pod, nullptr});
    }
    for (const ContainerEnd& end : pod.ends) {
      if (is_crash(pod, end)) moments_.push_back({end.observed, Kind::crashed, &pod, &end});
    }
  }
  std::sort(moments_.begin(), moments_.end(), [](const PodMoment& a, const PodMoment& b) { return a.at < b.at; });
}

const PodMoment* PodMoments::near(PodMoment::Kind kind, RunTime t, RunTime before, RunTime after,
                                  const std::string& pod) const {
  const auto fits = [&](const PodMoment& m) { return m.kind == kind && (pod.empty() || m.pod->name == pod); };
  const auto later =
      std::upper_bound(moments_.begin(), moments_.end(), t, [](RunTime x, const PodMoment& m) { return x < m.at; });
  for (auto it = later; it != moments_.begin() && std::prev(it)->at >= t - before; --it) {
    if (fits(*std::prev(it))) return &*std::prev(it);
  }
  for (auto it = later; it != moments_.end() && it->at <= t + after; ++it) {
    if (fits(*it)) return &*it;
  }
  return nullptr;
}

}  // namespace surgeproof
