#include "k8s/hpa/samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/hpa/go_arithmetic.h"

namespace surgeproof::hpa {
namespace {

std::string words(const Failure& failure) {
  if (!failure.message.empty()) return failure.message;
  if (!failure.reason.empty()) return failure.reason;
  return failure.code != 0 ? fmt::format("status {}", failure.code)
                           : "the server could not find the requested resource";
}

/// Two metric selectors ask for the same if they come down to the same requirements.
bool same_request(const StructuredSelector& a, const std::optional<StructuredSelector>& b) {
  const StructuredSelector& wanted = b ? *b : StructuredSelector{};
  return a == wanted || to_selector(a) == to_selector(wanted);
}

/// Usage of one container of the pod, or of all; empty: no sample.
std::optional<std::int64_t> pod_usage(const PodMetrics& pod, std::string_view resource) {
  if (pod.containers.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const auto& container : pod.containers) {
    const auto usage = container.usage.find(resource);
    if (usage == container.usage.end()) return std::nullopt;
    sum = wrapping_add(sum, usage->second);
  }
  return sum;
}

const CustomMetricAnswer* find_answer(const World& world, const MetricSpec& metric,
                                      const std::optional<ObjectReference>& object) {
  const auto found = std::ranges::find_if(world.custom_metrics, [&](const CustomMetricAnswer& a) {
    if (a.metric != metric.name || a.object.has_value() != object.has_value()) return false;
    if (object && (a.object->kind != object->kind || a.object->name != object->name)) return false;
    return same_request(a.selector, metric.selector);
  });
  return found == world.custom_metrics.end() ? nullptr : &*found;
}

constexpr std::string_view kCustomFailed = "unable to fetch metrics from custom metrics API: ";

}  // namespace

std::expected<PodSamples, std::string> resource_samples(const World& world, const Selector& pods,
                                                        std::string_view resource, std::string_view container) {
  if (!world.pod_metrics) {
    return std::unexpected("unable to fetch metrics from resource metrics API: " + words(world.pod_metrics.error()));
  }
  PodSamples samples;
  bool any = false;
  for (const auto& pod : *world.pod_metrics) {
    if (pod.ns != world.hpa.ns || !pods.matches(pod.labels)) continue;
    any = true;
    std::optional<std::int64_t> value;
    if (container.empty()) {
      value = pod_usage(pod, resource);
    } else {
      const auto found = std::ranges::find(pod.containers, container, &ContainerUsageMilli::name);
      if (found != pod.containers.end()) {
        if (const auto usage = found->usage.find(resource); usage != found->usage.end()) value = usage->second;
      }
    }
    if (value) samples[pod.name] = {pod.timestamp.value_or(kUnsetTime), pod.window, *value};
  }
  if (!any) return std::unexpected("no metrics returned from resource metrics API");
  return samples;
}

std::expected<PodSamples, std::string> custom_samples(const World& world, const MetricSpec& metric) {
  const auto* answer = find_answer(world, metric, std::nullopt);
  if (answer == nullptr) return std::unexpected(std::string(kCustomFailed) + words({}));
  if (!answer->response) return std::unexpected(std::string(kCustomFailed) + words(answer->response.error()));
  if (answer->response->empty()) return std::unexpected("no metrics returned from custom metrics API");
  constexpr std::chrono::minutes kDefaultWindow{1};
  PodSamples samples;
  for (const auto& item : *answer->response) {
    const std::chrono::nanoseconds window = item.window ? std::chrono::nanoseconds(*item.window) : kDefaultWindow;
    samples[item.object_name] = {item.timestamp.value_or(kUnsetTime), window, item.value_milli};
  }
  return samples;
}

std::expected<std::int64_t, std::string> object_value(const World& world, const MetricSpec& metric) {
  ObjectReference object = metric.described_object;
  const bool core_group = object.api_version.find('/') == std::string::npos;
  if (object.kind == "Namespace" && core_group) object.name = world.hpa.ns;
  const auto* answer = find_answer(world, metric, object);
  if (answer == nullptr) return std::unexpected(std::string(kCustomFailed) + words({}));
  if (!answer->response) return std::unexpected(std::string(kCustomFailed) + words(answer->response.error()));
  if (answer->response->size() != 1) {
    return std::unexpected(
        fmt::format("{}the custom metrics API server returned {} results when we asked for exactly one", kCustomFailed,
                    answer->response->size()));
  }
  return answer->response->front().value_milli;
}

std::expected<std::vector<std::int64_t>, std::string> external_values(const World& world, const MetricSpec& metric) {
  constexpr std::string_view kFailed = "unable to fetch metrics from external metrics API: ";
  const auto found = std::ranges::find_if(world.external_metrics, [&](const ExternalMetricAnswer& a) {
    return a.metric == metric.name && same_request(a.selector, metric.selector);
  });
  if (found == world.external_metrics.end()) return std::unexpected(std::string(kFailed) + words({}));
  if (!found->response) return std::unexpected(std::string(kFailed) + words(found->response.error()));
  if (found->response->empty()) return std::unexpected("no metrics returned from external metrics API");
  return *found->response;
}

}  // namespace surgeproof::hpa
