#include <boost/json.hpp>

#include "k8s/demo/api/admission.h"
#include "k8s/demo/api/json_path.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

void set_missing(json::object& o, std::string_view key, json::value value) {
  json::value& present = o[key];
  if (present.is_null()) present = std::move(value);
}

void default_policies(json::object& rules, json::array policies) {
  set_missing(rules, "selectPolicy", "Max");
  if (array_at(rules, "policies").empty()) rules["policies"] = std::move(policies);
}

json::object policy(std::string_view type, int value) {
  return {{"type", type}, {"value", value}, {"periodSeconds", 15}};
}

void default_hpa(json::object& hpa) {
  json::object& spec = ensure_object(hpa, "spec");
  set_missing(spec, "minReplicas", 1);
  if (array_at(spec, "metrics").empty()) {
    json::object target{{"type", "Utilization"}, {"averageUtilization", 80}};
    spec["metrics"] = json::array{
        json::object{{"type", "Resource"}, {"resource", json::object{{"name", "cpu"}, {"target", std::move(target)}}}}};
  }
  json::value* behavior = spec.if_contains("behavior");
  if (behavior == nullptr || !behavior->is_object()) return;
  json::object& up = ensure_object(behavior->get_object(), "scaleUp");
  set_missing(up, "stabilizationWindowSeconds", 0);
  default_policies(up, {policy("Pods", 4), policy("Percent", 100)});
  json::object& down = ensure_object(behavior->get_object(), "scaleDown");
  default_policies(down, {policy("Percent", 100)});
}

void default_probe(json::object& container, std::string_view name) {
  json::value* v = container.if_contains(name);
  if (v == nullptr || !v->is_object()) return;
  json::object& probe = v->get_object();
  // Clients that know the type leave a zero out: written always, so that a template that comes back is the same.
  set_missing(probe, "initialDelaySeconds", 0);
  set_missing(probe, "timeoutSeconds", 1);
  set_missing(probe, "periodSeconds", 10);
  set_missing(probe, "successThreshold", 1);
  set_missing(probe, "failureThreshold", 3);
  if (json::value* get = probe.if_contains("httpGet"); get != nullptr && get->is_object()) {
    set_missing(get->get_object(), "path", "/");
    set_missing(get->get_object(), "scheme", "HTTP");
  }
}

void default_container(json::object& container) {
  set_missing(container, "terminationMessagePath", "/dev/termination-log");
  set_missing(container, "terminationMessagePolicy", "File");
  set_missing(container, "resources", json::object{});
  const auto image = text_at(container, "image");
  const auto colon = image.rfind(':');
  const bool latest = colon == std::string_view::npos || image.find('/', colon) != std::string_view::npos ||
                      image.substr(colon) == ":latest";
  set_missing(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
  for (const auto name : {"readinessProbe", "livenessProbe", "startupProbe"}) default_probe(container, name);
  json::value* ports = container.if_contains("ports");
  if (ports == nullptr || !ports->is_array()) return;
  for (json::value& port : ports->get_array()) {
    if (port.is_object()) set_missing(port.get_object(), "protocol", "TCP");
  }
}

void default_pod_spec(json::object& spec) {
  set_missing(spec, "restartPolicy", "Always");
  set_missing(spec, "dnsPolicy", "ClusterFirst");
  set_missing(spec, "schedulerName", "default-scheduler");
  set_missing(spec, "terminationGracePeriodSeconds", 30);
  set_missing(spec, "securityContext", json::object{});
  for (const auto list : {"containers", "initContainers"}) {
    json::value* containers = spec.if_contains(list);
    if (containers == nullptr || !containers->is_array()) continue;
    for (json::value& container : containers->get_array()) {
      if (container.is_object()) default_container(container.get_object());
    }
  }
}

void default_deployment(json::object& deployment) {
  json::object& spec = ensure_object(deployment, "spec");
  set_missing(spec, "replicas", 1);
  set_missing(spec, "revisionHistoryLimit", 10);
  set_missing(spec, "progressDeadlineSeconds", 600);
  json::object& strategy = ensure_object(spec, "strategy");
  set_missing(strategy, "type", "RollingUpdate");
  if (text_at(strategy, "type") == "RollingUpdate") {
    json::object& rolling = ensure_object(strategy, "rollingUpdate");
    set_missing(rolling, "maxUnavailable", "25%");
    set_missing(rolling, "maxSurge", "25%");
  }
  default_pod_spec(ensure_object(spec, "template.spec"));
}

void default_service(json::object& service) {
  json::object& spec = ensure_object(service, "spec");
  set_missing(spec, "type", "ClusterIP");
  set_missing(spec, "sessionAffinity", "None");
  json::value* ports = spec.if_contains("ports");
  if (ports == nullptr || !ports->is_array()) return;
  for (json::value& v : ports->get_array()) {
    if (!v.is_object()) continue;
    json::object& port = v.get_object();
    set_missing(port, "protocol", "TCP");
    if (const json::value* number = port.if_contains("port")) set_missing(port, "targetPort", *number);
  }
}

void drop_nulls(json::value& v);

/// `"creationTimestamp": null` means that there is none.
void drop_nulls(json::object& o) {
  std::vector<std::string> nulls;
  for (auto& [key, value] : o) {
    if (value.is_null()) {
      nulls.emplace_back(key);
    } else {
      drop_nulls(value);
    }
  }
  for (const std::string& key : nulls) o.erase(key);
}

void drop_nulls(json::value& v) {
  if (json::object* o = v.if_object()) drop_nulls(*o);
  if (json::array* a = v.if_array()) {
    for (json::value& element : *a) drop_nulls(element);
  }
}

}  // namespace

void set_defaults(const ResourceType& type, json::object& object) {
  drop_nulls(object);
  if (&type == &types::kHpas) default_hpa(object);
  if (&type == &types::kDeployments) default_deployment(object);
  if (&type == &types::kReplicaSets) default_pod_spec(ensure_object(object, "spec.template.spec"));
  if (&type == &types::kPods) default_pod_spec(ensure_object(object, "spec"));
  if (&type == &types::kServices) default_service(object);
  if (&type == &types::kNamespaces) set_missing(ensure_object(object, "status"), "phase", "Active");
}

}  // namespace surgeproof::demo
