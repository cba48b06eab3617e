// What a simulation needs to know: the load, the service's pods, and the machinery that scales them.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/autoscaler.h"
#include "k8s/hpa/settings.h"

namespace surgeproof::whatif {

/// Offered load in bins of equal width, from RunTime zero.
struct Demand {
  RunTime bin = std::chrono::seconds{1};
  std::vector<double> per_second;  ///< requests

  [[nodiscard]] RunTime length() const { return bin * static_cast<std::int64_t>(per_second.size()); }
  /// Zero outside.
  [[nodiscard]] double at(RunTime t) const;
  [[nodiscard]] double peak() const;
};

/// One pod, as alike to the others as pods of one Deployment are.
struct PodModel {
  double cpu_per_request_ms = 0;                                     ///< of one core; also millicore-seconds
  double idle_millicores = 0;                                        ///< without any request
  double most_millicores = std::numeric_limits<double>::infinity();  ///< where it saturates: limit, or seen
  std::int64_t request_millicores = 0;                               ///< cpu request of all its containers
  RunTime to_running{};                                              ///< from creation until its containers run
  RunTime to_ready{};                                                ///< from creation until it is Ready
  double base_latency_s = 0;                                         ///< p99 of a pod that is not busy
  double client_timeout_s = 10;                                      ///< what waits longer is lost

  /// Requests per second at which it saturates.
  [[nodiscard]] double most_per_second() const;
};

/// What one sample of a pod's CPU stands for.
struct MetricSample {
  RunTime end{};     ///< of the window
  RunTime window{};  ///< it is an average over this
  bool operator==(const MetricSample&) const = default;
};

/// What is served from one instant to the next round.
struct MetricRound {
  RunTime from{};
  std::vector<MetricSample> samples;  ///< of the pods, oldest first; more pods take them in turn; empty: none is served
  bool operator==(const MetricRound&) const = default;
};

/// The autoscaler and the metrics that it reads.
struct Loop {
  hpa::AutoscalerSpec spec;  ///< with the API server's defaults
  hpa::Settings settings;
  RunTime sync_period = std::chrono::seconds{15};
  RunTime first_sync{};  ///< the first one at or after zero
  /// As they were recorded, by time: where one is less than a second from what the period says, it stands for that. A
  /// window ends just before a sync or just after it.
  std::vector<RunTime> recorded_syncs;
  RunTime metric_resolution = std::chrono::seconds{15};  ///< a new sample of each pod this often
  RunTime metric_window = std::chrono::seconds{15};      ///< each an average over this
  RunTime metric_lag = std::chrono::seconds{1};          ///< from a window's end to its sample being served
  RunTime first_sample{};                                ///< end of the first window at or after zero
  /// As they were recorded, by time: they stand where the four above would. Before the first and beyond the last one
  /// they are repeated, shifted by a multiple of the sync period.
  std::vector<MetricRound> rounds;
  std::int32_t initial_replicas = 1;  ///< ready since long before zero
};

struct Service {
  Demand demand;
  PodModel pod;
  Loop loop;
};

}  // namespace surgeproof::whatif
