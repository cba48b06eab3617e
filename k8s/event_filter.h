// Which events regard watched objects. The events of a pod often arrive before the pod itself does, on another
// connection: those that regard nobody yet are kept for a while. Pure.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/records.h"

namespace surgeproof::k8s {

class EventFilter {
 public:
  explicit EventFilter(WallTime oldest) : oldest_(oldest) {}

  /// From now on events regarding `object` matter. Gives those that were waiting for it.
  std::vector<ClusterEvent> watch(const ObjectRef& object);
  /// The event if it matters and is new (by uid, count and time); else nothing.
  std::vector<ClusterEvent> take(ClusterEvent event);

  static constexpr std::size_t kMaxWaiting = 1000;

 private:
  [[nodiscard]] bool watched(const ObjectRef& object) const;
  [[nodiscard]] bool fresh(const ClusterEvent& event);

  WallTime oldest_;
  std::set<ObjectRef> objects_;
  std::deque<ClusterEvent> waiting_;
  std::map<std::string, std::pair<int, std::optional<WallTime>>> seen_;  // uid → count, time
};

}  // namespace surgeproof::k8s
