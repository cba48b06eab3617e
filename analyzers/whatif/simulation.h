// What the autoscaler would have done: the controller's model in a closed loop with pods and their metrics.
//
//   demand ──▶ ready pods share it ──▶ CPU (up to saturation; the rest queues) ──▶ samples, averaged and late
//     ▲                                                                                  │
//     └───── pods start and become ready ◀── replicas ◀── window, policies, limits ◀── proposal
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzers/whatif/service.h"
#include "base/run_time.h"

namespace surgeproof::whatif {

struct SimulatedSync {
  RunTime at{};
  std::int32_t current = 0;                 ///< spec.replicas before the sync
  std::int32_t desired = 0;                 ///< and after it
  std::int32_t ready = 0;                   ///< pods
  std::optional<std::int32_t> utilization;  ///< whole percent; empty: the metric failed, or has no such target
  bool operator==(const SimulatedSync&) const = default;
};

/// Replicas from one instant to the next.
struct ReplicaChange {
  RunTime at{};
  std::int32_t wanted = 0;
  std::int32_t ready = 0;
  bool operator==(const ReplicaChange&) const = default;
};

/// One bin of the demand, as the pods got through it.
struct ServedBin {
  float wait_s = 0;       ///< of a request that comes at its end: backlog / capacity
  float lost = 0;         ///< requests that waited longer than the client does
  float utilization = 0;  ///< share of what the ready pods can do at most, 0 to 1
};

struct Simulation {
  std::vector<ReplicaChange> replicas;  ///< from zero on
  std::vector<SimulatedSync> syncs;
  std::vector<ServedBin> bins;  ///< one for each of the demand's
  double replica_seconds = 0;   ///< ready pods, summed
  double wanted_replica_seconds = 0;
  double under_capacity_s = 0;  ///< while more was offered than the ready pods can do
  double lost_requests = 0;
  double worst_wait_s = 0;
  double peak_utilization = 0;  ///< of the request (percent), over a bin
  int changes = 0;              ///< of the replicas wanted
  int reversals = 0;            ///< of those, against the direction of the one before
  RunTime end{};

  /// The first instant from `from` on with so many ready pods.
  [[nodiscard]] std::optional<RunTime> ready_from(std::int32_t count, RunTime from) const;
  /// The first instant from `from` on with at most so many wanted.
  [[nodiscard]] std::optional<RunTime> wanted_down_to(std::int32_t count, RunTime from) const;
  [[nodiscard]] std::int32_t wanted_at(RunTime t) const;
  [[nodiscard]] std::int32_t ready_at(RunTime t) const;
  [[nodiscard]] std::int32_t most_ready() const;
};

/// Which metric of the spec the simulation follows: the first of the CPU; null when there is none.
const hpa::MetricSpec* simulated_metric(const hpa::AutoscalerSpec& spec);

/// Room for repeated simulations.
struct SimulationBuffers {
  std::vector<std::pair<double, double>> used;  ///< (seconds, CPU of one ready pod summed until then)
};

/// The whole demand. The spec must have a CPU metric (simulated_metric). Pure.
Simulation simulate(const Service& service, SimulationBuffers& buffers);
Simulation simulate(const Service& service);

}  // namespace surgeproof::whatif
