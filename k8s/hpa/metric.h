// One metric of the HPA: which calculation it needs, and how it fails.
// Mirrors computeReplicasForMetric and the computeStatusFor…Metric functions of
// pkg/controller/podautoscaler/horizontal.go.
#pragma once

#include "k8s/hpa/decision.h"
#include "k8s/hpa/replica_calculator.h"

namespace surgeproof::hpa {

/// Computes one metric. A failure leaves `proposal` empty and sets `reason` and `error`. `event_error` receives the
/// words of the failure's event (HorizontalController.getUnableComputeReplicaCountCondition).
MetricResult compute_metric(const Calculation& c, const MetricSpec& metric, std::string& event_error);

/// The metric's entry of status.currentMetrics; empty (type unknown) if it failed.
MetricStatus status_of(const MetricSpec& metric, const MetricResult& result);

}  // namespace surgeproof::hpa
