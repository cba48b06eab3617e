#include "k8s/demo/controllers.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/deployment_plan.h"
#include "k8s/demo/endpoints_plan.h"
#include "k8s/demo/replica_set_plan.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

std::string text(const json::object& o, std::string_view path) { return std::string{text_at(o, path)}; }

}  // namespace

Controllers::Controllers(Store& store, EventQueue& queue, Times times, std::string node)
    : store_(store),
      queue_(queue),
      times_(times),
      node_(std::move(node)),
      deployment_events_(store, "deployment-controller"),
      replica_set_events_(store, "replicaset-controller"),
      scheduler_events_(store, "default-scheduler"),
      subscription_(store.subscribe([this](const Change& change) { notice(change); })) {
  wake();
}

Controllers::~Controllers() {
  store_.unsubscribe(subscription_);
  queue_.cancel(pass_);
}

void Controllers::notice(const Change& change) {
  if (change.resource == &types::kEvents || change.resource == &types::kHpas) return;
  wake();
}

void Controllers::wake() {
  if (awake_) return;
  awake_ = true;
  pass_ = queue_.in(times_.reaction, [this] {
    awake_ = false;
    pass();
  });
}

void Controllers::pass() {
  for (const ObjectPtr& d : store_.list(types::kDeployments)) reconcile_deployment(d);
  for (const ObjectPtr& rs : store_.list(types::kReplicaSets)) reconcile_replica_set(rs);
  for (const ObjectPtr& pod : store_.list(types::kPods)) schedule(pod);
  for (const ObjectPtr& service : store_.list(types::kServices)) reconcile_endpoints(service);
}

void Controllers::reconcile_deployment(const ObjectPtr& deployment) {
  const std::string ns = text(*deployment, "metadata.namespace");
  const std::string name = text(*deployment, "metadata.name");
  const auto sets = owned_by(*deployment, store_.list_in(types::kReplicaSets, ns));
  DeploymentPlan plan = plan_deployment(*deployment, sets, queue_.now());
  if (plan.create) (void)store_.create(types::kReplicaSets, *std::move(plan.create));
  for (const ReplicaSetScale& s : plan.scale) {
    (void)store_.modify(types::kReplicaSets, ns, s.name,
                        [&](json::object& rs) { ensure_object(rs, "spec")["replicas"] = s.replicas; });
  }
  for (const std::string& old : plan.remove) (void)store_.remove(types::kReplicaSets, ns, old);
  (void)store_.modify(types::kDeployments, ns, name, [&](json::object& d) {
    d["status"] = plan.status;
    if (!plan.revision.empty()) {
      ensure_object(d, "metadata.annotations")["deployment.kubernetes.io/revision"] = plan.revision;
    }
  });
  if (!plan.current.empty()) {
    (void)store_.modify(types::kReplicaSets, ns, plan.current, [&](json::object& rs) {
      ensure_object(rs, "metadata.annotations")["deployment.kubernetes.io/revision"] = plan.revision;
    });
  }
  for (const EventNote& note : plan.events) deployment_events_.record(*deployment, note);
}

void Controllers::reconcile_replica_set(const ObjectPtr& replica_set) {
  const std::string ns = text(*replica_set, "metadata.namespace");
  const std::string name = text(*replica_set, "metadata.name");
  const auto pods = owned_by(*replica_set, store_.list_in(types::kPods, ns));
  const ReplicaSetPlan plan = plan_replica_set(*replica_set, pods, queue_.now());
  for (std::int64_t i = 0; i < plan.create; ++i) {
    const auto pod = store_.create(types::kPods, pod_from_template(*replica_set));
    if (!pod) continue;
    replica_set_events_.record(
        *replica_set, {"Normal", "SuccessfulCreate", fmt::format("Created pod: {}", text_at(**pod, "metadata.name"))});
  }
  for (const std::string& pod : plan.remove) {
    if (!store_.remove(types::kPods, ns, pod)) continue;
    replica_set_events_.record(*replica_set, {"Normal", "SuccessfulDelete", fmt::format("Deleted pod: {}", pod)});
  }
  (void)store_.modify(types::kReplicaSets, ns, name, [&](json::object& rs) { rs["status"] = plan.status; });
}

void Controllers::reconcile_endpoints(const ObjectPtr& service) {
  const json::object& selector = object_at(*service, "spec.selector");
  if (selector.empty()) return;
  const Filter filter{
      .ns = text(*service, "metadata.namespace"), .labels = LabelSelector::from_map(selector), .fields = {}};
  json::object slice = plan_endpoint_slice(*service, store_.list(types::kPods, filter));
  const ObjectPtr old = store_.get(types::kEndpointSlices, filter.ns, text_at(slice, "metadata.name"));
  const bool same = old && array_at(*old, "endpoints") == array_at(slice, "endpoints") &&
                    array_at(*old, "ports") == array_at(slice, "ports");
  if (same) return;
  ensure_object(slice, "metadata.annotations")["endpoints.kubernetes.io/last-change-trigger-time"] =
      format_rfc3339(queue_.now(), 0);
  (void)store_.put(types::kEndpointSlices, std::move(slice));
}

void Controllers::schedule(const ObjectPtr& pod) {
  if (!text_at(*pod, "spec.nodeName").empty()) return;
  const std::string uid = text(*pod, "metadata.uid");
  if (!scheduling_.insert(uid).second) return;
  queue_.in(times_.schedule, [this, uid, ns = text(*pod, "metadata.namespace"), name = text(*pod, "metadata.name")] {
    scheduling_.erase(uid);
    bind(ns, name, uid);
  });
}

void Controllers::bind(const std::string& ns, const std::string& name, const std::string& uid) {
  const ObjectPtr pod = store_.get(types::kPods, ns, name);
  if (!pod || text_at(*pod, "metadata.uid") != uid) return;
  const auto bound = store_.modify(types::kPods, ns, name, [&](json::object& p) {
    ensure_object(p, "spec")["nodeName"] = node_;
    ensure_object(p, "status")["conditions"] =
        json::array{make_condition(p, "PodScheduled", true, "", "", queue_.now())};
  });
  if (!bound) return;
  scheduler_events_.record(**bound,
                           {"Normal", "Scheduled", fmt::format("Successfully assigned {}/{} to {}", ns, name, node_)});
}

}  // namespace surgeproof::demo
