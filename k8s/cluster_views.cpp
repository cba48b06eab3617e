// Views of what stands around the pods: nodes, custom and external metrics.
#include "base/duration.h"
#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

std::string taint_text(const json::object& taint) {
  const std::string value = text_at(taint, "value");
  return text_at(taint, "key") + (value.empty() ? "" : "=" + value) + ":" + text_at(taint, "effect");
}

std::string labels_text(const json::object& labels) {
  std::string out;
  for (const auto& [key, value] : labels) {
    const auto* text = value.if_string();
    if (text) out += (out.empty() ? "" : ",") + std::string(key) + "=" + std::string(text->data(), text->size());
  }
  return out;
}

}  // namespace

NodeSample node_view(const json::object& node, RunTime observed) {
  const json::object& spec = object_at(node, "spec");
  const json::object& status = object_at(node, "status");
  const json::object& allocatable = object_at(status, "allocatable");
  NodeSample out;
  out.at = {observed, last_managed(node)};
  out.name = text_at(object_at(node, "metadata"), "name");
  for (const json::value& entry : array_at(status, "conditions")) {
    const json::object& condition = as_object(entry);
    if (text_at(condition, "type") == "Ready") out.ready = text_at(condition, "status") == "True";
  }
  out.unschedulable = flag_at(spec, "unschedulable").value_or(false);
  out.allocatable_cpu_millicores = milli_at(allocatable, "cpu");
  out.allocatable_memory_bytes = units_at(allocatable, "memory");
  out.allocatable_pods = units_at(allocatable, "pods");
  for (const json::value& taint : array_at(spec, "taints")) out.taints.push_back(taint_text(as_object(taint)));
  return out;
}

std::optional<HpaMetricSample> hpa_metric_view(const json::object& item, RunTime observed) {
  const auto value = milli_at(item, "value");
  if (!value) return std::nullopt;
  HpaMetricSample out;
  out.observed = observed;
  out.name = text_at(object_at(item, "metric"), "name");         // custom, v1beta2
  if (out.name.empty()) out.name = text_at(item, "metricName");  // custom v1beta1, external
  const json::object& object = object_at(item, "describedObject");
  out.object = {text_at(object, "kind"), text_at(object, "namespace"), text_at(object, "name")};
  out.labels = labels_text(object_at(item, "metricLabels"));
  out.value_milli = *value;
  out.timestamp = time_at(item, "timestamp");
  if (const auto seconds = integer_at(item, "windowSeconds")) {
    out.window = std::chrono::seconds{*seconds};
  } else if (const auto window = integer_at(item, "window")) {
    out.window = std::chrono::seconds{*window};  // external and v1beta1 write the seconds, too
  }
  return out;
}

}  // namespace surgeproof::k8s
