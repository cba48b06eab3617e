#include "k8s/demo/control_plane.h"

#include <boost/json.hpp>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/manifests.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace {

constexpr auto kTimeForTheHpa = std::chrono::seconds{4};

hpa::Settings settings_of(const ScalingOptions& s) {
  return {.cpu_initialization_period = s.cpu_initialization_period,
          .initial_readiness_delay = s.initial_readiness_delay,
          .downscale_stabilization = s.scale_down_window};
}

}  // namespace

ControlPlane::ControlPlane(const DemoOptions& o, EventQueue& queue, Store::Clock clock, Outside outside)
    : options_(o),
      queue_(queue),
      begun_(queue.now()),
      store_(std::move(clock), Store::Options{.seed = o.seed}),
      proxy_(store_, queue, o.name, o.proxy_lag, std::move(outside.apply_backends)),
      kubelet_(store_, queue, outside.runtime,
               Kubelet::Options{.node = kNodeName,
                                .start_time = o.pod.start_time,
                                .restart_delay = o.pod.restart_delay,
                                .take_address = std::move(outside.take_address),
                                .give_address = std::move(outside.give_address)}),
      controllers_(store_, queue, {.reaction = o.controller_delay, .schedule = o.pod.schedule_delay}, kNodeName),
      metrics_(
          store_, queue, kubelet_, outside.runtime,
          {.resolution = o.scaling.metric_resolution, .window = o.scaling.metric_window, .lag = o.scaling.metric_lag}),
      hpa_(store_, queue,
           {.sync_period = o.scaling.sync_period, .settings = settings_of(o.scaling), .metrics_available = [this] {
              return metrics_available();
            }}) {
  (void)store_.create(types::kNodes, node_manifest());
  for (const std::string& ns : {std::string{"default"}, o.ns}) {
    if (!store_.get(types::kNamespaces, "", ns)) (void)store_.create(types::kNamespaces, namespace_manifest(ns));
  }
  (void)store_.create(types::kServices, service_manifest(o));
  (void)store_.create(types::kDeployments, deployment_manifest(o, outside.container_port));
  (void)store_.create(types::kHpas, hpa_manifest(o));
}

bool ControlPlane::settled() const {
  const ObjectPtr d = store_.get(types::kDeployments, options_.ns, options_.name);
  const ObjectPtr h = store_.get(types::kHpas, options_.ns, options_.name);
  if (!d || !h) return false;
  if (int_at(*d, "status.readyReplicas").value_or(0) < int_at(*d, "spec.replicas").value_or(1)) return false;
  const auto active = condition_status(*h, "ScalingActive");
  return active == "True" || (!active.empty() && queue_.now() - begun_ >= kTimeForTheHpa);
}

void ControlPlane::set_warm() {
  kubelet_.set_warm();
  metrics_.set_warm();
  hpa_.set_warm();
}

}  // namespace surgeproof::demo
