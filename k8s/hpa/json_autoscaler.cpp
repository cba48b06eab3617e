// The HorizontalPodAutoscaler object from JSON.
#include <fmt/format.h>

#include "k8s/hpa/amount.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;

ObjectReference reference_of(const json::value& v) {
  return {text_of(field(v, "apiVersion")), text_of(field(v, "kind")), text_of(field(v, "name"))};
}

MetricType type_of(std::string_view name) {
  for (const auto type : {MetricType::resource, MetricType::container_resource, MetricType::pods, MetricType::object,
                          MetricType::external}) {
    if (name == name_of(type)) return type;
  }
  return MetricType::unknown;
}

/// The name of the field that carries a metric of this type.
std::string_view source_field(MetricType type) {
  switch (type) {
    case MetricType::resource:
      return "resource";
    case MetricType::container_resource:
      return "containerResource";
    case MetricType::pods:
      return "pods";
    case MetricType::object:
      return "object";
    case MetricType::external:
      return "external";
    case MetricType::unknown:
      break;
  }
  return "";
}

bool of_resource(MetricType type) { return type == MetricType::resource || type == MetricType::container_resource; }

MetricSpec metric_of(const json::value& v) {
  MetricSpec metric;
  metric.type_name = text_of(field(v, "type"));
  metric.type = type_of(metric.type_name);
  const json::value& source = field(v, source_field(metric.type));
  const json::value& identity = of_resource(metric.type) ? source : field(source, "metric");
  metric.name = text_of(field(identity, "name"));
  if (!of_resource(metric.type)) metric.selector = structured_selector_of(field(identity, "selector"));
  metric.container = text_of(field(source, "container"));
  metric.described_object = reference_of(field(source, "describedObject"));
  const json::value& target = field(source, "target");
  metric.target = {text_of(field(target, "type")), int_of(field(target, "averageUtilization")),
                   milli_of(field(target, "averageValue")), milli_of(field(target, "value"))};
  return metric;
}

MetricStatus metric_status_of(const json::value& v) {
  MetricStatus status;
  status.type = type_of(text_of(field(v, "type")));
  const json::value& source = field(v, source_field(status.type));
  const json::value& identity = of_resource(status.type) ? source : field(source, "metric");
  status.name = text_of(field(identity, "name"));
  if (!of_resource(status.type)) status.selector = structured_selector_of(field(identity, "selector"));
  status.container = text_of(field(source, "container"));
  status.described_object = reference_of(field(source, "describedObject"));
  const json::value& current = field(source, "current");
  status.average_utilization_percent = int_of(field(current, "averageUtilization"));
  status.average_value_milli = milli_of(field(current, "averageValue"));
  status.value_milli = milli_of(field(current, "value"));
  return status;
}

PolicySelect policy_select_of(std::string_view name) {
  if (name == "Disabled") return PolicySelect::disabled;
  return name == "Min" ? PolicySelect::min : PolicySelect::max;
}

ScalingPolicy policy_of(const json::value& v) {
  using Kind = ScalingPolicy::Kind;
  const auto type = text_of(field(v, "type"));
  return {type == "Pods"      ? Kind::pods
          : type == "Percent" ? Kind::percent
                              : Kind::other,
          int_of(field(v, "value")).value_or(0), int_of(field(v, "periodSeconds")).value_or(0)};
}

std::optional<ScalingRules> rules_of(const json::value& v) {
  if (!v.is_object()) return std::nullopt;
  ScalingRules rules;
  rules.stabilization_window_seconds = int_of(field(v, "stabilizationWindowSeconds"));
  const auto choice = text_of(field(v, "selectPolicy"));
  if (!choice.empty()) rules.select_policy = policy_select_of(choice);
  if (field(v, "policies").is_array()) {
    rules.policies.emplace();
    for (const auto& p : items_of(field(v, "policies"))) rules.policies->push_back(policy_of(p));
  }
  if (const auto tolerance = quantity_text(field(v, "tolerance")); !tolerance.empty()) {
    rules.tolerance = approximate_value(tolerance);
  }
  return rules;
}

AutoscalerStatus status_from(const json::value& v) {
  AutoscalerStatus status;
  status.current_replicas = int_of(field(v, "currentReplicas")).value_or(0);
  status.desired_replicas = int_of(field(v, "desiredReplicas")).value_or(0);
  status.last_scale_time = time_of(field(v, "lastScaleTime"));
  for (const auto& m : items_of(field(v, "currentMetrics"))) status.current_metrics.push_back(metric_status_of(m));
  for (const auto& c : items_of(field(v, "conditions"))) {
    status.conditions.push_back({text_of(field(c, "type")), text_of(field(c, "status")), text_of(field(c, "reason")),
                                 text_of(field(c, "message")), time_of(field(c, "lastTransitionTime"))});
  }
  return status;
}

}  // namespace

Autoscaler autoscaler_from_json(const json::value& hpa) {
  Autoscaler autoscaler;
  autoscaler.ns = text_of(field(field(hpa, "metadata"), "namespace"));
  autoscaler.name = text_of(field(field(hpa, "metadata"), "name"));
  const json::value& spec = field(hpa, "spec");
  autoscaler.spec.target = reference_of(field(spec, "scaleTargetRef"));
  autoscaler.spec.min_replicas = int_of(field(spec, "minReplicas"));
  autoscaler.spec.max_replicas = int_of(field(spec, "maxReplicas")).value_or(0);
  for (const auto& m : items_of(field(spec, "metrics"))) autoscaler.spec.metrics.push_back(metric_of(m));
  if (const json::value& behavior = field(spec, "behavior"); behavior.is_object()) {
    autoscaler.spec.behavior = Behavior{rules_of(field(behavior, "scaleUp")), rules_of(field(behavior, "scaleDown"))};
  }
  autoscaler.status = status_from(field(hpa, "status"));
  apply_defaults(autoscaler.spec);
  return autoscaler;
}

}  // namespace surgeproof::hpa
