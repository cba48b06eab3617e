// Randomness as a pure function of (seed, number): the same for any number of workers, with no state to share.
#pragma once

#include <cstdint>

namespace surgeproof::loadgen {

/// The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

/// What a random number is for: streams of different purpose are independent.
enum class Purpose : std::uint64_t {
  choice = 1,    ///< which request template
  uuid_high,     ///< first half of {{uuid}}
  uuid_low,      ///< second half
  arrival_gaps,  ///< Poisson arrivals of one worker
  jitter,        ///< of connection ages
  trace_high,    ///< first half of a trace id
  trace_low,     ///< second half
  parent_id,     ///< of a traceparent
};

/// 64 random bits number `n` of the stream for one purpose.
constexpr std::uint64_t random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t n) {
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ULL;
  const std::uint64_t stream = mix(seed + kGolden * static_cast<std::uint64_t>(purpose));
  return mix(stream + kGolden * (n + 1));
}

/// Uniform in [0, 1), 53 bits.
constexpr double random_unit(std::uint64_t seed, Purpose purpose, std::uint64_t n) {
  return static_cast<double>(random_bits(seed, purpose, n) >> 11U) * 0x1.0p-53;
}

}  // namespace surgeproof::loadgen
