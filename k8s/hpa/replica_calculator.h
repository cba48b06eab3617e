// From one metric to the replicas that it asks for.
// Mirrors pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go of Kubernetes 1.34, operation
// by operation: sums and averages are truncated integers, ratios and ceilings are doubles.
#pragma once

#include <expected>
#include <string>

#include "k8s/hpa/decision.h"
#include "k8s/hpa/settings.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// What every metric of one sync has in common. Holds references: use within the sync only.
struct Calculation {
  const World& world;
  const Settings& settings;
  const Selector& selector;  ///< of the target's pods
  WallTime now;
  Tolerances tolerance;
  std::int32_t spec_replicas = 0;
  std::int32_t status_replicas = 0;
};

/// The tolerances for this HPA (HorizontalController.tolerancesForHpa, horizontal.go).
Tolerances tolerances_for(const AutoscalerSpec& spec, const Settings& settings);

// Each fills in the numbers of `result`, or returns why it cannot, in one sentence.

/// Resource and ContainerResource, Utilization (GetResourceReplicas, GetResourceUtilizationRatio).
std::expected<void, std::string> by_utilization(const Calculation& c, const MetricSpec& metric, MetricResult& result);

/// Resource and ContainerResource, AverageValue (GetRawResourceReplicas).
std::expected<void, std::string> by_resource_value(const Calculation& c, const MetricSpec& metric,
                                                   MetricResult& result);

/// Pods (GetMetricReplicas).
std::expected<void, std::string> by_pods_metric(const Calculation& c, const MetricSpec& metric, MetricResult& result);

/// Object, Value (GetObjectMetricReplicas).
std::expected<void, std::string> by_object_value(const Calculation& c, const MetricSpec& metric, MetricResult& result);

/// Object, AverageValue (GetObjectPerPodMetricReplicas).
std::expected<void, std::string> by_object_average(const Calculation& c, const MetricSpec& metric,
                                                   MetricResult& result);

/// External, Value (GetExternalMetricReplicas).
std::expected<void, std::string> by_external_value(const Calculation& c, const MetricSpec& metric,
                                                   MetricResult& result);

/// External, AverageValue (GetExternalPerPodMetricReplicas): a negative running sum is taken for an overflow.
std::expected<void, std::string> by_external_average(const Calculation& c, const MetricSpec& metric,
                                                     MetricResult& result);

}  // namespace surgeproof::hpa
