// The cluster's side of surge_run().
#pragma once

#include <string>

#include "analyzers/timeline.h"

namespace surgeproof::reports {

std::string pod_name(int index);

/// One HPA with five pods, their lives, events, and a gap of the metrics API.
void add_cluster(RunTime load_start, Timeline& timeline);

/// The signal "queue" with a gap, no value of "p95_server", and lines of two pods' logs.
void add_observations(RunTime load_start, Timeline& timeline);

}  // namespace surgeproof::reports
