// The span that a criterion's `during` means, and whether everything in it is known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzers/load_sum.h"
#include "base/run_time.h"
#include "scenarios/scenario.h"

namespace surgeproof {

struct Timeline;
struct WatchGap;

struct JudgedSpan {
  enum class State : std::uint8_t {
    absent,   ///< there is no such span (yet)
    open,     ///< it goes on, or answers are still to come
    settled,  ///< nothing in it can change any more
    cut_off,  ///< the recording or the load ended within it
  };
  State state = State::absent;
  Interval interval{};
  std::string name;    ///< "the whole load", "the scaling phase", "stage surge"
  std::string stage;   ///< the stage's, when it is one
  Interval counted{};  ///< which windows count, see load()
  /// A gap in sight of the pods that leaves a phase's edges unknown; null when they are known.
  const WatchGap* blurred_by = nullptr;

  /// The requests planned in it: of a stage by its name, of the whole load all, of a phase by time.
  [[nodiscard]] LoadFilter load(std::string_view request = {}) const;
};

/// Settled means: its end is past and cannot move, and every request planned in it has ended (or had the time to).
/// Without load it is the whole recording, whatever `during` says. What of it lies in the scenario's warm-up does not
/// count.
JudgedSpan find_span(const Scenario& scenario, const Timeline& timeline, const During& during);

}  // namespace surgeproof
