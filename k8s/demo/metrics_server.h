// metrics.k8s.io of the demo: the containers' CPU usage, averaged over a window, sampled at a fixed resolution and
// served a little later. So the HPA sees the past, as it does in a real cluster.
//
//   ├── window ──┤             usage = Δ(CPU time) / window
//   t−w          t ── lag ──► served, with timestamp t and its window
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>

#include "k8s/demo/api/store.h"
#include "k8s/demo/container_runtime.h"
#include "k8s/demo/event_queue.h"
#include "k8s/demo/kubelet.h"

namespace surgeproof::demo {

class MetricsServer {
 public:
  struct Options {
    std::chrono::nanoseconds resolution = std::chrono::seconds{15};
    std::chrono::nanoseconds window = std::chrono::seconds{15};
    std::chrono::nanoseconds lag = std::chrono::seconds{1};
  };
  MetricsServer(Store& store, EventQueue& queue, const Kubelet& kubelet, const ContainerRuntime& runtime,
                Options options);

  /// Until warm, samples come soon and over a short window: a cluster that has been running for a while.
  void set_warm() { warm_ = true; }

 private:
  struct Reading {
    WallTime at{};
    std::chrono::nanoseconds used{};
  };
  struct Sample {
    std::string ns;
    std::string pod;
    std::string container;
    WallTime timestamp{};
    std::chrono::nanoseconds window{};
    std::int64_t nanocores = 0;
  };

  void tick();
  void read_counters();
  [[nodiscard]] std::vector<Sample> averages(std::chrono::nanoseconds window) const;
  void publish(const std::vector<Sample>& samples);

  Store& store_;
  EventQueue& queue_;
  const Kubelet& kubelet_;
  const ContainerRuntime& runtime_;
  Options options_;
  bool warm_ = false;
  struct Container {
    Sample identity;
    std::deque<Reading> readings;
    bool early = false;  ///< there before the cluster was warm: need not be a whole window old
  };
  std::map<std::string, Container> containers_;  // by pod uid and restart
};

}  // namespace surgeproof::demo
