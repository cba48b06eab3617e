#include "analyzers/samples.h"

#include <cmath>

namespace surgeproof {

std::uint64_t samples_needed(double q) {
  if (q >= 1) return 1;
  if (q <= 0) return 1;
  return static_cast<std::uint64_t>(std::ceil(std::log(kRisk) / std::log(q) - 1e-9));
}

double chance_of_at_least(std::uint64_t bad, std::uint64_t n, double p) {
  if (bad == 0) return 1;
  if (bad > n || p <= 0) return 0;
  if (p >= 1) return 1;
  // 1 − P(X < bad), in logarithms: few terms, as `bad` is small where this is asked.
  double below = 0;
  const double log_odds = std::log(p) - std::log1p(-p);
  double log_term = static_cast<double>(n) * std::log1p(-p);  // of X = 0
  for (std::uint64_t k = 0; k < bad; ++k) {
    below += std::exp(log_term);
    log_term += std::log(static_cast<double>(n - k)) - std::log(static_cast<double>(k + 1)) + log_odds;
  }
  return below >= 1 ? 0 : 1 - below;
}

}  // namespace surgeproof
