// What surrounds the HPA, from JSON: scale, pods, and the answers of the metrics APIs.
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;

ResourceList resources_of(const json::value& v) {
  ResourceList list;
  if (const auto* fields = v.if_object()) {
    for (const auto& entry : *fields) {
      if (const auto amount = milli_of(entry.value())) list.emplace(std::string(entry.key()), *amount);
    }
  }
  return list;
}

std::optional<ResourceList> optional_resources_of(const json::value& v) {
  return v.is_object() ? std::optional(resources_of(v)) : std::nullopt;
}

PodPhase phase_of(std::string_view name) {
  if (name == "Pending") return PodPhase::pending;
  if (name == "Running") return PodPhase::running;
  if (name == "Succeeded") return PodPhase::succeeded;
  return name == "Failed" ? PodPhase::failed : PodPhase::unknown;
}

Container container_of(const json::value& v) {
  return {text_of(field(v, "name")), text_of(field(v, "restartPolicy")) == "Always",
          resources_of(field(field(v, "resources"), "requests"))};
}

PodMetrics metrics_of(const json::value& v) {
  PodMetrics metrics;
  const json::value& meta = field(v, "metadata");
  metrics.ns = text_of(field(meta, "namespace"));
  metrics.name = text_of(field(meta, "name"));
  metrics.labels = labels_of(field(meta, "labels"));
  metrics.timestamp = time_of(field(v, "timestamp"));
  metrics.window = duration_of(field(v, "window")).value_or(std::chrono::nanoseconds{0});
  for (const auto& c : items_of(field(v, "containers"))) {
    metrics.containers.push_back({text_of(field(c, "name")), resources_of(field(c, "usage"))});
  }
  return metrics;
}

CustomMetricValue custom_value_of(const json::value& v) {
  CustomMetricValue value;
  value.object_name = text_of(field(field(v, "describedObject"), "name"));
  value.value_milli = milli_of(field(v, "value")).value_or(0);
  value.timestamp = time_of(field(v, "timestamp"));
  if (const auto window = int_of(field(v, "windowSeconds"))) value.window = std::chrono::seconds(*window);
  return value;
}

}  // namespace

std::expected<Scale, Failure> scale_from_json(const json::value& scale) {
  if (is_failure(scale)) return std::unexpected(failure_of(scale));
  return Scale{int_of(field(field(scale, "spec"), "replicas")).value_or(0),
               int_of(field(field(scale, "status"), "replicas")).value_or(0),
               text_of(field(field(scale, "status"), "selector"))};
}

Pod pod_from_json(const json::value& v) {
  Pod pod;
  const json::value& meta = field(v, "metadata");
  const json::value& spec = field(v, "spec");
  const json::value& status = field(v, "status");
  pod.ns = text_of(field(meta, "namespace"));
  pod.name = text_of(field(meta, "name"));
  pod.labels = labels_of(field(meta, "labels"));
  pod.terminating = field(meta, "deletionTimestamp").is_string();
  pod.phase = phase_of(text_of(field(status, "phase")));
  pod.start_time = time_of(field(status, "startTime"));
  for (const auto& condition : items_of(field(status, "conditions"))) {
    if (text_of(field(condition, "type")) != "Ready") continue;
    pod.ready = text_of(field(condition, "status"));
    pod.ready_since = time_of(field(condition, "lastTransitionTime"));
    break;
  }
  for (const auto& c : items_of(field(spec, "containers"))) pod.containers.push_back(container_of(c));
  for (const auto& c : items_of(field(spec, "initContainers"))) pod.init_containers.push_back(container_of(c));
  pod.pod_requests = optional_resources_of(field(field(spec, "resources"), "requests"));
  pod.overhead = optional_resources_of(field(spec, "overhead"));
  return pod;
}

std::vector<Pod> pods_from_json(const json::value& list) {
  std::vector<Pod> pods;
  for (const auto& pod : items_of(list)) pods.push_back(pod_from_json(pod));
  return pods;
}

std::expected<std::vector<PodMetrics>, Failure> pod_metrics_from_json(const json::value& list) {
  if (!list.is_array() && is_failure(list)) return std::unexpected(failure_of(list));
  std::vector<PodMetrics> metrics;
  for (const auto& item : items_of(list)) metrics.push_back(metrics_of(item));
  return metrics;
}

std::vector<CustomMetricAnswer> custom_metrics_from_json(const json::value& answers) {
  std::vector<CustomMetricAnswer> result;
  for (const auto& v : items_of(answers)) {
    auto& answer = result.emplace_back();
    answer.metric = text_of(field(v, "metric"));
    if (const json::value& object = field(v, "object"); object.is_object()) {
      answer.object = ObjectReference{"", text_of(field(object, "kind")), text_of(field(object, "name"))};
    }
    answer.selector = structured_selector_of(field(v, "selector")).value_or(StructuredSelector{});
    const json::value& response = field(v, "response");
    if (is_failure(response)) {
      answer.response = std::unexpected(failure_of(response));
    } else {
      for (const auto& item : items_of(response)) answer.response->push_back(custom_value_of(item));
    }
  }
  return result;
}

std::vector<ExternalMetricAnswer> external_metrics_from_json(const json::value& answers) {
  std::vector<ExternalMetricAnswer> result;
  for (const auto& v : items_of(answers)) {
    auto& answer = result.emplace_back();
    answer.metric = text_of(field(v, "metric"));
    answer.selector = structured_selector_of(field(v, "selector")).value_or(StructuredSelector{});
    const json::value& response = field(v, "response");
    if (is_failure(response)) {
      answer.response = std::unexpected(failure_of(response));
    } else {
      for (const auto& item : items_of(response))
        answer.response->push_back(milli_of(field(item, "value")).value_or(0));
    }
  }
  return result;
}

World world_from_json(const json::value& hpa, const json::value& scale, const json::value& pods,
                      const json::value& pod_metrics) {
  World world;
  world.hpa = autoscaler_from_json(hpa);
  world.scale = scale_from_json(scale);
  world.pods = pods_from_json(pods);
  world.pod_metrics = pod_metrics_from_json(pod_metrics);
  return world;
}

}  // namespace surgeproof::hpa
