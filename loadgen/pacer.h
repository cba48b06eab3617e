// How a worker waits for the next planned instant. Pure: told the time, it says what to do.
//
//   exact       polls all along
//
//   balanced    sleep (timer)                      poll        dispatch
//             ├───────────────────────────────────┤═════════════┤──▶      margin: what sleeps were late lately
//             now                            due − margin      due
//
//   thrifty     sleep                                   dispatch all that is due
//             ├───────────────────────────────────────────┤──▶            at least `nap` at a time
//             now                               max(due, now + nap)
//
// A timer wakes late: by a few microseconds on bare metal, by a hundred and more in many a virtual machine, where each
// sleep also costs tens of microseconds of CPU. So `balanced` measures how late its sleeps end and polls through as
// much before an arrival, at most `most_margin`; where sleeps are punctual it hardly polls at all. `thrifty` takes the
// other side: few sleeps, each for all that falls due meanwhile.
#pragma once

#include <chrono>
#include <optional>

#include "base/run_time.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

struct PacerSettings {
  std::chrono::nanoseconds least_margin = std::chrono::microseconds{10};  ///< poll at least so long before an arrival
  std::chrono::nanoseconds most_margin = std::chrono::microseconds{200};  ///< and at most so long
  std::chrono::nanoseconds nap{};                                         ///< a sleep lasts at least so long
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

  explicit Pacer(PacerSettings settings = {}) : settings_(settings), margin_(settings.least_margin) {}

  /// `due`: the next arrival; empty when there is none. `wake`: when other work (a sweep) wants the thread anyway.
  [[nodiscard]] Step next(RunTime now, std::optional<RunTime> due, RunTime wake);
  /// A sleep was to end at `until` and ended at `now` because its time was over (not because of I/O).
  void woke(RunTime until, RunTime now);
  /// All that was due at `now` has been dispatched.
  void caught_up(RunTime now);
  /// What is polled through before an arrival, as of now.
  [[nodiscard]] std::chrono::nanoseconds margin() const { return margin_; }

 private:
  void change_margin(std::chrono::nanoseconds by);

  PacerSettings settings_;
  std::chrono::nanoseconds margin_;
  bool slept_ = false;  // since the last arrival
  RunTime nap_ends_{};
};

}  // namespace surgeproof::loadgen
