// A scripted API server with one HPA, its Deployment and two pods, and a watcher on it.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "k8s/watcher.h"
#include "tests/k8s/fake_api.h"
#include "tests/k8s/objects.h"
#include "tests/k8s/recorded.h"

namespace surgeproof::k8s {

inline const std::string kHpas = "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers";
inline const std::string kDeployments = "/apis/apps/v1/namespaces/todo/deployments";
inline const std::string kReplicaSets = "/apis/apps/v1/namespaces/todo/replicasets";
inline const std::string kPods = "/api/v1/namespaces/todo/pods";
inline const std::string kSlices = "/apis/discovery.k8s.io/v1/namespaces/todo/endpointslices";
inline const std::string kEvents = "/api/v1/namespaces/todo/events";
inline const std::string kMetrics = "/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods";

inline WatchOptions quick() {
  WatchOptions options;
  options.metrics_interval = std::chrono::milliseconds{50};
  options.backoff_first = std::chrono::milliseconds{20};
  options.backoff_last = std::chrono::milliseconds{100};
  return options;
}

class WatcherTest : public testing::Test {
 protected:
  WatcherTest() {
    api.set_list(kHpas, hpa_json("backend", 2, 2));
    api.set_list(kDeployments, deployment_json("backend", 2, 2));
    api.set_list(kReplicaSets, "");
    api.set_list(kPods, pod_json({.name = "backend-a"}) + "," + pod_json({.name = "backend-b"}));
    api.set_list(kSlices, slice_json("backend-x", "backend", "backend-a,backend-b") + "," +
                              slice_json("other-x", "other", "other-a"));
    api.set_list(kEvents, event_json("e1", "Pod", "backend-a", "Pulled", "2026-01-05T10:00:03Z") + "," +
                              event_json("e2", "Pod", "other-a", "Pulled", "2026-01-05T10:00:03Z"));
    api.set_list(kMetrics, metrics_json("backend-a", "2026-01-05T10:00:05Z", "180m"));
  }

  std::unique_ptr<Watcher> make(const std::string& hpa = "backend", WatchOptions options = quick()) {
    ClusterConfig config;
    config.server = api.url();
    config.ns = "todo";
    config.context = "test";
    config.origin = "the test";
    config.token = Secret("a-token-that-must-not-appear");
    const ClockAnchor anchor{std::chrono::steady_clock::now(),
                             std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{10}};
    std::vector<WatchRequest> requests{{"", hpa}};
    return std::make_unique<Watcher>(config, requests, anchor, recorded.sink(), options);
  }

  FakeApi api;
  Recorded recorded;
};

}  // namespace surgeproof::k8s
