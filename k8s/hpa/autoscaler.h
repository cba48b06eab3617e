// The HorizontalPodAutoscaler object, typed: what autoscaling/v2 says, and the API server's defaults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/selector.h"

namespace surgeproof::hpa {

/// "apps/v1", "Deployment", "web"
struct ObjectReference {
  std::string api_version;
  std::string kind;
  std::string name;
  bool operator==(const ObjectReference&) const = default;
};

enum class MetricType : std::uint8_t {
  resource,            ///< cpu or memory of the whole pod
  container_resource,  ///< cpu or memory of one container
  pods,                ///< a custom metric of every pod
  object,              ///< a custom metric of one object
  external,            ///< a metric from outside the cluster
  unknown,             ///< anything else; always fails
};

/// "Resource", "ContainerResource", …; "" for unknown.
std::string_view name_of(MetricType type);

/// autoscaling/v2 MetricTarget. Quantities in thousandths.
struct MetricTarget {
  std::string type;  ///< "Utilization", "Value", "AverageValue"
  std::optional<std::int32_t> average_utilization_percent;
  std::optional<std::int64_t> average_value_milli;
  std::optional<std::int64_t> value_milli;
  bool operator==(const MetricTarget&) const = default;
};

/// One entry of spec.metrics.
struct MetricSpec {
  MetricType type = MetricType::unknown;
  std::string type_name;                       ///< as written, for an unknown type
  std::string name;                            ///< the resource's or the metric's
  std::string container;                       ///< container_resource only
  ObjectReference described_object;            ///< object only
  std::optional<StructuredSelector> selector;  ///< of the metric: pods, object, external
  MetricTarget target;
  bool operator==(const MetricSpec&) const = default;

  /// For people: the name, with the container before it: "app/cpu".
  [[nodiscard]] std::string label() const { return container.empty() ? name : container + "/" + name; }
};

enum class PolicySelect : std::uint8_t {
  max,       ///< the policy that allows the greatest change
  min,       ///< the policy that allows the smallest change
  disabled,  ///< no change in this direction
};

struct ScalingPolicy {
  enum class Kind : std::uint8_t {
    pods,     ///< `value` is a count of replicas
    percent,  ///< `value` is percent of the replicas at the period's start
    other,    ///< refused by API servers; repeats the policy before it, as in the original
  };
  Kind kind = Kind::pods;
  std::int32_t value = 0;
  std::int32_t period_seconds = 0;
  bool operator==(const ScalingPolicy&) const = default;
};

/// behavior.scaleUp or .scaleDown
struct ScalingRules {
  std::optional<std::int32_t> stabilization_window_seconds;
  std::optional<PolicySelect> select_policy;
  std::optional<std::vector<ScalingPolicy>> policies;
  std::optional<double> tolerance;  ///< share, as resource.Quantity.AsApproximateFloat64 gives it
  bool operator==(const ScalingRules&) const = default;
};

struct Behavior {
  std::optional<ScalingRules> scale_up;
  std::optional<ScalingRules> scale_down;
  bool operator==(const Behavior&) const = default;
};

struct AutoscalerSpec {
  ObjectReference target;
  std::optional<std::int32_t> min_replicas;
  std::int32_t max_replicas = 0;
  std::vector<MetricSpec> metrics;
  std::optional<Behavior> behavior;
  bool operator==(const AutoscalerSpec&) const = default;
};

struct AutoscalerCondition {
  std::string type;    ///< "AbleToScale", "ScalingActive", "ScalingLimited"
  std::string status;  ///< "True", "False", "Unknown"
  std::string reason;
  std::string message;
  std::optional<WallTime> last_transition;
  bool operator==(const AutoscalerCondition&) const = default;
};

/// One entry of status.currentMetrics. `type` unknown: the metric failed, and the entry is empty, as in the original.
struct MetricStatus {
  MetricType type = MetricType::unknown;
  std::string name;
  std::string container;
  ObjectReference described_object;
  std::optional<StructuredSelector> selector;
  std::optional<std::int32_t> average_utilization_percent;
  std::optional<std::int64_t> average_value_milli;
  std::optional<std::int64_t> value_milli;
  bool operator==(const MetricStatus&) const = default;
};

struct AutoscalerStatus {
  std::int32_t current_replicas = 0;
  std::int32_t desired_replicas = 0;
  std::optional<WallTime> last_scale_time;
  std::vector<MetricStatus> current_metrics;
  std::vector<AutoscalerCondition> conditions;
  bool operator==(const AutoscalerStatus&) const = default;
};

struct Autoscaler {
  std::string ns;
  std::string name;
  AutoscalerSpec spec;
  AutoscalerStatus status;
  bool operator==(const Autoscaler&) const = default;
};

/// Fills in what the API server fills in: minReplicas, the cpu metric, both directions of a `behavior`. Changes nothing
/// that is set. Mirrors SetDefaults_HorizontalPodAutoscaler (pkg/apis/autoscaling/v2/defaults.go). The scale-down
/// window stays unset; the controller fills it from its flag.
void apply_defaults(AutoscalerSpec& spec);

}  // namespace surgeproof::hpa
