// The surges of a load plan: where it rises to a multiple of what was before, and where that ends.
#pragma once

#include <vector>

#include "base/run_time.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// A rise to at least twice the lowest rate since the surge before (or the start) is a surge; a fall to at most half of
/// its highest rate ends it. It lies from the begin of the first stage that leads to its highest rate to the end of the
/// last stage at it, as offsets from the start of the load, in order. A plan with any load has at least one.
///
///   rate    ┌────┐           ┌──┐
///        ___│    │___________│  │____     two surges
std::vector<Interval> surges_of(const Load& load);

}  // namespace surgeproof
