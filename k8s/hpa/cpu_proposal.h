// The proposal of a CPU metric from sums, for pods that all request the same: what by_utilization and
// by_resource_value come down to when nobody asks which pod it was. For simulations of many syncs.
#pragma once

#include <cstdint>
#include <optional>

#include "k8s/hpa/autoscaler.h"
#include "k8s/hpa/decision.h"

namespace surgeproof::hpa {

/// The target's pods, sorted as groupPods does (replica_calculator.go); ignored ones left out.
struct CpuPods {
  std::int64_t used_milli = 0;  ///< sum over the counted pods
  std::int64_t counted = 0;
  std::int64_t missing = 0;
  std::int64_t unready = 0;
  std::int64_t request_milli = 0;  ///< of each pod; utilization targets only
};

struct CpuProposal {
  std::optional<std::int32_t> replicas;     ///< empty: the metric fails
  std::optional<std::int32_t> utilization;  ///< whole percent, as in status.currentMetrics; utilization targets only
};

/// GetResourceReplicas and calcPlainMetricReplicas (replica_calculator.go) of Kubernetes 1.34, by the same operations.
CpuProposal propose_by_cpu(const CpuPods& pods, const MetricTarget& target, const Tolerances& tolerance,
                           std::int32_t spec_replicas);

}  // namespace surgeproof::hpa
