#include "tests/k8s/objects.h"

#include <fmt/format.h>

#include <sstream>

namespace surgeproof::k8s {

std::string hpa_json(const std::string& name, int current, int desired, const std::string& resource_version,
                     const std::string& ns) {
  return fmt::format(
      R"({{"metadata":{{"name":"{}","namespace":"{}","uid":"uid-hpa","resourceVersion":"{}",)"
      R"("managedFields":[{{"time":"2026-01-05T10:00:00Z"}},{{"time":"2026-01-05T10:00:07Z"}}]}},)"
      R"("spec":{{"scaleTargetRef":{{"kind":"Deployment","name":"{}","apiVersion":"apps/v1"}},"minReplicas":2,"maxReplicas":5,)"
      R"("metrics":[{{"type":"Resource","resource":{{"name":"cpu","target":{{"type":"Utilization","averageUtilization":70}}}}}}]}},)"
      R"("status":{{"currentReplicas":{},"desiredReplicas":{},)"
      R"("currentMetrics":[{{"type":"Resource","resource":{{"name":"cpu","current":{{"averageUtilization":91,"averageValue":"182m"}}}}}}],)"
      R"("conditions":[{{"type":"AbleToScale","status":"True","reason":"ReadyForNewScale","message":"recommended size matches"}}]}}}})",
      name, ns, resource_version, name, current, desired);
}

std::string deployment_json(const std::string& name, int replicas, int ready, const std::string& resource_version,
                            const std::string& ns) {
  return fmt::format(
      R"({{"metadata":{{"name":"{0}","namespace":"{4}","generation":3,"resourceVersion":"{3}"}},)"
      R"("spec":{{"replicas":{1},"selector":{{"matchLabels":{{"app":"{0}"}}}},"template":{{"spec":{{"containers":[{{"name":"app"}}]}}}}}},)"
      R"("status":{{"replicas":{1},"readyReplicas":{2},"updatedReplicas":{1},"availableReplicas":{2}}}}})",
      name, replicas, ready, resource_version, ns);
}

std::string pod_json(const PodOptions& o) {
  const auto slash = o.owner.find('/');
  const std::string deletion =
      o.deletion_timestamp.empty()
          ? ""
          : fmt::format(R"("deletionTimestamp":"{}","deletionGracePeriodSeconds":30,)", o.deletion_timestamp);
  return fmt::format(
      R"({{"metadata":{{"name":"{}","namespace":"{}","uid":"{}","resourceVersion":"{}",{}"creationTimestamp":"2026-01-05T10:00:01Z",)"
      R"("ownerReferences":[{{"kind":"{}","name":"{}","controller":true}}]}},)"
      R"("spec":{{"nodeName":"node-1","containers":[{{"name":"app","resources":{{"requests":{{"cpu":"200m"}}}}}}]}},)"
      R"("status":{{"phase":"{}","podIP":"10.1.0.7","startTime":"2026-01-05T10:00:02Z",)"
      R"("conditions":[{{"type":"Ready","status":"{}","lastTransitionTime":"2026-01-05T10:00:09Z"}}],)"
      R"("containerStatuses":[{{"name":"app","ready":{},"restartCount":0,"state":{{"running":{{"startedAt":"2026-01-05T10:00:04Z"}}}}}}]}}}})",
      o.name, o.ns, o.uid.empty() ? "uid-" + o.name : o.uid, o.resource_version, deletion, o.owner.substr(0, slash),
      o.owner.substr(slash + 1), o.phase, o.ready ? "True" : "False", o.ready ? "true" : "false");
}

std::string slice_json(const std::string& name, const std::string& service, const std::string& pods,
                       const std::string& resource_version, const std::string& ns) {
  std::string endpoints;
  std::stringstream list(pods);
  for (std::string pod; std::getline(list, pod, ',');) {
    endpoints += fmt::format(
        R"({}{{"addresses":["10.1.0.7"],"conditions":{{"ready":true}},"targetRef":{{"kind":"Pod","name":"{}"}}}})",
        endpoints.empty() ? "" : ",", pod);
  }
  return fmt::format(
      R"({{"metadata":{{"name":"{}","namespace":"{}","resourceVersion":"{}","labels":{{"kubernetes.io/service-name":"{}"}}}},"endpoints":[{}]}})",
      name, ns, resource_version, service, endpoints);
}

std::string event_json(const std::string& uid, const std::string& kind, const std::string& object,
                       const std::string& reason, const std::string& last_timestamp, int count, const std::string& ns) {
  return fmt::format(
      R"({{"metadata":{{"name":"{0}","namespace":"{6}","uid":"{0}","resourceVersion":"1"}},"type":"Normal","reason":"{3}","message":"it happened",)"
      R"("involvedObject":{{"kind":"{1}","namespace":"{6}","name":"{2}"}},"source":{{"component":"test"}},"lastTimestamp":"{4}","count":{5}}})",
      uid, kind, object, reason, last_timestamp, count, ns);
}

std::string metrics_json(const std::string& pod, const std::string& timestamp, const std::string& cpu,
                         const std::string& ns) {
  return fmt::format(
      R"({{"metadata":{{"name":"{}","namespace":"{}"}},"timestamp":"{}","window":"15.2s","containers":[{{"name":"app","usage":{{"cpu":"{}","memory":"20Mi"}}}}]}})",
      pod, ns, timestamp, cpu);
}

std::string watch_line(const std::string& type, const std::string& object) {
  return fmt::format("{{\"type\":\"{}\",\"object\":{}}}\n", type, object);
}

}  // namespace surgeproof::k8s
