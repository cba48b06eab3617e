// Virtual time: what is to happen when. The cluster's whole control plane lives on it; a test steps it at once through
// minutes, the demo's thread steps it along with the clock. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/run_time.h"

namespace surgeproof::demo {

class EventQueue {
 public:
  using Action = std::function<void()>;
  using Duration = std::chrono::nanoseconds;
  /// Names a planned action; the default names none.
  struct Ticket {
    WallTime at{};
    std::uint64_t number = 0;
  };

  using Clock = std::function<WallTime()>;

  /// With a clock, now() never lags behind it; without one, time stands still between steps.
  explicit EventQueue(WallTime now, Clock clock = {}) : now_(now), clock_(std::move(clock)) {}

  /// Within an action, without a clock: the instant that it was planned for.
  [[nodiscard]] WallTime now() const;
  /// An instant in the past means now. Actions of one instant run in the order in which they were planned.
  Ticket at(WallTime when, Action action);
  Ticket in(Duration delay, Action action) { return at(now() + delay, std::move(action)); }
  /// Harmless when it has run, was cancelled, or names none.
  void cancel(Ticket& ticket);
  /// The instant of the next action.
  [[nodiscard]] std::optional<WallTime> next() const;
  /// Runs everything due until then (also what those actions plan), and moves the time there.
  void step_until(WallTime end);
  /// Called when what was just planned comes before everything else: whoever waits for next() waits too long.
  void on_earlier(Action wake) { wake_ = std::move(wake); }

 private:
  WallTime now_;
  Clock clock_;
  Action wake_;
  std::uint64_t last_ = 0;
  std::map<std::pair<WallTime, std::uint64_t>, Action> planned_;
};

}  // namespace surgeproof::demo
