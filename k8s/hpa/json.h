// From Kubernetes JSON to the typed world and back. Unknown fields are ignored, as everywhere in Kubernetes; what is
// malformed is left out or read as zero, never refused: an API server has checked it before.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "k8s/hpa/autoscaler.h"
#include "k8s/hpa/decision.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// An autoscaling/v2 HorizontalPodAutoscaler with its status; applies the API server's defaults.
Autoscaler autoscaler_from_json(const boost::json::value& hpa);

/// An autoscaling/v1 Scale, or a v1 Status (also null): a failure.
std::expected<Scale, Failure> scale_from_json(const boost::json::value& scale);

/// One v1 Pod.
Pod pod_from_json(const boost::json::value& pod);

/// A PodList, a List, or an array of pods.
std::vector<Pod> pods_from_json(const boost::json::value& list);

/// A metrics.k8s.io PodMetricsList (or an array of its items), or a v1 Status or null: a failure.
std::expected<std::vector<PodMetrics>, Failure> pod_metrics_from_json(const boost::json::value& list);

/// Arrays of {"metric", "object", "selector", "response"}, as case files have them.
std::vector<CustomMetricAnswer> custom_metrics_from_json(const boost::json::value& answers);
std::vector<ExternalMetricAnswer> external_metrics_from_json(const boost::json::value& answers);

/// The objects of one sync, as an API server hands them out. Absent pod metrics: a failure.
World world_from_json(const boost::json::value& hpa, const boost::json::value& scale, const boost::json::value& pods,
                      const boost::json::value& pod_metrics);

/// The status object of autoscaling/v2, with currentMetrics and conditions, as the API server would print it.
boost::json::object status_to_json(const AutoscalerStatus& status);

}  // namespace surgeproof::hpa
