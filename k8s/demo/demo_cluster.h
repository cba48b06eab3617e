// A Kubernetes cluster in a thread: API server, controllers, kubelet, metrics and HPA loop over real HTTP pods on
// loopback addresses of their own, behind a loopback load balancer.
//
//   generator ──► 127.0.0.1:service ─ load balancer ──► 127.x.y.2:8080  pod
//                                          ▲       └──► 127.x.y.3:8080  pod
//   kubectl  ──►  127.0.0.1:api ─ API ─ store ─ controllers, kubelet, HPA loop
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "k8s/demo/demo_options.h"

namespace surgeproof::demo {

class DemoCluster {
 public:
  explicit DemoCluster(DemoOptions options);
  DemoCluster(const DemoCluster&) = delete;
  DemoCluster& operator=(const DemoCluster&) = delete;
  /// Stops.
  ~DemoCluster();

  /// Takes its ports, starts its thread, and returns when the first pods are Ready and behind the load balancer.
  /// Throws std::runtime_error (a sentence for people) when a port is taken or nothing became Ready within 20 s.
  void start();
  /// Closes every connection and joins the thread. Idempotent.
  void stop();

  // From start() on:

  [[nodiscard]] std::string api_url() const;      ///< "http://127.0.0.1:40123"
  [[nodiscard]] std::string service_url() const;  ///< "http://127.0.0.1:40124"
  /// A complete kubeconfig whose current context is this cluster, with its namespace.
  [[nodiscard]] std::string kubeconfig_text() const;
  [[nodiscard]] const DemoOptions& options() const;

 private:
  class Runtime;  // the thread and everything that it owns
  DemoOptions options_;
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace surgeproof::demo
