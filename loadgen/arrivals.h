// When each request of one worker is due. Pure: the load profile in, planned instants out; no clock, no accumulated
// period.
//
//   uniform  request k (0, 1, 2, … over all workers) is due where ∫λ = k + 1/2; worker i of W takes k ≡ i (mod W).
//            The half puts each request into the middle of its slot, so n requests in a stage of n slots stay within
//            it, whatever stands before and after.
//   poisson  worker i draws unit exponentials E and is due where ∫λ = W·(E1 + … + En): independent streams of rate
//            λ/W, whose union is Poisson of rate λ (inversion of the integrated rate: Çinlar, "Introduction to
//            Stochastic Processes", 1975). The same for the same seed *and* number of workers.
//
// Both number a worker's n-th request n·W + i, so no two requests of a run share a number.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "scenarios/load_profile.h"

namespace surgeproof::loadgen {

/// One planned request.
struct Arrival {
  std::chrono::nanoseconds due{};  ///< since the start of the load
  std::uint64_t sequence = 0;      ///< {{sequence}}
  bool operator==(const Arrival&) const = default;
};

/// One worker's share of the run. `profile` must outlive it.
class Arrivals {
 public:
  Arrivals(const LoadProfile& profile, const Load& load, std::uint32_t worker, std::uint32_t workers);
  /// In ascending order of `due`; empty at the end of the plan, and from then on.
  std::optional<Arrival> next();

 private:
  double next_count();

  const LoadProfile& profile_;
  Load::Arrivals kind_;
  std::uint64_t seed_;
  std::uint32_t worker_;
  std::uint32_t workers_;
  std::uint64_t taken_ = 0;  // of this worker
  double exponentials_ = 0;  // sum of the unit exponentials so far
  std::chrono::nanoseconds last_{};
};

}  // namespace surgeproof::loadgen
