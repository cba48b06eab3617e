#include "k8s/demo/replica_set_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::int64_t restarts(const json::object& pod) {
  std::int64_t n = 0;
  for (const json::value& v : array_at(pod, "status.containerStatuses")) {
    if (v.is_object()) n = std::max(n, int_at(v.get_object(), "restartCount").value_or(0));
  }
  return n;
}

bool has_been_ready_for(const json::object& pod, std::int64_t seconds, WallTime now) {
  if (!is_pod_ready(pod)) return false;
  if (seconds == 0) return true;
  const auto since = parse_rfc3339(condition_transition(pod, "Ready"));
  return since && *since + std::chrono::seconds{seconds} <= now;
}

/// Who goes first: not on a node, pending, not ready, ready for a shorter time, restarted more often, younger.
bool goes_before(const ObjectPtr& a, const ObjectPtr& b) {
  const auto key = [](const json::object& pod) {
    const bool bound = !text_at(pod, "spec.nodeName").empty();
    const bool running = text_at(pod, "status.phase") == "Running";
    return std::tuple{bound, running, is_pod_ready(pod)};
  };
  if (key(*a) != key(*b)) return key(*a) < key(*b);
  const auto ready_a = condition_transition(*a, "Ready");
  const auto ready_b = condition_transition(*b, "Ready");
  if (is_pod_ready(*a) && ready_a != ready_b) return ready_a > ready_b;
  if (restarts(*a) != restarts(*b)) return restarts(*a) > restarts(*b);
  const auto age = [](const json::object& pod) {
    return std::tuple{text_at(pod, "metadata.creationTimestamp"), text_at(pod, "metadata.name")};
  };
  return age(*a) > age(*b);
}

}  // namespace

ReplicaSetPlan plan_replica_set(const json::object& replica_set, const std::vector<ObjectPtr>& pods, WallTime now) {
  ReplicaSetPlan plan;
  std::vector<ObjectPtr> active;
  std::ranges::copy_if(pods, std::back_inserter(active),
                       [](const ObjectPtr& p) { return !is_terminating(*p) && !is_pod_finished(*p); });
  const std::int64_t want = int_at(replica_set, "spec.replicas").value_or(1);
  const auto have = static_cast<std::int64_t>(active.size());
  if (!is_terminating(replica_set) && have < want) plan.create = want - have;
  if (have > want) {
    std::ranges::sort(active, goes_before);
    for (std::int64_t i = 0; i < have - want; ++i) {
      plan.remove.emplace_back(text_at(*active[static_cast<std::size_t>(i)], "metadata.name"));
    }
  }
  const std::int64_t min_ready = int_at(replica_set, "spec.minReadySeconds").value_or(0);
  const auto ready = std::ranges::count_if(active, [](const ObjectPtr& p) { return is_pod_ready(*p); });
  const auto available =
      std::ranges::count_if(active, [&](const ObjectPtr& p) { return has_been_ready_for(*p, min_ready, now); });
  plan.status = {{"replicas", have}, {"observedGeneration", int_at(replica_set, "metadata.generation").value_or(0)}};
  if (have > 0) plan.status["fullyLabeledReplicas"] = have;
  if (ready > 0) plan.status["readyReplicas"] = ready;
  if (available > 0) plan.status["availableReplicas"] = available;
  return plan;
}

json::object pod_from_template(const json::object& replica_set) {
  json::object pod = object_at(replica_set, "spec.template");
  json::object& metadata = ensure_object(pod, "metadata");
  metadata.erase("creationTimestamp");
  metadata["generateName"] = fmt::format("{}-", text_at(replica_set, "metadata.name"));
  metadata["namespace"] = text_at(replica_set, "metadata.namespace");
  metadata["ownerReferences"] = owner_references(replica_set);
  pod["status"] = json::object{{"phase", "Pending"}, {"qosClass", "Burstable"}};
  return pod;
}

}  // namespace surgeproof::demo
