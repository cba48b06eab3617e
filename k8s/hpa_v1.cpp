#include "k8s/hpa_v1.h"

#include <string>

#include "base/ascii.h"
#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

/// The annotation's JSON; null when there is none or it is broken.
json::value annotation(const json::object& hpa, std::string_view name) {
  const std::string text = text_at(object_at(object_at(hpa, "metadata"), "annotations"),
                                   std::string("autoscaling.alpha.kubernetes.io/") + std::string(name));
  return parse_json(text).value_or(nullptr);
}

void copy(const json::object& from, std::string_view key, json::object& into, std::string_view as) {
  if (const json::value* v = from.if_contains(key)) into[as] = *v;
}

/// v2beta1 has targetAverageUtilization, targetAverageValue, targetValue (or current…) beside the metric's name.
json::object values(const json::object& source, const std::string& prefix, std::string_view plain) {
  json::object out;
  copy(source, prefix + "AverageUtilization", out, "averageUtilization");
  copy(source, prefix + "AverageValue", out, "averageValue");
  copy(source, plain, out, "value");
  if (prefix == "target") {
    out["type"] = out.contains("averageUtilization") ? "Utilization"
                  : out.contains("averageValue")     ? "AverageValue"
                                                     : "Value";
  }
  return out;
}

/// One metric of v2beta1, spec ("target") or status ("current"), in the shape of v2.
json::object metric_from_v2beta1(const json::object& metric, const std::string& prefix) {
  const std::string type = text_at(metric, "type");
  std::string member = type;
  if (!member.empty()) member[0] = static_cast<char>(member[0] | 0x20);
  const json::object& source = object_at(metric, member);
  json::object out;
  if (type == "Resource" || type == "ContainerResource") {
    copy(source, "name", out, "name");
    copy(source, "container", out, "container");
  } else {
    json::object identity;
    copy(source, "metricName", identity, "name");
    copy(source, type == "External" ? "metricSelector" : "selector", identity, "selector");
    out["metric"] = std::move(identity);
    copy(source, "target", out, "describedObject");  // Object: v2beta1 calls the object "target"
  }
  const bool object = type == "Object";
  json::object numbers = values(source, prefix, prefix == "target" ? "targetValue" : "currentValue");
  if (object) copy(source, "averageValue", numbers, "averageValue");
  out[prefix] = std::move(numbers);
  return {{"type", type}, {member, std::move(out)}};
}

json::array metrics_from_v2beta1(const json::value& list, const std::string& prefix) {
  json::array out;
  if (const auto* entries = list.if_array()) {
    for (const json::value& entry : *entries) out.push_back(metric_from_v2beta1(as_object(entry), prefix));
  }
  return out;
}

/// The behavior annotation is Go's internal struct, whose fields have capitals: "ScaleUp",
/// "StabilizationWindowSeconds".
json::value with_small_initials(const json::value& value) {
  if (const auto* list = value.if_array()) {
    json::array out;
    for (const json::value& entry : *list) out.push_back(with_small_initials(entry));
    return out;
  }
  const auto* object = value.if_object();
  if (!object) return value;
  json::object out;
  for (const auto& [name, member] : *object) {
    std::string key(name.data(), name.size());
    if (!key.empty()) key[0] = ascii::lower(key[0]);
    if (!member.is_null()) out[key] = with_small_initials(member);
  }
  return out;
}

json::object cpu_metric(const char* field, json::object numbers) {
  return {{"type", "Resource"}, {"resource", json::object{{"name", "cpu"}, {field, std::move(numbers)}}}};
}

}  // namespace

json::object hpa_from_v1(const json::object& v1) {
  json::object out = v1;
  const json::object& spec1 = object_at(v1, "spec");
  const json::object& status1 = object_at(v1, "status");

  json::object spec = spec1;
  spec.erase("targetCPUUtilizationPercentage");
  json::array metrics;
  if (const auto target = integer_at(spec1, "targetCPUUtilizationPercentage")) {
    metrics.push_back(cpu_metric("target", {{"type", "Utilization"}, {"averageUtilization", *target}}));
  }
  for (json::value& metric : metrics_from_v2beta1(annotation(v1, "metrics"), "target"))
    metrics.push_back(std::move(metric));
  spec["metrics"] = std::move(metrics);
  if (const json::value behavior = annotation(v1, "behavior"); behavior.is_object()) {
    spec["behavior"] = with_small_initials(behavior);
  }
  out["spec"] = std::move(spec);

  json::object status = status1;
  status.erase("currentCPUUtilizationPercentage");
  json::array current = metrics_from_v2beta1(annotation(v1, "current-metrics"), "current");
  if (const auto percent = integer_at(status1, "currentCPUUtilizationPercentage"); percent && current.empty()) {
    current.push_back(cpu_metric("current", {{"averageUtilization", *percent}}));
  }
  status["currentMetrics"] = std::move(current);
  if (json::value conditions = annotation(v1, "conditions"); conditions.is_array())
    status["conditions"] = std::move(conditions);
  out["status"] = std::move(status);
  return out;
}

}  // namespace surgeproof::k8s
