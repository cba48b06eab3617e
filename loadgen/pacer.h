// How a worker waits for the next planned instant. Pure: told the time, it says what to do.
//
//        sleep (timer)                    poll        dispatch
//   ├───────────────────────────────────┤═══════════┤──▶
//   now                            due − spin       due
//
// A timer wakes some tens of microseconds late; polling through the last moments does not. Polling is bounded to a
// share of the time between arrivals, so that a thread with little to do, or with very much, burns no core.
#pragma once

#include <chrono>
#include <optional>

#include "base/run_time.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

struct PacerSettings {
  std::chrono::nanoseconds spin = std::chrono::microseconds{150};  ///< poll for at most this long before an arrival
  double spin_share = 0.08;                                        ///< and for at most this share of the gap before it
};

/// What `client.pacing` stands for.
PacerSettings pacer_settings(ClientOptions::Pacing pacing);

class Pacer {
 public:
  enum class Action {
    dispatch,  ///< the arrival is due
    poll,      ///< look for I/O without blocking and come back at once
    sleep,     ///< wait for I/O, until `until` at the latest
  };
  struct Step {
    Action action;
    RunTime until{};  ///< of sleep
  };

  explicit Pacer(PacerSettings settings = {}) : settings_(settings) {}

  /// `due`: the next arrival; empty when there is none. `wake`: when other work (a sweep) wants the thread anyway.
  [[nodiscard]] Step next(RunTime now, std::optional<RunTime> due, RunTime wake) const;
  /// An arrival due at `due` was dealt with: the gap to the next one counts from there.
  void passed(RunTime due) { last_due_ = due; }

 private:
  PacerSettings settings_;
  RunTime last_due_{};
};

}  // namespace surgeproof::loadgen
