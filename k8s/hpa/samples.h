// From the answers of the metrics APIs to one number per pod, object or series.
// Mirrors pkg/controller/podautoscaler/metrics/client.go.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/selector.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// The time of an object's field that is not set: before every other time.
inline constexpr WallTime kUnsetTime = WallTime::min();

/// One pod's number. Mirrors metrics.PodMetric.
struct PodSampleMilli {
  WallTime timestamp = kUnsetTime;
  std::chrono::nanoseconds window{0};
  std::int64_t value = 0;
};

/// By pod name.
using PodSamples = std::map<std::string, PodSampleMilli, std::less<>>;

/// GetResourceMetric: usage of `resource`, summed over the pod's containers, or of one container. A pod with a
/// container that lacks the resource, or without the one container, has no sample. The error is one sentence.
std::expected<PodSamples, std::string> resource_samples(const World& world, const Selector& pods,
                                                        std::string_view resource, std::string_view container);

/// GetRawMetric: a custom metric of every pod.
std::expected<PodSamples, std::string> custom_samples(const World& world, const MetricSpec& metric);

/// GetObjectMetric: a custom metric of one object, in thousandths.
std::expected<std::int64_t, std::string> object_value(const World& world, const MetricSpec& metric);

/// GetExternalMetric: the values of every series, in thousandths.
std::expected<std::vector<std::int64_t>, std::string> external_values(const World& world, const MetricSpec& metric);

}  // namespace surgeproof::hpa
