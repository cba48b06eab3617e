// The steps of TimelineBuilder::build, each a function of what was collected.
#pragma once

#include <span>
#include <vector>

#include "analyzers/timeline.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// One pod's life from its samples by observed time (never empty).
PodLife fold_pod(std::span<const PodSample> samples);

/// One HPA's steps from its samples by observed time (never empty); target and pods are joined by join_target.
HpaTrack fold_hpa(std::vector<HpaSample> samples);
/// Adds the target's replicas and the count of ready pods.
void join_target(HpaTrack& hpa, std::span<const ScaleTargetSample> targets, std::span<const PodLife> pods);

/// Slices by observed time: fills endpoint_changes and services, and the endpoint instants of `timeline.pods`.
void join_endpoints(Timeline& timeline, std::span<const EndpointSliceSample> slices);
/// First and last answer of each pod, from timeline.peers.
void join_peers(Timeline& timeline);

/// From timeline.watch_states, load_started and end.
std::vector<WatchGap> find_gaps(const Timeline& timeline);

/// Stages, surge and surge_end on the run's axis.
void place_stages(Timeline& timeline, const Scenario& scenario);
/// From surges and hpas.
std::vector<Phase> find_phases(const Timeline& timeline);

/// See Timeline::server_zero.
std::optional<WallTime> estimate_server_zero(const Timeline& timeline);

}  // namespace surgeproof
