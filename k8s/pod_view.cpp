#include <algorithm>

#include "k8s/json_access.h"
#include "k8s/views.h"

namespace surgeproof::k8s {
namespace {

/// The entry of a list whose `name` is given; empty when there is none.
const json::object& named(const json::array& list, std::string_view name) {
  for (const json::value& entry : list) {
    const json::object& o = as_object(entry);
    if (text_at(o, "name") == name) return o;
  }
  static const json::object nothing;
  return nothing;
}

void read_state(const json::object& status, ContainerState& out) {
  out.ready = flag_at(status, "ready").value_or(false);
  out.restarts = int_at(status, "restartCount");
  const json::object& state = object_at(status, "state");
  out.state = "waiting";  // as the API documents it when nothing is said
  for (const char* kind : {"waiting", "running", "terminated"}) {
    if (!state.contains(kind)) continue;
    const json::object& s = object_at(state, kind);
    out.state = kind;
    out.reason = text_at(s, "reason");
    out.exit_code = optional_int_at(s, "exitCode");
    out.started = time_at(s, "startedAt");
    out.finished = time_at(s, "finishedAt");
    break;
  }
  const json::object& last = object_at(object_at(status, "lastState"), "terminated");
  out.last_reason = text_at(last, "reason");
  out.last_exit_code = optional_int_at(last, "exitCode");
  out.last_finished = time_at(last, "finishedAt");
}

ContainerState container_view(const json::object& spec, const json::object& status, bool sidecar) {
  ContainerState out;
  out.name = text_at(spec, "name");
  out.sidecar = sidecar;
  read_state(status, out);
  out.cpu_request_millicores = milli_at(object_at(object_at(spec, "resources"), "requests"), "cpu");
  out.cpu_limit_millicores = milli_at(object_at(object_at(spec, "resources"), "limits"), "cpu");
  out.has_readiness_probe = spec.contains("readinessProbe");
  if (out.has_readiness_probe) {
    out.readiness_initial_delay_s = int_at(object_at(spec, "readinessProbe"), "initialDelaySeconds");
  }
  out.has_prestop = object_at(spec, "lifecycle").contains("preStop");
  return out;
}

std::vector<ContainerState> containers_view(const json::object& spec, const json::object& status) {
  std::vector<ContainerState> out;
  for (const json::value& entry : array_at(spec, "containers")) {
    const json::object& c = as_object(entry);
    out.push_back(container_view(c, named(array_at(status, "containerStatuses"), text_at(c, "name")), false));
  }
  for (const json::value& entry : array_at(spec, "initContainers")) {
    const json::object& c = as_object(entry);
    if (text_at(c, "restartPolicy") != "Always") continue;
    out.push_back(container_view(c, named(array_at(status, "initContainerStatuses"), text_at(c, "name")), true));
  }
  return out;
}

void read_conditions(const json::object& status, PodSample& out) {
  for (const json::value& entry : array_at(status, "conditions")) {
    const json::object& c = as_object(entry);
    const std::string type = text_at(c, "type");
    const bool holds = text_at(c, "status") == "True";
    const auto since = time_at(c, "lastTransitionTime");
    if (type == "Ready") {
      out.ready = holds;
      out.ready_changed = since;
    } else if (type == "PodScheduled") {
      if (holds) out.scheduled = since;
      if (!holds) out.scheduling_message = text_at(c, "message");
    } else if (type == "Initialized" && holds) {
      out.initialized = since;
    }
  }
}

void read_deletion(const json::object& metadata, PodSample& out) {
  const auto deadline = time_at(metadata, "deletionTimestamp");
  if (!deadline) return;
  out.deletion_grace = std::chrono::seconds{std::max(0, int_at(metadata, "deletionGracePeriodSeconds"))};
  out.deletion_requested = *deadline - *out.deletion_grace;
}

}  // namespace

std::string owner_text(const json::object& metadata) {
  for (const json::value& entry : array_at(metadata, "ownerReferences")) {
    const json::object& owner = as_object(entry);
    if (flag_at(owner, "controller").value_or(false)) return text_at(owner, "kind") + "/" + text_at(owner, "name");
  }
  return {};
}

PodSample pod_view(const json::object& pod, const std::string& hpa, RunTime observed) {
  const json::object& metadata = object_at(pod, "metadata");
  const json::object& spec = object_at(pod, "spec");
  const json::object& status = object_at(pod, "status");
  PodSample out;
  out.at = {observed, last_managed(pod)};
  out.ns = text_at(metadata, "namespace");
  out.name = text_at(metadata, "name");
  out.uid = text_at(metadata, "uid");
  out.owner = owner_text(metadata);
  out.hpa = hpa;
  out.phase = text_at(status, "phase");
  out.reason = text_at(status, "reason");
  out.node = text_at(spec, "nodeName");
  out.ip = text_at(status, "podIP");
  out.created = time_at(metadata, "creationTimestamp");
  out.started = time_at(status, "startTime");
  read_conditions(status, out);
  read_deletion(metadata, out);
  out.containers = containers_view(spec, status);
  return out;
}

}  // namespace surgeproof::k8s
