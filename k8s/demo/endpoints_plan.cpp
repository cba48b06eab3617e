#include "k8s/demo/endpoints_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

json::object endpoint_of(const json::object& pod) {
  const bool terminating = is_terminating(pod);
  const bool serving = is_pod_ready(pod);
  return {{"addresses", json::array{text_at(pod, "status.podIP")}},
          {"conditions",
           json::object{{"ready", serving && !terminating}, {"serving", serving}, {"terminating", terminating}}},
          {"nodeName", text_at(pod, "spec.nodeName")},
          {"targetRef", json::object{{"kind", "Pod"},
                                     {"namespace", text_at(pod, "metadata.namespace")},
                                     {"name", text_at(pod, "metadata.name")},
                                     {"uid", text_at(pod, "metadata.uid")}}}};
}

/// The number behind a targetPort: itself, or the container port of that name in the first pod that has it.
std::int64_t resolve_port(const json::object& service_port, const std::vector<ObjectPtr>& pods) {
  if (const auto number = int_at(service_port, "targetPort")) return *number;
  const auto wanted = text_at(service_port, "targetPort");
  for (const ObjectPtr& pod : pods) {
    for (const json::value& container : array_at(*pod, "spec.containers")) {
      if (!container.is_object()) continue;
      for (const json::value& port : array_at(container.get_object(), "ports")) {
        if (port.is_object() && text_at(port.get_object(), "name") == wanted) {
          return int_at(port.get_object(), "containerPort").value_or(0);
        }
      }
    }
  }
  return int_at(service_port, "port").value_or(0);
}

}  // namespace

json::object plan_endpoint_slice(const json::object& service, const std::vector<ObjectPtr>& pods) {
  const auto name = text_at(service, "metadata.name");
  json::array endpoints;
  for (const ObjectPtr& pod : pods) {
    if (!text_at(*pod, "status.podIP").empty() && !is_pod_finished(*pod)) endpoints.push_back(endpoint_of(*pod));
  }
  json::array ports;
  for (const json::value& v : array_at(service, "spec.ports")) {
    if (!v.is_object()) continue;
    ports.push_back(json::object{
        {"name", text_at(v.get_object(), "name")}, {"port", resolve_port(v.get_object(), pods)}, {"protocol", "TCP"}});
  }
  return {{"metadata", json::object{{"name", fmt::format("{}-s7g4q", name)},
                                    {"namespace", text_at(service, "metadata.namespace")},
                                    {"labels", json::object{{"kubernetes.io/service-name", name},
                                                            {"endpointslice.kubernetes.io/managed-by",
                                                             "endpointslice-controller.k8s.io"}}},
                                    {"ownerReferences", owner_references(service)}}},
          {"addressType", "IPv4"},
          {"endpoints", std::move(endpoints)},
          {"ports", std::move(ports)}};
}

}  // namespace surgeproof::demo
