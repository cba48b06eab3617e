// The criteria of two runs, one by one.
#pragma once

#include <vector>

#include "analyzers/compare/compare.h"

namespace surgeproof {

/// By id. `phases` says what is known of chance: a latency criterion that broke, but moved no more than its phase's
/// noise, is unclear, not worse.
std::vector<Comparison> compare_criteria(const JudgedRun& before, const JudgedRun& after,
                                         const std::vector<Comparison>& phases, const CompareOptions& options);

}  // namespace surgeproof
