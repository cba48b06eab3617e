// Weighted choice of request templates. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

/// Which template request number `sequence` uses: a pure function of the seed and the number, so the mix is the same
/// in every run and for any number of workers.
class WeightedChoice {
 public:
  WeightedChoice(std::span<const RequestTemplate> requests, std::uint64_t seed);
  [[nodiscard]] std::uint32_t pick(std::uint64_t sequence) const;

 private:
  std::uint64_t seed_;
  std::vector<double> cumulative_;  // running sums of the weights
};

}  // namespace surgeproof::loadgen
