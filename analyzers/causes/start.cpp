// Pods were made but were not ready in time: no node for them, or a slow start.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

//                                     up  down latency errors drops replicas
constexpr Weights kUnschedulable{95, 0, 75, 40, 25, 60};
constexpr Weights kSlowStart{85, 0, 75, 40, 25, 50};

bool is_new(const PodLife& pod, const ScaleLook& look) {
  return pod.hpa == look.hpa->name && pod.ns == look.hpa->ns && pod.created &&
         pod.created->observed >= look.look.begin && pod.created->observed <= look.look.end;
}

// Between two instants of a pod, cut at the end of the look when the second did not come.
RunTime spent(const std::optional<Stamp>& from, const std::optional<Stamp>& to, RunTime end) {
  if (!from || from->observed > end) return RunTime{};
  return (to ? std::min(to->observed, end) : end) - from->observed;
}

void unschedulable(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues) {
  constexpr RunTime kSlowScheduling = std::chrono::seconds{5};
  Cause cause{"unschedulable",  "", "add nodes or room on them (requests, taints, quota, the node autoscaler's speed)",
              Confidence::high, 0,  {}};
  for (const PodLife& pod : facts.timeline.pods) {
    if (!is_new(pod, look) || spent(pod.created, pod.scheduled, look.look.end) < kSlowScheduling) continue;
    ++cause.count;
    if (cause.evidence.size() < 3) {
      cause.evidence.push_back(fmt::format("pod {} waited {} for a node: {}", pod.name,
                                           format_duration(spent(pod.created, pod.scheduled, look.look.end)),
                                           pod.scheduling_message.empty() ? "no reason seen" : pod.scheduling_message));
    }
  }
  if (cause.count == 0 || look.reached) return;
  cause.sentence = fmt::format("{} of {} found no node in time", plural(cause.count, "new pod"), look.hpa->name);
  clues.push_back({std::move(cause), kUnschedulable, look.hpa->name});
}

std::string tell(const PodLife& pod, RunTime end) {
  return fmt::format("pod {}: {} from creation to started, {} from started to {}", pod.name,
                     format_duration(spent(pod.created, pod.started, end)),
                     format_duration(spent(pod.started, pod.ready, end)),
                     pod.ready && pod.ready->observed <= end ? "ready" : "the deadline, still not ready");
}

void slow_start(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues) {
  if (look.reached || !look.to) return;
  RunTime longest{};
  int still = 0;  // not ready at the deadline
  Cause cause{"pods_start_slowly",
              "",
              "make the start faster (image pull, warm-up, probe delays), or scale up earlier with a lower target",
              Confidence::probable,
              0,
              {}};
  for (const PodLife& pod : facts.timeline.pods) {
    if (!is_new(pod, look) || (pod.gone && *pod.gone <= look.look.end)) continue;
    const RunTime took = spent(pod.scheduled, pod.ready, look.look.end);
    // A third of the time allowed is much for one pod, when metric and decision need theirs, too.
    if (3 * took < look.look.length() && (!look.path.slowest() || look.path.slowest()->code != "readiness")) continue;
    longest = std::max(longest, took);
    still += pod.ready && pod.ready->observed <= look.look.end ? 0 : 1;
    ++cause.count;
    if (cause.evidence.size() < 3) cause.evidence.push_back(tell(pod, look.look.end));
  }
  if (cause.count == 0 || longest == RunTime{}) return;
  if (look.path.most_wanted >= *look.to) cause.confidence = Confidence::high;
  const std::string late = still > 0 ? fmt::format("not ready {} after they had a node", format_duration(longest))
                                     : fmt::format("ready only {} after they had a node", format_duration(longest));
  cause.sentence = fmt::format("{} of {} {} {}", plural(cause.count, "new pod"), look.hpa->name,
                               cause.count == 1 ? "was" : "were", late);
  clues.push_back({std::move(cause), kSlowStart, look.hpa->name});
}

}  // namespace

void clues_from_start(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues) {
  unschedulable(facts, look, clues);
  slow_start(facts, look, clues);
}

}  // namespace surgeproof
