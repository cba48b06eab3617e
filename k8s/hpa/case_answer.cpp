#include "k8s/hpa/case_answer.h"

#include <boost/json.hpp>

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;

template <typename T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object to_json(const MetricResult& metric) {
  return {{"type", name_of(metric.type)},
          {"name", metric.name},
          {"proposal", or_null(metric.proposal)},
          {"utilization", or_null(metric.utilization)},
          {"rawAverage", or_null(metric.raw_average_milli)},
          {"rawValue", or_null(metric.raw_value_milli)},
          {"reason", or_null(metric.reason)},
          {"error", or_null(metric.error)}};
}

}  // namespace

json::object answer_of(const Decision& decision) {
  json::array metrics;
  for (const auto& metric : decision.per_metric) metrics.push_back(to_json(metric));
  json::array conditions;
  for (const auto& c : decision.status.conditions) {
    conditions.push_back(json::object{{"type", c.type}, {"status", c.status}, {"reason", c.reason}});
  }
  json::array events;
  for (const auto& e : decision.events) {
    events.push_back(json::object{{"type", e.type}, {"reason", e.reason}, {"message", e.message}});
  }
  return {{"desiredReplicas", or_null(decision.desired_replicas)},
          {"rescaleReason", or_null(decision.rescale_reason)},
          {"error", or_null(decision.error)},
          {"perMetric", std::move(metrics)},
          {"conditions", std::move(conditions)},
          {"events", std::move(events)},
          {"status", json::object{{"currentReplicas", decision.status.current_replicas},
                                  {"desiredReplicas", decision.status.desired_replicas}}}};
}

}  // namespace surgeproof::hpa
