// autoscaling/v2 to v1 and back.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/views.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

constexpr std::string_view kMetrics = "autoscaling.alpha.kubernetes.io/metrics";
constexpr std::string_view kCurrentMetrics = "autoscaling.alpha.kubernetes.io/current-metrics";
constexpr std::string_view kConditions = "autoscaling.alpha.kubernetes.io/conditions";
constexpr std::string_view kBehavior = "autoscaling.alpha.kubernetes.io/behavior";

struct SourceName {
  std::string_view type;
  std::string_view field;
};
constexpr std::array<SourceName, 5> kSources{{{"Resource", "resource"},
                                              {"ContainerResource", "containerResource"},
                                              {"Pods", "pods"},
                                              {"Object", "object"},
                                              {"External", "external"}}};

std::string_view source_field(std::string_view type) {
  const auto* found = std::ranges::find(kSources, type, &SourceName::type);
  return found == kSources.end() ? std::string_view{} : found->field;
}

bool is_cpu_utilization(const json::object& metric, std::string_view value_path) {
  return text_at(metric, "type") == "Resource" && text_at(metric, "resource.name") == "cpu" &&
         find_at(metric, value_path) != nullptr;
}

void move_field(json::object& from, std::string_view old_name, json::object& to, std::string_view new_name) {
  const json::value* found = from.if_contains(old_name);
  if (found == nullptr) return;
  json::value moved = *found;  // `to` may be the same object, whose members move when one is added
  from.erase(old_name);
  to[new_name] = std::move(moved);
}

/// v1's flat shape: `side` is "target" or "current", `prefix` the same word as its fields carry it.
json::object flatten(const json::object& metric, std::string_view side) {
  const auto field = source_field(text_at(metric, "type"));
  json::object flat{{"type", text_at(metric, "type")}};
  json::object source = object_at(metric, field);
  json::object values = object_at(source, side);
  json::object identifier = object_at(source, "metric");
  source.erase(side);
  source.erase("metric");
  const std::string prefix{side};
  if (field == "object") move_field(source, "describedObject", source, "target");
  move_field(identifier, "name", source, "metricName");
  move_field(identifier, "selector", source, field == "external" ? "metricSelector" : "selector");
  move_field(values, "averageUtilization", source, prefix + "AverageUtilization");
  move_field(values, "averageValue", source, field == "object" ? "averageValue" : prefix + "AverageValue");
  move_field(values, "value", source, prefix + "Value");
  flat[field] = std::move(source);
  return flat;
}

json::object unflatten(const json::object& flat, std::string_view side) {
  const auto type = text_at(flat, "type");
  const auto field = source_field(type);
  json::object source = object_at(flat, field);
  json::object values;
  json::object identifier;
  const std::string prefix{side};
  if (field == "object") move_field(source, "target", source, "describedObject");
  move_field(source, "metricName", identifier, "name");
  move_field(source, "metricSelector", identifier, "selector");
  move_field(source, "selector", identifier, "selector");
  const bool target = side == "target";
  move_field(source, prefix + "Value", values, "value");
  if (target && values.contains("value")) values["type"] = "Value";
  move_field(source, prefix + "AverageValue", values, "averageValue");
  move_field(source, "averageValue", values, "averageValue");
  if (target && values.contains("averageValue")) values["type"] = "AverageValue";
  move_field(source, prefix + "AverageUtilization", values, "averageUtilization");
  if (target && values.contains("averageUtilization")) values["type"] = "Utilization";
  if (!identifier.empty()) source["metric"] = std::move(identifier);
  source[side] = std::move(values);
  json::object metric{{"type", type}};
  if (!field.empty()) metric[field] = std::move(source);
  return metric;
}

void annotate(json::object& hpa, std::string_view key, const json::value& value) {
  ensure_object(hpa, "metadata.annotations")[key] = json::serialize(value);
}

/// Takes an annotation away and parses it; null when absent or no JSON.
json::value take_annotation(json::object& hpa, std::string_view key) {
  json::object& annotations = ensure_object(hpa, "metadata.annotations");
  json::value parsed;
  if (const json::value* text = annotations.if_contains(key); text != nullptr && text->is_string()) {
    boost::system::error_code ec;
    parsed = json::parse(text->get_string(), ec);
    if (ec) parsed = nullptr;
  }
  annotations.erase(key);
  return parsed;
}

void spec_to_v1(json::object& hpa, json::object& spec) {
  json::array others;
  bool found = false;
  const json::array metrics = array_at(spec, "metrics");  // a copy: adding to spec moves its members
  for (const json::value& v : metrics) {
    if (!v.is_object()) continue;
    if (!found && is_cpu_utilization(v.get_object(), "resource.target.averageUtilization")) {
      spec["targetCPUUtilizationPercentage"] = *find_at(v.get_object(), "resource.target.averageUtilization");
      found = true;
    } else {
      others.push_back(flatten(v.get_object(), "target"));
    }
  }
  if (!others.empty()) annotate(hpa, kMetrics, others);
  if (const json::value* behavior = spec.if_contains("behavior")) annotate(hpa, kBehavior, *behavior);
  spec.erase("metrics");
  spec.erase("behavior");
}

void status_to_v1(json::object& hpa, json::object& status) {
  json::array current;
  const json::array metrics = array_at(status, "currentMetrics");  // a copy, likewise
  for (const json::value& v : metrics) {
    if (!v.is_object()) continue;
    if (is_cpu_utilization(v.get_object(), "resource.current.averageUtilization")) {
      status["currentCPUUtilizationPercentage"] = *find_at(v.get_object(), "resource.current.averageUtilization");
    }
    current.push_back(flatten(v.get_object(), "current"));
  }
  if (!current.empty()) annotate(hpa, kCurrentMetrics, current);
  if (const json::value* conditions = status.if_contains("conditions")) annotate(hpa, kConditions, *conditions);
  status.erase("currentMetrics");
  status.erase("conditions");
}

}  // namespace

json::object hpa_to_v1(const json::object& v2) {
  json::object hpa = v2;
  hpa["apiVersion"] = "autoscaling/v1";
  json::object spec = object_at(hpa, "spec");
  json::object status = object_at(hpa, "status");
  spec_to_v1(hpa, spec);
  status_to_v1(hpa, status);
  hpa["spec"] = std::move(spec);
  hpa["status"] = std::move(status);
  return hpa;
}

json::object hpa_from_v1(const json::object& v1) {
  json::object hpa = v1;
  hpa["apiVersion"] = "autoscaling/v2";
  json::object& spec = ensure_object(hpa, "spec");
  json::array metrics;
  if (json::value* percent = spec.if_contains("targetCPUUtilizationPercentage")) {
    metrics.push_back(json::object{
        {"type", "Resource"},
        {"resource",
         json::object{{"name", "cpu"},
                      {"target", json::object{{"type", "Utilization"}, {"averageUtilization", *percent}}}}}});
    spec.erase("targetCPUUtilizationPercentage");
  }
  const json::value others = take_annotation(hpa, kMetrics);
  if (const json::array* list = others.if_array()) {
    for (const json::value& v : *list) {
      if (v.is_object()) metrics.push_back(unflatten(v.get_object(), "target"));
    }
  }
  json::object& after = ensure_object(hpa, "spec");
  if (!metrics.empty()) after["metrics"] = std::move(metrics);
  const json::value behavior = take_annotation(hpa, kBehavior);
  if (behavior.is_object()) after["behavior"] = behavior;
  json::object& status = ensure_object(hpa, "status");
  status.erase("currentCPUUtilizationPercentage");
  const json::value current = take_annotation(hpa, kCurrentMetrics);
  if (const json::array* list = current.if_array()) {
    json::array& to = status["currentMetrics"].emplace_array();
    for (const json::value& v : *list) {
      if (v.is_object()) to.push_back(unflatten(v.get_object(), "current"));
    }
  }
  const json::value conditions = take_annotation(hpa, kConditions);
  if (conditions.is_array()) status["conditions"] = conditions;
  if (object_at(hpa, "metadata.annotations").empty()) ensure_object(hpa, "metadata").erase("annotations");
  return hpa;
}

}  // namespace surgeproof::demo
