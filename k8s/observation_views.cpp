#include <algorithm>

#include "base/duration.h"
#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

/// Absent ready and serving mean true, absent terminating means false; serving without a word follows ready only in
/// v1beta1 objects from before it existed, where nothing better is known.
Endpoint endpoint_view(const json::object& endpoint) {
  const json::object& conditions = object_at(endpoint, "conditions");
  const json::object& target = object_at(endpoint, "targetRef");
  Endpoint out;
  for (const json::value& address : array_at(endpoint, "addresses")) {
    if (const auto* s = address.if_string()) out.address = std::string(s->data(), s->size());
    break;
  }
  if (text_at(target, "kind") == "Pod") out.pod = text_at(target, "name");
  out.ready = flag_at(conditions, "ready").value_or(true);
  out.serving = flag_at(conditions, "serving").value_or(true);
  out.terminating = flag_at(conditions, "terminating").value_or(false);
  return out;
}

std::optional<WallTime> last_happened(const json::object& event) {
  const json::object& series = object_at(event, "series");
  auto newest =
      std::max({time_at(series, "lastObservedTime"), time_at(event, "lastTimestamp"), time_at(event, "eventTime")});
  if (!newest) newest = time_at(event, "firstTimestamp");
  return newest ? newest : time_at(object_at(event, "metadata"), "creationTimestamp");
}

}  // namespace

EndpointSliceSample endpoint_slice_view(const json::object& slice, RunTime observed) {
  const json::object& metadata = object_at(slice, "metadata");
  EndpointSliceSample out;
  out.change_trigger = time_at(object_at(metadata, "annotations"), "endpoints.kubernetes.io/last-change-trigger-time");
  out.at = {observed, out.change_trigger ? out.change_trigger : last_managed(slice)};
  out.ns = text_at(metadata, "namespace");
  out.service = text_at(object_at(metadata, "labels"), "kubernetes.io/service-name");
  out.slice = text_at(metadata, "name");
  for (const json::value& endpoint : array_at(slice, "endpoints"))
    out.endpoints.push_back(endpoint_view(as_object(endpoint)));
  for (const json::value& entry : array_at(slice, "ports")) {
    const json::object& port = as_object(entry);
    const std::string protocol = text_at(port, "protocol");
    if (protocol.empty() || protocol == "TCP") out.ports.push_back({text_at(port, "name"), int_at(port, "port")});
  }
  return out;
}

ClusterEvent event_view(const json::object& event, RunTime observed) {
  const json::object& regarding = object_at(event, "involvedObject");
  ClusterEvent out;
  out.at = {observed, last_happened(event)};
  out.uid = text_at(object_at(event, "metadata"), "uid");
  out.type = text_at(event, "type");
  out.reason = text_at(event, "reason");
  out.message = text_at(event, "message");
  out.regarding = {text_at(regarding, "kind"), text_at(regarding, "namespace"), text_at(regarding, "name")};
  out.component = text_at(object_at(event, "source"), "component");
  if (out.component.empty()) out.component = text_at(event, "reportingComponent");
  const auto series = optional_int_at(object_at(event, "series"), "count");
  out.count = std::max(1, series ? *series : int_at(event, "count"));
  return out;
}

std::optional<PodMetricsSample> pod_metrics_view(const json::object& metrics, RunTime observed) {
  const json::object& metadata = object_at(metrics, "metadata");
  const auto timestamp = time_at(metrics, "timestamp");
  if (!timestamp) return std::nullopt;
  PodMetricsSample out;
  out.observed = observed;
  out.ns = text_at(metadata, "namespace");
  out.pod = text_at(metadata, "name");
  out.timestamp = *timestamp;
  out.window = parse_duration(text_at(metrics, "window")).value_or(std::chrono::nanoseconds{0});
  for (const json::value& entry : array_at(metrics, "containers")) {
    const json::object& c = as_object(entry);
    const json::object& usage = object_at(c, "usage");
    out.containers.push_back(
        {text_at(c, "name"), nano_at(usage, "cpu").value_or(0), units_at(usage, "memory").value_or(0)});
  }
  return out;
}

}  // namespace surgeproof::k8s
