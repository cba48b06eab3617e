// From a recording to what a simulation needs: the load that was offered, what a pod can do, and how the loop ran.
#pragma once

#include <string>
#include <vector>

#include "analyzers/timeline.h"
#include "analyzers/whatif/service.h"
#include "k8s/hpa/settings.h"
#include "scenarios/scenario.h"

namespace surgeproof::whatif {

/// A service as it was recorded, and how sure that is.
struct FittedService {
  Service service;
  bool has_capacity = false;            ///< the CPU per request is known
  double cpu_per_request_error_ms = 0;  ///< half the width of the 95 % confidence interval
  std::size_t windows = 0;              ///< measured ones that the regression stands on
  bool saturation_seen = false;         ///< a pod used at least 90 % of what it may
  std::vector<std::string> remarks;     ///< what is uncertain or assumed, one sentence each
};

/// CPU of each ready pod over each window in which it was measured, against its share of the requests: least squares of
/// cpu = idle + cost * requests / pods, over windows of steady load and an unchanged number of ready pods. Pure.
/// `started`: wall time of the recording's zero.
FittedService fit_service(const Timeline& timeline, const Scenario& scenario, const HpaTrack& track, WallTime started,
                          const hpa::Settings& settings);

/// The demand of a scenario's plan, in bins of a second.
Demand planned_demand(const Scenario& scenario);

}  // namespace surgeproof::whatif
