#include "k8s/hpa/autoscaler.h"

namespace surgeproof::hpa {
namespace {

/// copyHPAScalingRules (pkg/apis/autoscaling/v2/defaults.go): what is set stays, the rest comes from `defaults`.
void fill(std::optional<ScalingRules>& rules, const ScalingRules& defaults) {
  if (!rules) {
    rules = defaults;
    return;
  }
  if (!rules->select_policy) rules->select_policy = defaults.select_policy;
  if (!rules->stabilization_window_seconds) {
    rules->stabilization_window_seconds = defaults.stabilization_window_seconds;
  }
  if (!rules->policies) rules->policies = defaults.policies;
}

}  // namespace

std::string_view name_of(MetricType type) {
  switch (type) {
    case MetricType::resource:
      return "Resource";
    case MetricType::container_resource:
      return "ContainerResource";
    case MetricType::pods:
      return "Pods";
    case MetricType::object:
      return "Object";
    case MetricType::external:
      return "External";
    case MetricType::unknown:
      break;
  }
  return "";
}

void apply_defaults(AutoscalerSpec& spec) {
  if (!spec.min_replicas) spec.min_replicas = 1;
  if (spec.metrics.empty()) {
    MetricSpec cpu;
    cpu.type = MetricType::resource;
    cpu.type_name = "Resource";
    cpu.name = "cpu";
    cpu.target = {.type = "Utilization",
                  .average_utilization_percent = 80,
                  .average_value_milli = std::nullopt,
                  .value_milli = std::nullopt};
    spec.metrics.push_back(std::move(cpu));
  }
  if (!spec.behavior) return;
  using Kind = ScalingPolicy::Kind;
  const std::vector<ScalingPolicy> up = {{Kind::pods, 4, 15}, {Kind::percent, 100, 15}};
  const std::vector<ScalingPolicy> down = {{Kind::percent, 100, 15}};
  fill(spec.behavior->scale_up, {0, PolicySelect::max, up, std::nullopt});
  fill(spec.behavior->scale_down, {std::nullopt, PolicySelect::max, down, std::nullopt});
}

}  // namespace surgeproof::hpa
