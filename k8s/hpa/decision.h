// What one sync decided, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/autoscaler.h"

namespace surgeproof::hpa {

/// Share of the target by which the usage may be off without any change.
struct Tolerances {
  double down = 0.1;
  double up = 0.1;
  bool operator==(const Tolerances&) const = default;

  /// Tolerances.isWithin (replica_calculator.go): both bounds count as within.
  [[nodiscard]] bool within(double ratio) const { return (1.0 - down) <= ratio && ratio <= (1.0 + up); }
};

/// How the pods of the target were sorted for one metric (replica_calculator.go, groupPods). Names in the pods' order.
struct PodGroups {
  std::vector<std::string> counted;  ///< have a sample and are taken at its word
  std::vector<std::string> unready;  ///< Pending, or (cpu only) not ready for the first time yet
  std::vector<std::string> missing;  ///< no sample
  std::vector<std::string> ignored;  ///< being deleted, or Failed
  bool operator==(const PodGroups&) const = default;
};

/// Where a proposal came from.
enum class ProposalPath : std::uint8_t {
  none,                 ///< the metric failed
  within_tolerance,     ///< the ratio is near enough to 1: no change
  simple,               ///< nothing missing or unready: ceil(ratio * counted pods)
  recomputed,           ///< missing and unready pods filled in: ceil(new ratio * samples)
  recomputed_within,    ///< filled in, the ratio is near enough to 1 or on the other side of it: no change
  recomputed_contrary,  ///< filled in, the count would go against the ratio's direction: no change
  value_per_pod,        ///< AverageValue of Object and External: ceil(total / target)
  value,                ///< Value of Object and External: ceil(ratio * ready pods)
  from_zero,            ///< Value at zero replicas: ceil(ratio)
};

/// One metric of the (defaulted) spec.
struct MetricResult {
  MetricType type = MetricType::unknown;
  std::string name;                         ///< "cpu", "app/cpu" (container/resource), or the metric's name
  std::optional<std::int32_t> proposal;     ///< replicas that this metric alone asks for; empty if it fails
  std::optional<std::int32_t> utilization;  ///< whole percent, as in status.currentMetrics
  std::optional<std::int64_t> raw_average_milli;
  std::optional<std::int64_t> raw_value_milli;
  std::string description;  ///< as in the event: "cpu resource utilization (percentage of request)"
  std::string reason;       ///< "FailedGetResourceMetric", … if it fails
  std::string error;        ///< empty if it does not fail

  // For explanations.
  ProposalPath path = ProposalPath::none;
  PodGroups pods;                          ///< pod metrics only
  std::optional<double> ratio;             ///< usage / target
  std::optional<double> recomputed_ratio;  ///< after filling in missing and unready pods
  std::size_t samples = 0;                 ///< that the (recomputed) ratio stands on
  std::optional<std::int64_t> ready_pods;  ///< Value of Object and External: Running and Ready
  Tolerances tolerance;
};

/// Which rule had the last word on the count.
struct Limits {
  std::int32_t recommended = 0;  ///< the metrics' count, before window and limits
  std::int32_t stabilized = 0;   ///< after the stabilization window
  std::int32_t limited = 0;      ///< after rate, minimum and maximum
  bool with_behavior = false;
  std::optional<std::int32_t> rate_limit;  ///< the count that policies (or 2x, 4) allow in this direction
  std::string stabilization_reason;        ///< of AbleToScale: "ReadyForNewScale", "ScaleDownStabilized", …
  std::string limiting_reason;             ///< of ScalingLimited: "DesiredWithinRange", "ScaleUpLimit", …
};

struct EmittedEvent {
  std::string type;    ///< "Normal", "Warning"
  std::string reason;  ///< "SuccessfulRescale", …
  std::string message;
  bool operator==(const EmittedEvent&) const = default;
};

/// The outcome of Controller::sync.
struct Decision {
  std::optional<std::int32_t> current_replicas;  ///< the scale's spec.replicas as read; empty: not readable
  std::optional<std::int32_t> desired_replicas;  ///< … and after the sync
  bool rescaled = false;                         ///< the scale was written
  std::optional<std::string> rescale_reason;     ///< what follows "; reason: " in SuccessfulRescale; may be empty text
  std::optional<std::string> error;              ///< a sync can scale *and* end in an error
  std::vector<MetricResult> per_metric;          ///< empty: the sync did not come to the metrics
  std::optional<Limits> limits;                  ///< empty likewise, or when the metrics failed
  std::vector<EmittedEvent> events;              ///< in order
  AutoscalerStatus status;                       ///< of the HPA after the sync; feed it back into the next World
};

}  // namespace surgeproof::hpa
