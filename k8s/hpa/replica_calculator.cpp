#include "k8s/hpa/replica_calculator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "k8s/hpa/go_arithmetic.h"
#include "k8s/hpa/pods.h"
#include "k8s/hpa/samples.h"

namespace surgeproof::hpa {
namespace {

using Outcome = std::expected<void, std::string>;

constexpr std::string_view kNoPods = "no pods returned by selector while calculating replica count";
constexpr std::string_view kNoSamples = "did not receive metrics for targeted pods (pods might be unready)";

/// Usage against target of a set of samples.
struct Usage {
  double ratio = 0;
  std::int32_t utilization = 0;  ///< whole percent; utilization targets only
  std::int64_t average = 0;      ///< milli
};

using Measure = std::function<std::expected<Usage, std::string>(const PodSamples&)>;

/// GetResourceUtilizationRatio (metrics/utilization.go). Samples of unknown pods are left out.
std::expected<Usage, std::string> measure_utilization(const PodSamples& samples, const PodRequestsMilli& requests,
                                                      std::int32_t target_percent) {
  std::int64_t used = 0;
  std::int64_t requested = 0;
  std::int64_t entries = 0;
  for (const auto& [pod, sample] : samples) {
    const auto request = requests.find(pod);
    if (request == requests.end()) continue;
    used = wrapping_add(used, sample.value);
    requested = wrapping_add(requested, request->second);
    ++entries;
  }
  if (requested == 0) return std::unexpected("no metrics returned matched known pods");
  const auto percent = static_cast<std::int32_t>(wrapping_multiply(used, 100) / requested);
  return Usage{static_cast<double>(percent) / static_cast<double>(target_percent), percent, used / entries};
}

/// GetMetricUsageRatio (metrics/utilization.go)
Usage measure_average(const PodSamples& samples, std::int64_t target_milli) {
  std::int64_t sum = 0;
  for (const auto& [pod, sample] : samples) sum = wrapping_add(sum, sample.value);
  const std::int64_t average = sum / static_cast<std::int64_t>(samples.size());
  return {static_cast<double>(average) / static_cast<double>(target_milli), 0, average};
}

void remove(PodSamples& samples, const std::vector<std::string>& pods) {
  for (const auto& pod : pods) samples.erase(pod);
}

void assume(PodSamples& samples, const std::vector<std::string>& pods,
            const std::function<std::int64_t(const std::string&)>& value) {
  for (const auto& pod : pods) samples[pod] = {kUnsetTime, {}, value(pod)};
}

/// Whether a change of `ratio` to `recomputed` says that nothing is to be done.
bool turned(double ratio, double recomputed) {
  return (ratio < 1.0 && recomputed > 1.0) || (ratio > 1.0 && recomputed < 1.0);
}

/// The common end of GetResourceReplicas and calcPlainMetricReplicas: from samples without ignored and unready pods
/// to the proposal. `missing_value`: what a missing pod is taken to use when the ratio is below 1.
Outcome propose(const Calculation& c, PodSamples samples, const Measure& measure,
                const std::function<std::int64_t(const std::string&)>& missing_value, MetricResult& result) {
  const auto usage = measure(samples);
  if (!usage) return std::unexpected(usage.error());
  result.ratio = usage->ratio;
  result.utilization = usage->utilization;
  result.raw_average_milli = usage->average;
  result.samples = samples.size();
  const double ratio = usage->ratio;
  const PodGroups& pods = result.pods;
  const bool up_with_unready = !pods.unready.empty() && ratio > 1.0;
  if (!up_with_unready && pods.missing.empty()) {
    if (c.tolerance.within(ratio)) {
      result.path = ProposalPath::within_tolerance;
      result.proposal = c.spec_replicas;
      return {};
    }
    result.path = ProposalPath::simple;
    result.proposal = to_int32(std::ceil(ratio * static_cast<double>(pods.counted.size())));
    return {};
  }
  const auto nothing = [](const std::string&) { return std::int64_t{0}; };
  if (ratio < 1.0) assume(samples, pods.missing, missing_value);
  if (ratio > 1.0) assume(samples, pods.missing, nothing);
  if (up_with_unready) assume(samples, pods.unready, nothing);
  const auto again = measure(samples);
  if (!again) return std::unexpected(again.error());
  result.recomputed_ratio = again->ratio;
  result.samples = samples.size();
  if (c.tolerance.within(again->ratio) || turned(ratio, again->ratio)) {
    result.path = ProposalPath::recomputed_within;
    result.proposal = c.spec_replicas;
    return {};
  }
  const auto proposal = to_int32(std::ceil(again->ratio * static_cast<double>(samples.size())));
  const bool contrary =
      (again->ratio < 1.0 && proposal > c.spec_replicas) || (again->ratio > 1.0 && proposal < c.spec_replicas);
  result.path = contrary ? ProposalPath::recomputed_contrary : ProposalPath::recomputed;
  result.proposal = contrary ? c.spec_replicas : proposal;
  return {};
}

/// calcPlainMetricReplicas
Outcome by_plain_average(const Calculation& c, PodSamples samples, std::string_view resource, std::int64_t target_milli,
                         MetricResult& result) {
  const auto pods = target_pods(c.world, c.selector);
  if (pods.empty()) return std::unexpected(std::string(kNoPods));
  result.pods = group_pods(pods, samples, resource, c.settings, c.now);
  remove(samples, result.pods.ignored);
  remove(samples, result.pods.unready);
  if (samples.empty()) return std::unexpected(std::string(kNoSamples));
  const auto outcome = propose(
      c, std::move(samples),
      [&](const PodSamples& s) -> std::expected<Usage, std::string> { return measure_average(s, target_milli); },
      [&](const std::string&) { return target_milli; }, result);
  result.utilization.reset();
  return outcome;
}

/// getUsageRatioReplicaCount of 1.34: at zero replicas neither tolerance nor pods count.
Outcome by_ratio(const Calculation& c, double ratio, MetricResult& result) {
  result.ratio = ratio;
  if (c.spec_replicas == 0) {
    result.path = ProposalPath::from_zero;
    result.proposal = to_int32(std::ceil(ratio));
    return {};
  }
  if (c.tolerance.within(ratio)) {
    result.path = ProposalPath::within_tolerance;
    result.proposal = c.spec_replicas;
    return {};
  }
  const auto pods = target_pods(c.world, c.selector);
  if (pods.empty()) return std::unexpected("unable to calculate ready pods: " + std::string(kNoPods));
  result.ready_pods = count_ready(pods);
  result.path = ProposalPath::value;
  result.proposal = to_int32(std::ceil(ratio * static_cast<double>(*result.ready_pods)));
  return {};
}

/// The tolerance test that AverageValue of Object and External share: against status.replicas, which also is the
/// proposal when nothing is to change. True: the metric asks for a change.
bool off_target(const Calculation& c, std::int64_t total, std::int64_t target_milli, MetricResult& result) {
  const double ratio =
      static_cast<double>(total) / (static_cast<double>(target_milli) * static_cast<double>(c.status_replicas));
  result.ratio = ratio;
  result.proposal = c.status_replicas;
  const bool off = !c.tolerance.within(ratio);
  result.path = off ? ProposalPath::value_per_pod : ProposalPath::within_tolerance;
  return off;
}

/// The average over status.replicas, rounded up; none at zero replicas.
std::optional<std::int64_t> per_replica(const Calculation& c, std::int64_t total) {
  if (c.status_replicas == 0) return std::nullopt;
  return to_int64(std::ceil(static_cast<double>(total) / static_cast<double>(c.status_replicas)));
}

}  // namespace

Tolerances tolerances_for(const AutoscalerSpec& spec, const Settings& settings) {
  Tolerances t{settings.tolerance, settings.tolerance};
  if (!settings.configurable_tolerance || !spec.behavior) return t;
  if (const auto& down = spec.behavior->scale_down; down && down->tolerance) t.down = *down->tolerance;
  if (const auto& up = spec.behavior->scale_up; up && up->tolerance) t.up = *up->tolerance;
  return t;
}

Outcome by_utilization(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  auto samples = resource_samples(c.world, c.selector, metric.name, metric.container);
  if (!samples) {
    return std::unexpected(fmt::format("unable to get metrics for resource {}: {}", metric.name, samples.error()));
  }
  const auto pods = target_pods(c.world, c.selector);
  if (pods.empty()) return std::unexpected(std::string(kNoPods));
  result.pods = group_pods(pods, *samples, metric.name, c.settings, c.now);
  remove(*samples, result.pods.ignored);
  remove(*samples, result.pods.unready);
  if (samples->empty()) return std::unexpected(std::string(kNoSamples));
  const auto requests = pod_requests(pods, metric.container, metric.name, c.settings);
  if (!requests) return std::unexpected(requests.error());
  const std::int32_t target = *metric.target.average_utilization_percent;
  const std::int64_t fallback_percent = std::max(100, target);
  return propose(
      c, std::move(*samples), [&](const PodSamples& s) { return measure_utilization(s, *requests, target); },
      [&](const std::string& pod) { return wrapping_multiply(requests->find(pod)->second, fallback_percent) / 100; },
      result);
}

Outcome by_resource_value(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  auto samples = resource_samples(c.world, c.selector, metric.name, metric.container);
  if (!samples) {
    return std::unexpected(fmt::format("unable to get metrics for resource {}: {}", metric.name, samples.error()));
  }
  return by_plain_average(c, std::move(*samples), metric.name, *metric.target.average_value_milli, result);
}

Outcome by_pods_metric(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  if (!metric.target.average_value_milli) return std::unexpected("no average value target was set");
  auto samples = custom_samples(c.world, metric);
  if (!samples) return std::unexpected(fmt::format("unable to get metric {}: {}", metric.name, samples.error()));
  return by_plain_average(c, std::move(*samples), {}, *metric.target.average_value_milli, result);
}

Outcome by_object_value(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  const auto value = object_value(c.world, metric);
  if (!value) {
    return std::unexpected(fmt::format("unable to get metric {}: {} on {} {}/{}", metric.name,
                                       metric.described_object.kind, c.world.hpa.ns, metric.described_object.name,
                                       value.error()));
  }
  result.raw_value_milli = *value;
  return by_ratio(c, static_cast<double>(*value) / static_cast<double>(*metric.target.value_milli), result);
}

Outcome by_object_average(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  const auto value = object_value(c.world, metric);
  if (!value) {
    return std::unexpected(fmt::format("unable to get metric {}: {} on {} {}/{}", metric.name,
                                       metric.described_object.kind, c.world.hpa.ns, metric.described_object.name,
                                       value.error()));
  }
  const std::int64_t target = *metric.target.average_value_milli;
  if (off_target(c, *value, target, result)) {
    result.proposal = to_int32(std::ceil(static_cast<double>(*value) / static_cast<double>(target)));
  }
  result.raw_average_milli = per_replica(c, *value);
  return {};
}

Outcome by_external_value(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  const auto values = external_values(c.world, metric);
  if (!values) {
    return std::unexpected(
        fmt::format("unable to get external metric {}/{}: {}", c.world.hpa.ns, metric.name, values.error()));
  }
  std::int64_t total = 0;
  for (const auto value : *values) total = wrapping_add(total, value);
  result.raw_value_milli = total;
  return by_ratio(c, static_cast<double>(total) / static_cast<double>(*metric.target.value_milli), result);
}

Outcome by_external_average(const Calculation& c, const MetricSpec& metric, MetricResult& result) {
  const auto values = external_values(c.world, metric);
  if (!values) {
    return std::unexpected(
        fmt::format("unable to get external metric {}/{}: {}", c.world.hpa.ns, metric.name, values.error()));
  }
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t total = 0;
  for (const auto value : *values) {
    total = wrapping_add(total, value);
    if (total < 0) {
      total = kMax;
      break;
    }
  }
  const std::int64_t target = *metric.target.average_value_milli;
  if (off_target(c, total, target, result)) {
    const double wanted = std::ceil(static_cast<double>(total) / static_cast<double>(target));
    constexpr auto kMaxReplicas = std::numeric_limits<std::int32_t>::max();
    result.proposal = wanted > static_cast<double>(kMaxReplicas) ? kMaxReplicas : to_int32(wanted);
  }
  const bool overflow = static_cast<double>(total) >= static_cast<double>(kMax);
  result.raw_average_milli = overflow ? std::optional(kMax) : per_replica(c, total);
  return {};
}

}  // namespace surgeproof::hpa
