#include "k8s/event_filter.h"

#include <algorithm>

namespace surgeproof::k8s {

/// ReplicaSets are not watched themselves: "backend-5d8f6c" is one of Deployment "backend", "backend-worker-5d8f6c"
/// not.
bool EventFilter::watched(const ObjectRef& object) const {
  if (objects_.contains(object)) return true;
  if (object.kind != "ReplicaSet") return false;
  const auto dash = object.name.rfind('-');
  return dash != std::string::npos && objects_.contains({"Deployment", object.ns, object.name.substr(0, dash)});
}

bool EventFilter::fresh(const ClusterEvent& event) {
  if (event.at.reported && *event.at.reported < oldest_) return false;
  const std::pair now{event.count, event.at.reported};
  if (const auto known = seen_.find(event.uid); known != seen_.end() && !event.uid.empty()) {
    if (known->second == now) return false;
    known->second = now;
    return true;
  }
  seen_.emplace(event.uid, now);
  return true;
}

std::vector<ClusterEvent> EventFilter::watch(const ObjectRef& object) {
  std::vector<ClusterEvent> out;
  if (!objects_.insert(object).second) return out;
  std::erase_if(waiting_, [&](const ClusterEvent& event) {
    if (!watched(event.regarding)) return false;
    if (fresh(event)) out.push_back(event);
    return true;
  });
  return out;
}

std::vector<ClusterEvent> EventFilter::take(ClusterEvent event) {
  if (!watched(event.regarding)) {
    waiting_.push_back(std::move(event));
    if (waiting_.size() > kMaxWaiting) waiting_.pop_front();
    return {};
  }
  if (!fresh(event)) return {};
  return {std::move(event)};
}

}  // namespace surgeproof::k8s
