// Which pods of the target count for a metric, and what they request.
// Mirrors pkg/controller/podautoscaler/replica_calculator.go.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/decision.h"
#include "k8s/hpa/samples.h"
#include "k8s/hpa/settings.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// The target's pods: those in the HPA's namespace that match the selector (corelisters.PodNamespaceLister.List).
std::vector<const Pod*> target_pods(const World& world, const Selector& selector);

/// Sorts pods by whether they count (groupPods). Unready is asked after missing, and beyond Pending only for cpu:
/// `resource` is empty for Pods metrics.
PodGroups group_pods(const std::vector<const Pod*>& pods, const PodSamples& samples, std::string_view resource,
                     const Settings& settings, WallTime now);

/// Thousandths by pod name.
using PodRequestsMilli = std::map<std::string, std::int64_t, std::less<>>;

/// What every pod, ignored ones included, requests (calculateRequests). `container` empty: the whole pod, by
/// pod-level requests when they are set. The error names the first container or pod without a request.
std::expected<PodRequestsMilli, std::string> pod_requests(const std::vector<const Pod*>& pods,
                                                          std::string_view container, std::string_view resource,
                                                          const Settings& settings);

/// Pods that are Running and Ready, those being deleted included (getReadyPodsCount).
std::int64_t count_ready(const std::vector<const Pod*>& pods);

}  // namespace surgeproof::hpa
