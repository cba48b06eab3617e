// The ReplicaSet controller's decision: which pods to make and which to delete. Pure. Follows
// pkg/controller/replicaset/replica_set.go and controller_utils.go (ActivePodsWithRanks).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

struct ReplicaSetPlan {
  std::int64_t create = 0;          ///< so many pods from pod_from_template
  std::vector<std::string> remove;  ///< pods to delete, gracefully
  boost::json::object status;
};

/// `pods` are those that it owns, terminating ones among them.
ReplicaSetPlan plan_replica_set(const boost::json::object& replica_set, const std::vector<ObjectPtr>& pods,
                                WallTime now);

/// A new pod of a ReplicaSet, as the API server would default it.
boost::json::object pod_from_template(const boost::json::object& replica_set);

}  // namespace surgeproof::demo
