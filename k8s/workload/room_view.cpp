// What bounds the number of pods: quotas, limit ranges, nodes.
#include <algorithm>
#include <boost/json.hpp>

#include "k8s/json_access.h"
#include "k8s/workload/spec_views.h"

namespace surgeproof::k8s {
namespace {

ResourceSum resources_at(const json::object& parent, std::string_view key) {
  const json::object& o = object_at(parent, key);
  return {milli_at(o, "cpu").value_or(0), units_at(o, "memory").value_or(0)};
}

ResourceSum requests_of(const json::object& container) {
  return resources_at(object_at(container, "resources"), "requests");
}

}  // namespace

std::vector<QuotaLine> quota_view(const json::object& quota) {
  std::vector<QuotaLine> out;
  const json::object& spec = object_at(quota, "spec");
  if (!array_at(spec, "scopes").empty() || spec.contains("scopeSelector")) return out;
  const json::object& status = object_at(quota, "status");
  // Until the quota controller has looked, only the spec says what is meant.
  const json::object& hard = status.contains("hard") ? object_at(status, "hard") : object_at(spec, "hard");
  for (const auto& [resource, value] : hard) {
    const auto limit = milli_at(hard, resource);
    if (!limit) continue;
    out.push_back({text_at(object_at(quota, "metadata"), "name"), std::string{resource}, *limit,
                   milli_at(object_at(status, "used"), resource).value_or(0)});
  }
  return out;
}

std::vector<LimitLine> limit_range_view(const json::object& range) {
  std::vector<LimitLine> out;
  for (const json::value& entry : array_at(object_at(range, "spec"), "limits")) {
    const json::object& limit = as_object(entry);
    for (const std::string_view resource : {"cpu", "memory"}) {
      LimitLine line{.range = text_at(object_at(range, "metadata"), "name"),
                     .type = text_at(limit, "type"),
                     .resource = std::string{resource},
                     .min_milli = milli_at(object_at(limit, "min"), resource),
                     .max_milli = milli_at(object_at(limit, "max"), resource),
                     .default_request_milli = milli_at(object_at(limit, "defaultRequest"), resource)};
      const bool says = line.min_milli || line.max_milli || line.default_request_milli;
      if (says && (line.type == "Container" || line.type == "Pod")) out.push_back(std::move(line));
    }
  }
  return out;
}

NodeRoom node_view(const json::object& node) {
  const json::object& spec = object_at(node, "spec");
  const json::object& status = object_at(node, "status");
  NodeRoom out;
  out.name = text_at(object_at(node, "metadata"), "name");
  out.cordoned = flag_at(spec, "unschedulable").value_or(false);
  out.ready = false;
  for (const json::value& c : array_at(status, "conditions")) {
    if (text_at(as_object(c), "type") == "Ready") out.ready = text_at(as_object(c), "status") == "True";
  }
  for (const json::value& t : array_at(spec, "taints")) {
    const auto effect = text_at(as_object(t), "effect");
    if (effect == "NoSchedule" || effect == "NoExecute") out.hard_taints.push_back(text_at(as_object(t), "key"));
  }
  for (const auto& [name, value] : object_at(object_at(node, "metadata"), "labels")) {
    if (const auto* s = value.if_string()) out.labels[std::string{name}] = std::string{*s};
  }
  out.allocatable = resources_at(status, "allocatable");
  out.allocatable_pods = static_cast<int>(units_at(object_at(status, "allocatable"), "pods").value_or(0));
  return out;
}

std::optional<PodOnNode> pod_on_node(const json::object& pod) {
  const json::object& spec = object_at(pod, "spec");
  const auto node = text_at(spec, "nodeName");
  const auto phase = text_at(object_at(pod, "status"), "phase");
  if (node.empty() || phase == "Succeeded" || phase == "Failed") return std::nullopt;
  ResourceSum sum;
  for (const std::string_view kind : {"containers", "initContainers"}) {
    for (const json::value& entry : array_at(spec, kind)) {
      const json::object& c = as_object(entry);
      if (kind == "initContainers" && text_at(c, "restartPolicy") != "Always") continue;
      const auto one = requests_of(c);
      sum.cpu_milli += one.cpu_milli;
      sum.memory_bytes += one.memory_bytes;
    }
  }
  return PodOnNode{node, sum};
}

}  // namespace surgeproof::k8s
