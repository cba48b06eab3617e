// The cluster without its sockets: store, controllers, kubelet, metrics and HPA loop on one queue of virtual time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "k8s/demo/api/store.h"
#include "k8s/demo/container_runtime.h"
#include "k8s/demo/controllers.h"
#include "k8s/demo/demo_options.h"
#include "k8s/demo/event_queue.h"
#include "k8s/demo/hpa_loop.h"
#include "k8s/demo/kubelet.h"
#include "k8s/demo/metrics_server.h"
#include "k8s/demo/service_proxy.h"

namespace surgeproof::demo {

class ControlPlane {
 public:
  struct Outside {
    ContainerRuntime& runtime;
    ServiceProxy::Apply apply_backends;
    std::function<std::string()> take_address;
    std::function<void(const std::string&)> give_address;
    std::uint16_t container_port = 8080;
  };
  /// Applies the demo's manifests; what follows happens as `queue` is stepped. The store's clock is `clock`.
  ControlPlane(const DemoOptions& options, EventQueue& queue, Store::Clock clock, Outside outside);

  [[nodiscard]] Store& store() { return store_; }
  /// Every wanted pod is Ready, and the HPA is active, or has had its time.
  [[nodiscard]] bool settled() const;
  /// From now on pods take their time to start.
  void set_warm();
  [[nodiscard]] bool metrics_available() const { return options_.scaling.metrics_available; }

 private:
  DemoOptions options_;
  EventQueue& queue_;
  WallTime begun_;
  Store store_;
  ServiceProxy proxy_;
  Kubelet kubelet_;
  Controllers controllers_;
  MetricsServer metrics_;
  HpaLoop hpa_;
};

}  // namespace surgeproof::demo
