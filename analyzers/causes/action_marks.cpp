#include "analyzers/causes/action_marks.h"

#include "analyzers/timeline.h"

namespace surgeproof {
namespace {

constexpr std::chrono::seconds kScaleTakes{15};  // from the new number to the last deletion
constexpr std::chrono::seconds kLead{1};         // the watch may tell before the API server's answer came

bool is_pod_of(const Timeline& t, const PodLife& pod, const ObjectRef& workload) {
  const HpaTrack* hpa = t.hpa(pod.hpa);
  return hpa != nullptr && hpa->target.kind == workload.kind && hpa->target.name == workload.name &&
         (workload.ns.empty() || workload.ns == pod.ns);
}

}  // namespace

ActionMarks::ActionMarks(const Timeline& t) {
  for (const ActionSample& action : t.actions) {  // by time: a later one has the last word
    if (action.state != ActionSample::State::done || !action.begun) continue;
    if (action.kind == "delete_pod") {
      by_pod_[action.object.name] = action.name;
      continue;
    }
    for (const PodLife& pod : t.pods) {
      if (!pod.deletion_requested || !is_pod_of(t, pod, action.object)) continue;
      const RunTime deleted = pod.deletion_requested->observed;
      const bool was_there = pod.before_watch || (pod.created && pod.created->observed < *action.begun);
      const bool follows =
          deleted >= *action.begun - kLead && (action.kind == "restart" || deleted <= *action.begun + kScaleTakes);
      const auto named = by_pod_.find(pod.name);
      const bool by_name = named != by_pod_.end() && t.action(named->second)->kind == "delete_pod";
      if (was_there && follows && !by_name) by_pod_[pod.name] = action.name;
    }
  }
}

const std::string* ActionMarks::of(const std::string& pod) const {
  const auto it = by_pod_.find(pod);
  return it == by_pod_.end() ? nullptr : &it->second;
}

}  // namespace surgeproof
