// How many samples a statement about a share needs, and whether chance alone could have broken it.
#pragma once

#include <cstdint>

namespace surgeproof {

/// The risk of a wrong word that is taken where samples are few.
inline constexpr double kRisk = 0.05;

/// The fewest samples of which *none* is bad that show, with 95 % confidence, that at least a share `q` of all is good:
/// qⁿ ≤ 0.05 (S. S. Wilks, "Determination of sample sizes for setting tolerance limits", 1941). p50 needs 5, p90 29,
/// p95 59, p99 299, p99.9 2,995. 1 for q = 1: a maximum speaks only of what was measured.
std::uint64_t samples_needed(double q);

/// P(X ≥ bad) for X ~ Binomial(n, p): how likely so many bad ones are, although each is bad with probability `p` only.
double chance_of_at_least(std::uint64_t bad, std::uint64_t n, double p);

}  // namespace surgeproof
