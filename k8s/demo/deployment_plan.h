// The Deployment controller's decision: from one Deployment and its ReplicaSets to what should be done now. Pure.
// Follows pkg/controller/deployment/rolling.go and sync.go for the RollingUpdate strategy.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/demo/api/store.h"
#include "k8s/demo/event_recorder.h"

namespace surgeproof::demo {

struct ReplicaSetScale {
  std::string name;
  std::int64_t replicas = 0;
};

struct DeploymentPlan {
  std::optional<boost::json::object> create;  ///< a ReplicaSet for the present template
  std::vector<ReplicaSetScale> scale;         ///< spec.replicas of ReplicaSets that are there
  std::vector<std::string> remove;            ///< ReplicaSets beyond revisionHistoryLimit
  std::string revision;                       ///< annotation deployment.kubernetes.io/revision
  std::string current;                        ///< the ReplicaSet of the present template, which gets it too
  boost::json::object status;
  std::vector<EventNote> events;
};

/// `replica_sets` are those that it owns.
DeploymentPlan plan_deployment(const boost::json::object& deployment, const std::vector<ObjectPtr>& replica_sets,
                               WallTime now);

/// "5d8f9b7c6d": the label pod-template-hash of a template.
std::string template_hash(const boost::json::object& pod_template);

}  // namespace surgeproof::demo
