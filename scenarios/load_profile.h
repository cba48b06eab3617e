// The load plan as mathematics: the rate λ(t), its integral, and the inverse that says when the k-th request is due.
// Pure; integer nanoseconds; no accumulated error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/scenario.h"

namespace surgeproof {

class LoadProfile {
 public:
  explicit LoadProfile(std::span<const Stage> stages);

  struct Segment {
    std::chrono::nanoseconds begin{};
    std::chrono::nanoseconds end{};
    double rate_begin = 0;    ///< per second
    double rate_end = 0;      ///< per second
    double count_before = 0;  ///< ∫λ from 0 to begin
    double count_after = 0;   ///< ∫λ from 0 to end
  };

  [[nodiscard]] std::chrono::nanoseconds duration() const;
  /// One per stage, in order.
  [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
  /// λ(t); at a boundary the later stage's; 0 outside.
  [[nodiscard]] Rate rate_at(std::chrono::nanoseconds t) const;
  [[nodiscard]] Rate peak() const;
  /// ∫λ from 0 to t: requests expected by then (a fraction counts).
  [[nodiscard]] double expected_until(std::chrono::nanoseconds t) const;
  [[nodiscard]] double total() const;
  /// The instant at which ∫λ reaches `count`; empty when the plan ends before. Monotone in `count`.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> instant_of(double count) const;
  /// Index of the stage at t; the last one at or after the end.
  [[nodiscard]] std::size_t stage_at(std::chrono::nanoseconds t) const;

 private:
  std::vector<Segment> segments_;
};

}  // namespace surgeproof
