// A span of a run cut into equal bins of time, for resampling.
#pragma once

#include <vector>

#include "analyzers/compare/bootstrap.h"
#include "base/run_time.h"

namespace surgeproof {

struct Timeline;

/// Bins of a second, or of more so that there are at most 600. Requests that timed out count with `timeout`.
std::vector<TimeBin> time_bins(const Timeline& timeline, Interval span, RunTime timeout);

}  // namespace surgeproof
