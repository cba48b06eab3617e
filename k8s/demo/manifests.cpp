#include "k8s/demo/manifests.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/duration.h"

namespace surgeproof::demo {
namespace json = boost::json;
namespace {

json::object variable(std::string_view name, std::string value) {
  return {{"name", name}, {"value", std::move(value)}};
}

json::array environment(const AppOptions& app) {
  return {variable("CPU_PER_REQUEST", format_duration_exact(app.cpu_per_request)),
          variable("WAIT_PER_REQUEST", format_duration_exact(app.wait_per_request)),
          variable("START_DELAY", format_duration_exact(app.start_delay)),
          variable("ON_SIGTERM", app.drains ? "drain" : "abrupt")};
}

json::object resources(const AppOptions& app) {
  json::object requests{{"memory", "32Mi"}};
  json::object limits{{"memory", "64Mi"}};
  if (app.cpu_request) requests["cpu"] = fmt::format("{}m", app.cpu_request->value);
  if (app.cpu_limit) limits["cpu"] = fmt::format("{}m", app.cpu_limit->value);
  return {{"requests", std::move(requests)}, {"limits", std::move(limits)}};
}

json::object container(const DemoOptions& o, std::uint16_t port) {
  json::object c{{"name", "app"},
                 {"image", "registry.local/todo:1.0"},
                 {"imagePullPolicy", "IfNotPresent"},
                 {"env", environment(o.app)},
                 {"ports", json::array{json::object{{"name", "http"}, {"containerPort", port}, {"protocol", "TCP"}}}},
                 {"resources", resources(o.app)},
                 {"terminationMessagePath", "/dev/termination-log"},
                 {"terminationMessagePolicy", "File"}};
  if (o.pod.readiness_probe) {
    c["readinessProbe"] =
        json::object{{"httpGet", json::object{{"path", "/api/health"}, {"port", "http"}, {"scheme", "HTTP"}}},
                     {"initialDelaySeconds", o.pod.probe_initial_delay.count()},
                     {"periodSeconds", o.pod.probe_period.count()},
                     {"timeoutSeconds", 1},
                     {"successThreshold", 1},
                     {"failureThreshold", 3}};
  }
  if (o.pod.prestop_sleep.count() > 0) {
    c["lifecycle"] =
        json::object{{"preStop", json::object{{"sleep", json::object{{"seconds", o.pod.prestop_sleep.count()}}}}}};
  }
  return c;
}

json::object metadata(const DemoOptions& o) {
  return {{"name", o.name}, {"namespace", o.ns}, {"labels", json::object{{"app", o.name}}}};
}

}  // namespace

json::object node_manifest() {
  const auto condition = [](std::string_view type, std::string_view status, std::string_view reason) {
    return json::object{{"type", type}, {"status", status}, {"reason", reason}};
  };
  return {
      {"metadata",
       json::object{{"name", kNodeName},
                    {"labels", json::object{{"kubernetes.io/hostname", kNodeName}, {"kubernetes.io/os", "linux"}}}}},
      {"spec", json::object{}},
      {"status",
       json::object{{"capacity", json::object{{"cpu", "16"}, {"memory", "32Gi"}, {"pods", "110"}}},
                    {"allocatable", json::object{{"cpu", "16"}, {"memory", "32Gi"}, {"pods", "110"}}},
                    {"conditions", json::array{condition("Ready", "True", "KubeletReady"),
                                               condition("MemoryPressure", "False", "KubeletHasSufficientMemory")}},
                    {"addresses", json::array{json::object{{"type", "InternalIP"}, {"address", "127.0.0.1"}}}},
                    {"nodeInfo", json::object{{"kubeletVersion", "v1.34.0"},
                                              {"osImage", "Surgeproof demo"},
                                              {"operatingSystem", "linux"},
                                              {"architecture", "amd64"},
                                              {"kernelVersion", ""},
                                              {"containerRuntimeVersion", "demo://1"}}}}}};
}

json::object namespace_manifest(const std::string& name) {
  return {{"metadata", json::object{{"name", name}, {"labels", json::object{{"kubernetes.io/metadata.name", name}}}}},
          {"spec", json::object{{"finalizers", json::array{"kubernetes"}}}},
          {"status", json::object{{"phase", "Active"}}}};
}

json::object deployment_manifest(const DemoOptions& o, std::uint16_t port) {
  const json::object labels{{"app", o.name}};
  const json::object pod_spec{{"containers", json::array{container(o, port)}},
                              {"restartPolicy", "Always"},
                              {"terminationGracePeriodSeconds", o.pod.termination_grace.count()},
                              {"dnsPolicy", "ClusterFirst"},
                              {"schedulerName", "default-scheduler"},
                              {"securityContext", json::object{}}};
  return {{"metadata", metadata(o)},
          {"spec",
           json::object{{"replicas", o.scaling.min_replicas},
                        {"selector", json::object{{"matchLabels", labels}}},
                        {"template", json::object{{"metadata", json::object{{"labels", labels}}}, {"spec", pod_spec}}},
                        {"strategy",
                         json::object{{"type", "RollingUpdate"},
                                      {"rollingUpdate", json::object{{"maxSurge", "25%"}, {"maxUnavailable", "25%"}}}}},
                        {"revisionHistoryLimit", 10},
                        {"progressDeadlineSeconds", 600}}}};
}

json::object service_manifest(const DemoOptions& o) {
  return {{"metadata", metadata(o)},
          {"spec",
           json::object{{"type", "ClusterIP"},
                        {"clusterIP", "127.0.0.1"},
                        {"clusterIPs", json::array{"127.0.0.1"}},
                        {"selector", json::object{{"app", o.name}}},
                        {"sessionAffinity", "None"},
                        {"ports", json::array{json::object{
                                      {"name", "http"}, {"port", 80}, {"targetPort", "http"}, {"protocol", "TCP"}}}}}},
          {"status", json::object{{"loadBalancer", json::object{}}}}};
}

json::object hpa_manifest(const DemoOptions& o) {
  const json::object target{{"type", "Utilization"}, {"averageUtilization", o.scaling.target_cpu_percent}};
  const auto policy = [](std::string_view type, int value) {
    return json::object{{"type", type}, {"value", value}, {"periodSeconds", 15}};
  };
  return {{"metadata", metadata(o)},
          {"spec",
           json::object{
               {"scaleTargetRef", json::object{{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", o.name}}},
               {"minReplicas", o.scaling.min_replicas},
               {"maxReplicas", o.scaling.max_replicas},
               {"metrics", json::array{json::object{{"type", "Resource"},
                                                    {"resource", json::object{{"name", "cpu"}, {"target", target}}}}}},
               {"behavior",
                json::object{
                    {"scaleUp", json::object{{"stabilizationWindowSeconds", 0},
                                             {"selectPolicy", "Max"},
                                             {"policies", json::array{policy("Pods", 4), policy("Percent", 100)}}}},
                    {"scaleDown", json::object{{"stabilizationWindowSeconds", o.scaling.scale_down_window.count()},
                                               {"selectPolicy", "Max"},
                                               {"policies", json::array{policy("Percent", 100)}}}}}}}}};
}

}  // namespace surgeproof::demo
