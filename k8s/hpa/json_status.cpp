// The HPA's status as the API server prints it.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/wall_time.h"
#include "k8s/hpa/json.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;

/// Quantity.String of a milli-quantity: "2", "187m", "12k": the largest decimal suffix that leaves a whole number.
std::string quantity_text(std::int64_t milli) {
  constexpr std::string_view kSuffixes[] = {"m", "", "k", "M", "G", "T", "P", "E"};
  if (milli == 0) return "0";
  std::size_t suffix = 0;
  while (milli % 1000 == 0 && suffix + 1 < std::size(kSuffixes)) {
    milli /= 1000;
    ++suffix;
  }
  return fmt::format("{}{}", milli, kSuffixes[suffix]);
}

json::object to_json(const StructuredSelector& selector) {
  json::object result;
  if (!selector.match_expressions.empty()) {
    json::array expressions;
    for (const auto& e : selector.match_expressions) {
      json::object expression{{"key", e.key}, {"operator", e.op}};
      if (!e.values.empty()) expression["values"] = json::array(e.values.begin(), e.values.end());
      expressions.push_back(std::move(expression));
    }
    result["matchExpressions"] = std::move(expressions);
  }
  if (!selector.match_labels.empty()) {
    json::object labels;
    for (const auto& [key, value] : selector.match_labels) labels[key] = value;
    result["matchLabels"] = std::move(labels);
  }
  return result;
}

json::object current_of(const MetricStatus& metric) {
  json::object current;
  if (metric.average_utilization_percent) current["averageUtilization"] = *metric.average_utilization_percent;
  if (metric.average_value_milli) current["averageValue"] = quantity_text(*metric.average_value_milli);
  if (metric.value_milli) current["value"] = quantity_text(*metric.value_milli);
  return current;
}

json::object identity_of(const MetricStatus& metric) {
  json::object identity{{"name", metric.name}};
  if (metric.selector) identity["selector"] = to_json(*metric.selector);
  return identity;
}

json::object described_object_of(const MetricStatus& metric) {
  json::object object{{"kind", metric.described_object.kind}, {"name", metric.described_object.name}};
  if (!metric.described_object.api_version.empty()) object["apiVersion"] = metric.described_object.api_version;
  return object;
}

json::object to_json(const MetricStatus& metric) {
  json::object result{{"type", name_of(metric.type)}};
  json::object source{{"current", current_of(metric)}};
  switch (metric.type) {
    case MetricType::resource:
      source["name"] = metric.name;
      result["resource"] = std::move(source);
      break;
    case MetricType::container_resource:
      source["name"] = metric.name;
      source["container"] = metric.container;
      result["containerResource"] = std::move(source);
      break;
    case MetricType::pods:
      source["metric"] = identity_of(metric);
      result["pods"] = std::move(source);
      break;
    case MetricType::object:
      source["metric"] = identity_of(metric);
      source["describedObject"] = described_object_of(metric);
      result["object"] = std::move(source);
      break;
    case MetricType::external:
      source["metric"] = identity_of(metric);
      result["external"] = std::move(source);
      break;
    case MetricType::unknown:
      break;
  }
  return result;
}

json::object to_json(const AutoscalerCondition& condition) {
  json::object result{{"type", condition.type},
                      {"status", condition.status},
                      {"reason", condition.reason},
                      {"message", condition.message}};
  if (condition.last_transition) {
    result["lastTransitionTime"] = format_rfc3339(*condition.last_transition, 0);
  } else {
    result["lastTransitionTime"] = nullptr;
  }
  return result;
}

}  // namespace

json::object status_to_json(const AutoscalerStatus& status) {
  json::object result{{"currentReplicas", status.current_replicas}, {"desiredReplicas", status.desired_replicas}};
  if (status.last_scale_time) result["lastScaleTime"] = format_rfc3339(*status.last_scale_time, 0);
  if (status.current_metrics.empty()) {
    result["currentMetrics"] = nullptr;
  } else {
    json::array metrics;
    for (const auto& metric : status.current_metrics) metrics.push_back(to_json(metric));
    result["currentMetrics"] = std::move(metrics);
  }
  json::array conditions;
  for (const auto& condition : status.conditions) conditions.push_back(to_json(condition));
  result["conditions"] = std::move(conditions);
  return result;
}

}  // namespace surgeproof::hpa
