#include "k8s/hpa/metric.h"

#include <fmt/format.h>

namespace surgeproof::hpa {
namespace {

using Outcome = std::expected<void, std::string>;

/// A structured selector as Go prints it ("%+v" of a *metav1.LabelSelector).
std::string go_text(const std::optional<StructuredSelector>& selector) {
  if (!selector) return "nil";
  std::string labels;
  for (const auto& [key, value] : selector->match_labels) labels += fmt::format("{}: {},", key, value);
  std::string expressions;
  for (const auto& e : selector->match_expressions) {
    expressions += fmt::format("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},", e.key, e.op,
                               fmt::join(e.values, " "));
  }
  return fmt::format(
      "&LabelSelector{{MatchLabels:map[string]string{{{}}},MatchExpressions:[]LabelSelectorRequirement{{{}}},}}",
      labels, expressions);
}

std::string external_description(const MetricSpec& metric) {
  return fmt::format("external metric {}({})", metric.name, go_text(metric.selector));
}

/// computeStatusForResourceMetricGeneric
Outcome compute_resource(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  if (metric.target.average_value_milli) {
    result.description = metric.name + " resource";
    auto outcome = by_resource_value(c, metric, result);
    if (!outcome) return std::unexpected(fmt::format("failed to get {} usage: {}", metric.name, outcome.error()));
    return outcome;
  }
  if (!metric.target.average_utilization_percent) {
    return std::unexpected(
        "invalid resource metric source: neither an average utilization target nor an average value (usage) target "
        "was set");
  }
  result.description = fmt::format("{}{} utilization (percentage of request)", metric.name,
                                   metric.type == MetricType::container_resource ? " container resource" : " resource");
  auto outcome = by_utilization(c, metric, result);
  if (!outcome) return std::unexpected(fmt::format("failed to get {} utilization: {}", metric.name, outcome.error()));
  return outcome;
}

/// computeStatusForObjectMetric
Outcome compute_object(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  if (metric.target.type == "Value" && metric.target.value_milli) {
    result.description = fmt::format("{} metric {}", metric.described_object.kind, metric.name);
    return by_object_value(c, metric, result);
  }
  if (metric.target.type == "AverageValue" && metric.target.average_value_milli) {
    result.description = external_description(metric);
    return by_object_average(c, metric, result);
  }
  return std::unexpected("invalid object metric source: neither a value target nor an average value target was set");
}

/// computeStatusForExternalMetric
Outcome compute_external(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  result.description = external_description(metric);
  if (metric.target.average_value_milli) return by_external_average(c, metric, result);
  if (metric.target.value_milli) return by_external_value(c, metric, result);
  return std::unexpected("invalid external metric source: neither a value target nor an average value target was set");
}

Outcome compute(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  if (metric.selector) {
    if (const auto selector = to_selector(*metric.selector); !selector) return std::unexpected(selector.error());
  }
  switch (metric.type) {
    case MetricType::resource:
    case MetricType::container_resource:
      return compute_resource(c, metric, result);
    case MetricType::pods:
      result.description = "pods metric " + metric.name;
      return by_pods_metric(c, metric, result);
    case MetricType::object:
      return compute_object(c, metric, result);
    case MetricType::external:
      return compute_external(c, metric, result);
    case MetricType::unknown:
      break;
  }
  return std::unexpected(fmt::format("unknown metric source type \"{}\"", metric.type_name));
}

std::string failure_reason(MetricType type) {
  if (type == MetricType::unknown) return "InvalidMetricSourceType";
  return fmt::format("FailedGet{}Metric", name_of(type));
}

/// What the sync's error says of the failure: the event's words with a line before them.
std::string sync_error(const MetricSpec& metric, const std::string& words) {
  switch (metric.type) {
    case MetricType::resource:
      return fmt::format("failed to get {} resource metric value: {}", metric.name, words);
    case MetricType::container_resource:
      return fmt::format("failed to get {} container metric value: {}", metric.container, words);
    case MetricType::pods:
      return "failed to get pods metric value: " + words;
    case MetricType::object:
      return "failed to get object metric value: " + words;
    case MetricType::external:
      return fmt::format("failed to get {} external metric value: {}", metric.name, words);
    case MetricType::unknown:
      break;
  }
  return words;
}

}  // namespace

MetricResult compute_metric(const Calculation& c, const MetricSpec& metric, std::string& event_error) {
  MetricResult result;
  result.type = metric.type;
  result.name = metric.label();
  result.tolerance = c.tolerance;
  const auto outcome = compute(c, metric, result);
  if (outcome) return result;
  event_error = outcome.error();
  result.proposal.reset();
  result.utilization.reset();
  result.raw_average_milli.reset();
  result.raw_value_milli.reset();
  result.path = ProposalPath::none;
  result.reason = failure_reason(metric.type);
  result.error = sync_error(metric, event_error);
  return result;
}

MetricStatus status_of(const MetricSpec& metric, const MetricResult& result) {
  MetricStatus status;
  if (!result.proposal) return status;
  status.type = metric.type;
  status.name = metric.name;
  status.container = metric.container;
  status.described_object = metric.described_object;
  status.selector = metric.selector;
  status.average_utilization_percent = result.utilization;
  status.average_value_milli = result.raw_average_milli;
  status.value_milli = result.raw_value_milli;
  return status;
}

}  // namespace surgeproof::hpa
