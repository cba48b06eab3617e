#include "loadgen/choice.h"

#include <algorithm>

#include "loadgen/random.h"

namespace surgeproof::loadgen {

WeightedChoice::WeightedChoice(std::span<const RequestTemplate> requests, std::uint64_t seed) : seed_(seed) {
  double sum = 0;
  for (const RequestTemplate& r : requests) cumulative_.push_back(sum += std::max(0.0, r.weight));
}

std::uint32_t WeightedChoice::pick(std::uint64_t sequence) const {
  if (cumulative_.size() < 2) return 0;
  const double point = random_unit(seed_, Purpose::choice, sequence) * cumulative_.back();
  const auto at = std::upper_bound(cumulative_.begin(), cumulative_.end(), point);
  const auto index = static_cast<std::size_t>(at - cumulative_.begin());
  return static_cast<std::uint32_t>(std::min(index, cumulative_.size() - 1));  // all weights 0: the last one
}

}  // namespace surgeproof::loadgen
