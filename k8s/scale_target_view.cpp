#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <vector>

#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

/// FNV-1a, 64 bits: equal text, equal fingerprint; the server writes a template's fields in a fixed order.
std::string fingerprint(const json::object& object) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : json::serialize(object)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  }
  return fmt::format("{:016x}", hash);
}

std::string expression_text(const json::object& expression) {
  const std::string key = text_at(expression, "key");
  const std::string op = text_at(expression, "operator");
  if (op == "Exists") return key;
  if (op == "DoesNotExist") return "!" + key;
  std::string values;
  for (const json::value& v : array_at(expression, "values")) {
    if (const auto* s = v.if_string()) values += (values.empty() ? "" : ",") + std::string(s->data(), s->size());
  }
  return fmt::format("{} {} ({})", key, op == "NotIn" ? "notin" : "in", values);
}

}  // namespace

std::string selector_text(const json::object& selector) {
  const bool label_selector = selector.contains("matchLabels") || selector.contains("matchExpressions");
  std::vector<std::string> parts;
  for (const auto& [key, value] : label_selector ? object_at(selector, "matchLabels") : selector) {
    if (const auto* s = value.if_string())
      parts.push_back(fmt::format("{}={}", std::string_view(key), std::string_view(*s)));
  }
  std::ranges::sort(parts);
  for (const json::value& e : array_at(selector, "matchExpressions")) parts.push_back(expression_text(as_object(e)));
  return fmt::format("{}", fmt::join(parts, ","));
}

ScaleTargetSample scale_target_view(const json::object& target, const std::string& kind, RunTime observed) {
  const json::object& metadata = object_at(target, "metadata");
  const json::object& spec = object_at(target, "spec");
  const json::object& status = object_at(target, "status");
  ScaleTargetSample out;
  out.at = {observed, last_managed(target)};
  out.ref = {kind, text_at(metadata, "namespace"), text_at(metadata, "name")};
  out.spec_replicas = optional_int_at(spec, "replicas").value_or(1);
  out.status_replicas = int_at(status, "replicas");
  out.ready_replicas = int_at(status, "readyReplicas");
  out.updated_replicas = int_at(status, "updatedReplicas");
  out.available_replicas = int_at(status, "availableReplicas");
  out.generation = integer_at(metadata, "generation").value_or(0);
  out.template_hash = fingerprint(object_at(spec, "template"));
  out.selector = selector_text(object_at(spec, "selector"));
  if (const json::object& scale = object_at(target, kScaleKey); !scale.empty()) {
    const json::object& scale_status = object_at(scale, "status");
    out.spec_replicas = int_at(object_at(scale, "spec"), "replicas");
    out.status_replicas = int_at(scale_status, "replicas");
    out.selector = text_at(scale_status, "selector");
  }
  return out;
}

ReplicaSetSample replica_set_view(const json::object& replica_set, const std::string& hpa, RunTime observed) {
  const json::object& metadata = object_at(replica_set, "metadata");
  const json::object& status = object_at(replica_set, "status");
  const json::object& annotations = object_at(metadata, "annotations");
  ReplicaSetSample out;
  out.at = {observed, last_managed(replica_set)};
  out.ns = text_at(metadata, "namespace");
  out.name = text_at(metadata, "name");
  out.uid = text_at(metadata, "uid");
  out.owner = owner_text(metadata);
  out.hpa = hpa;
  out.revision = text_at(annotations, "deployment.kubernetes.io/revision");
  if (out.revision.empty()) out.revision = text_at(annotations, "rollout.argoproj.io/revision");
  out.spec_replicas = optional_int_at(object_at(replica_set, "spec"), "replicas").value_or(1);
  out.status_replicas = int_at(status, "replicas");
  out.ready_replicas = int_at(status, "readyReplicas");
  out.available_replicas = int_at(status, "availableReplicas");
  out.created = time_at(metadata, "creationTimestamp");
  return out;
}

}  // namespace surgeproof::k8s
