// The pod template and who sets the replicas.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "k8s/hpa/selector.h"
#include "k8s/json_access.h"
#include "k8s/views.h"
#include "k8s/workload/spec_views.h"

namespace surgeproof::k8s {
namespace {

using std::chrono::seconds;

std::optional<ProbeSpec> probe_view(const json::object& container, std::string_view key) {
  if (!container.contains(key)) return std::nullopt;
  const json::object& probe = object_at(container, key);
  const auto or_default = [&](std::string_view name, int otherwise) {
    return optional_int_at(probe, name).value_or(otherwise);
  };
  return ProbeSpec{.initial_delay = seconds{int_at(probe, "initialDelaySeconds")},
                   .period = seconds{or_default("periodSeconds", 10)},
                   .timeout = seconds{or_default("timeoutSeconds", 1)},
                   .success_threshold = or_default("successThreshold", 1),
                   .failure_threshold = or_default("failureThreshold", 3)};
}

/// "sleep 10" anywhere in the command's words: how long the first such sleep takes.
std::optional<seconds> sleep_in(const json::array& command) {
  std::string text;
  for (const json::value& word : command) {
    if (const auto* s = word.if_string()) text += std::string{*s} + " ";
  }
  const auto at = text.find("sleep ");
  if (at == std::string::npos) return std::nullopt;
  const char* begin = text.data() + at + 6;
  double count = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), count);
  if (error != std::errc{} || count < 0 || count > 86'400) return std::nullopt;
  return seconds{static_cast<std::int64_t>(*end == 'm' ? count * 60 : count)};
}

std::optional<PreStopSpec> prestop_view(const json::object& container) {
  const json::object& lifecycle = object_at(container, "lifecycle");
  if (!lifecycle.contains("preStop")) return std::nullopt;
  const json::object& prestop = object_at(lifecycle, "preStop");
  if (prestop.contains("sleep")) return PreStopSpec{"sleep", seconds{int_at(object_at(prestop, "sleep"), "seconds")}};
  if (prestop.contains("exec")) return PreStopSpec{"exec", sleep_in(array_at(object_at(prestop, "exec"), "command"))};
  return PreStopSpec{prestop.contains("httpGet") ? "httpGet" : "tcpSocket", std::nullopt};
}

ContainerSpec container_view(const json::object& c, ContainerSpec::Role role) {
  const json::object& requests = object_at(object_at(c, "resources"), "requests");
  const json::object& limits = object_at(object_at(c, "resources"), "limits");
  ContainerSpec out;
  out.name = text_at(c, "name");
  out.role = role;
  out.image = text_at(c, "image");
  out.cpu_request_milli = milli_at(requests, "cpu");
  out.cpu_limit_milli = milli_at(limits, "cpu");
  out.memory_request_bytes = units_at(requests, "memory");
  out.memory_limit_bytes = units_at(limits, "memory");
  out.readiness = probe_view(c, "readinessProbe");
  out.startup = probe_view(c, "startupProbe");
  out.prestop = prestop_view(c);
  for (const json::value& port : array_at(c, "ports")) {
    if (int_at(as_object(port), "hostPort") > 0) out.has_host_port = true;
  }
  return out;
}

bool selects(const json::object& selector, const std::map<std::string, std::string>& labels) {
  const auto parsed = hpa::parse_selector(selector_text(selector));
  return parsed && parsed->matches(hpa::Labels{labels.begin(), labels.end()});
}

/// Pods of the template keep away from each other by host name.
bool keeps_apart(const json::object& spec, const std::map<std::string, std::string>& labels) {
  const json::object& anti = object_at(object_at(spec, "affinity"), "podAntiAffinity");
  return std::ranges::any_of(array_at(anti, "requiredDuringSchedulingIgnoredDuringExecution"), [&](const auto& term) {
    const json::object& o = as_object(term);
    return text_at(o, "topologyKey") == "kubernetes.io/hostname" && selects(object_at(o, "labelSelector"), labels);
  });
}

std::map<std::string, std::string> strings_at(const json::object& parent, std::string_view key) {
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : object_at(parent, key)) {
    if (const auto* s = value.if_string()) out[std::string{name}] = std::string{*s};
  }
  return out;
}

void read_placement(const json::object& spec, PodTemplate& out) {
  out.node_selector = strings_at(spec, "nodeSelector");
  const json::object& node = object_at(object_at(spec, "affinity"), "nodeAffinity");
  out.picks_nodes = !out.node_selector.empty() || node.contains("requiredDuringSchedulingIgnoredDuringExecution");
  out.one_per_node =
      keeps_apart(spec, out.labels) || std::ranges::any_of(out.containers, &ContainerSpec::has_host_port);
  for (const json::value& entry : array_at(spec, "topologySpreadConstraints")) {
    const json::object& c = as_object(entry);
    if (text_at(c, "whenUnsatisfiable") != "ScheduleAnyway") out.hard_spread.push_back(text_at(c, "topologyKey"));
  }
  for (const json::value& entry : array_at(spec, "tolerations")) {
    const auto key = text_at(as_object(entry), "key");
    out.tolerated_taints.push_back(key.empty() ? "*" : key);
  }
}

/// The manifest that `kubectl apply` keeps in an annotation.
bool applied_with_replicas(const json::object& metadata) {
  const auto text = text_at(object_at(metadata, "annotations"), "kubectl.kubernetes.io/last-applied-configuration");
  const auto manifest = text.empty() ? std::nullopt : parse_json(text);
  return manifest && object_at(as_object(*manifest), "spec").contains("replicas");
}

}  // namespace

std::optional<PodTemplate> pod_template_view(const json::object& target) {
  const json::object& spec = object_at(target, "spec");
  const json::object& pod_template = object_at(spec, "template");
  if (array_at(object_at(pod_template, "spec"), "containers").empty()) return std::nullopt;
  const json::object& pod = object_at(pod_template, "spec");
  PodTemplate out;
  out.labels = strings_at(object_at(pod_template, "metadata"), "labels");
  for (const json::value& c : array_at(pod, "containers")) {
    out.containers.push_back(container_view(as_object(c), ContainerSpec::Role::main));
  }
  for (const json::value& c : array_at(pod, "initContainers")) {
    const bool sidecar = text_at(as_object(c), "restartPolicy") == "Always";
    out.containers.push_back(
        container_view(as_object(c), sidecar ? ContainerSpec::Role::sidecar : ContainerSpec::Role::init));
  }
  out.grace = seconds{optional_int_at(pod, "terminationGracePeriodSeconds").value_or(30)};
  const json::object& pod_requests = object_at(object_at(pod, "resources"), "requests");
  out.pod_cpu_request_milli = milli_at(pod_requests, "cpu");
  out.pod_memory_request_bytes = units_at(pod_requests, "memory");
  out.min_ready = seconds{int_at(spec, "minReadySeconds")};
  read_placement(pod, out);
  return out;
}

std::optional<FieldOwner> replicas_owner_view(const json::object& target) {
  const json::object& metadata = object_at(target, "metadata");
  if (applied_with_replicas(metadata)) return FieldOwner{"kubectl apply", "Apply", std::nullopt};
  std::optional<FieldOwner> owner;
  for (const json::value& entry : array_at(metadata, "managedFields")) {
    const json::object& o = as_object(entry);
    if (text_at(o, "subresource") == "scale") continue;
    if (!object_at(object_at(o, "fieldsV1"), "f:spec").contains("f:replicas")) continue;
    FieldOwner found{text_at(o, "manager"), text_at(o, "operation"), time_at(o, "time")};
    if (found.manager == "kube-controller-manager") continue;
    if (!owner || owner->at < found.at) owner = std::move(found);
  }
  return owner;
}

std::optional<DisruptionBudget> budget_view(const json::object& budget,
                                            const std::map<std::string, std::string>& labels) {
  const json::object& status = object_at(budget, "status");
  if (!selects(object_at(object_at(budget, "spec"), "selector"), labels)) return std::nullopt;
  return DisruptionBudget{text_at(object_at(budget, "metadata"), "name"), int_at(status, "disruptionsAllowed"),
                          int_at(status, "currentHealthy"), int_at(status, "desiredHealthy"),
                          int_at(status, "expectedPods")};
}

std::optional<ServiceFacts> service_view(const json::object& service,
                                         const std::map<std::string, std::string>& labels) {
  const json::object& spec = object_at(service, "spec");
  const json::object& selector = object_at(spec, "selector");
  if (selector.empty() || !selects(selector, labels)) return std::nullopt;
  const auto type = text_at(spec, "type");
  return ServiceFacts{text_at(object_at(service, "metadata"), "name"), type.empty() ? "ClusterIP" : type};
}

}  // namespace surgeproof::k8s
