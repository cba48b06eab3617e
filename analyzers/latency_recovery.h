// When the latency came back after a load step.
#pragma once

#include <optional>

#include "base/run_time.h"

namespace surgeproof {

struct Scenario;
struct Timeline;

struct Recovery {
  RunTime limit{};                   ///< what "good" is
  bool from_criterion = false;       ///< else twice the p95 before the step
  bool ever_bad = false;             ///< it left the limit at all
  std::optional<RunTime> recovered;  ///< from here on good for at least ten seconds (or to the end of the look)
};

/// Looks at [step, until) in bins of a second and more; a bin is good when 95 % of its requests were answered within
/// the limit. The limit: the tightest of the latency criteria, else twice the p95 of the load before the step. Empty
/// when there is neither, or no request.
std::optional<Recovery> latency_recovery(const Scenario& scenario, const Timeline& timeline, Interval look);

}  // namespace surgeproof
