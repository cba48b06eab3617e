#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/ascii.h"
#include "k8s/hpa_v1.h"
#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

/// "Resource" → "resource", the member that carries a metric of that type.
std::string member_of(std::string type) {
  if (!type.empty()) type[0] = ascii::lower(type[0]);
  return type;
}

/// Resource and ContainerResource have a plain `name`; Pods, Object and External have `metric.name`.
std::string metric_name(const json::object& source) {
  const std::string name = text_at(source, "name");
  return name.empty() ? text_at(object_at(source, "metric"), "name") : name;
}

/// What makes two entries of spec.metrics and status.currentMetrics speak of the same thing.
bool same_metric(const json::object& a, const json::object& b, const std::string& type) {
  const json::object& x = object_at(a, member_of(type));
  const json::object& y = object_at(b, member_of(type));
  return text_at(b, "type") == type && metric_name(x) == metric_name(y) &&
         text_at(x, "container") == text_at(y, "container") &&
         object_at(x, "describedObject") == object_at(y, "describedObject") &&
         object_at(object_at(x, "metric"), "selector") == object_at(object_at(y, "metric"), "selector");
}

HpaMetric metric_view(const json::object& spec, const json::array& statuses) {
  HpaMetric out;
  out.type = text_at(spec, "type");
  const json::object& source = object_at(spec, member_of(out.type));
  out.name = metric_name(source);
  out.container = text_at(source, "container");
  const json::object& target = object_at(source, "target");
  out.target_utilization_percent = optional_int_at(target, "averageUtilization");
  out.target_average_milli = milli_at(target, "averageValue");
  out.target_value_milli = milli_at(target, "value");
  for (const json::value& entry : statuses) {
    const json::object& status = as_object(entry);
    if (!same_metric(spec, status, out.type)) continue;
    const json::object& current = object_at(object_at(status, member_of(out.type)), "current");
    out.current_utilization_percent = optional_int_at(current, "averageUtilization");
    out.current_average_milli = milli_at(current, "averageValue");
    out.current_value_milli = milli_at(current, "value");
    break;
  }
  return out;
}

std::vector<Condition> conditions_view(const json::object& status) {
  std::vector<Condition> out;
  for (const json::value& entry : array_at(status, "conditions")) {
    const json::object& c = as_object(entry);
    out.push_back({text_at(c, "type"), text_at(c, "status"), text_at(c, "reason"), text_at(c, "message"),
                   time_at(c, "lastTransitionTime")});
  }
  return out;
}

std::optional<std::chrono::seconds> window(const json::object& behavior, std::string_view direction) {
  const auto s = optional_int_at(object_at(behavior, direction), "stabilizationWindowSeconds");
  return s ? std::optional(std::chrono::seconds{*s}) : std::nullopt;
}

}  // namespace

std::optional<WallTime> last_managed(const json::object& object) {
  std::optional<WallTime> newest;
  for (const json::value& entry : array_at(object_at(object, "metadata"), "managedFields")) {
    newest = std::max(newest, time_at(as_object(entry), "time"));
  }
  return newest;
}

HpaSample hpa_view(const json::object& hpa, HpaVersion version, RunTime observed) {
  if (version == HpaVersion::v1) return hpa_view(hpa_from_v1(hpa), HpaVersion::v2, observed);
  const json::object& metadata = object_at(hpa, "metadata");
  const json::object& spec = object_at(hpa, "spec");
  const json::object& status = object_at(hpa, "status");
  const json::object& target = object_at(spec, "scaleTargetRef");
  HpaSample out;
  out.at = {observed, last_managed(hpa)};
  out.ns = text_at(metadata, "namespace");
  out.name = text_at(metadata, "name");
  out.uid = text_at(metadata, "uid");
  out.target = {text_at(target, "kind"), out.ns, text_at(target, "name")};
  out.min_replicas = optional_int_at(spec, "minReplicas").value_or(1);
  out.max_replicas = int_at(spec, "maxReplicas");
  out.current_replicas = int_at(status, "currentReplicas");
  out.desired_replicas = int_at(status, "desiredReplicas");
  for (const json::value& metric : array_at(spec, "metrics")) {
    out.metrics.push_back(metric_view(as_object(metric), array_at(status, "currentMetrics")));
  }
  out.conditions = conditions_view(status);
  out.last_scale_time = time_at(status, "lastScaleTime");
  out.scale_down_window = window(object_at(spec, "behavior"), "scaleDown");
  out.scale_up_window = window(object_at(spec, "behavior"), "scaleUp");
  out.spec_json = json::serialize(spec);
  return out;
}

}  // namespace surgeproof::k8s
