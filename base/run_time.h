// The two clocks of a run.
//
// *Observed* time is steady: nanoseconds since the recording began (RunTime). *Reported* time is what a server wrote
// into an object (WallTime), often whole seconds, of another machine's clock. They are kept apart everywhere.
#pragma once

#include <chrono>
#include <optional>

namespace surgeproof {

/// Steady-clock time since the start of the recording. All records of one run share this axis.
using RunTime = std::chrono::nanoseconds;

/// Time of day (UTC), nanoseconds since the Unix epoch.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

constexpr double to_seconds(std::chrono::nanoseconds t) { return std::chrono::duration<double>(t).count(); }

/// A half-open interval [begin, end) on the run's axis.
struct Interval {
  RunTime begin{};
  RunTime end{};
  bool operator==(const Interval&) const = default;
  [[nodiscard]] RunTime length() const { return end - begin; }
  [[nodiscard]] bool contains(RunTime t) const { return begin <= t && t < end; }
};

/// When something was seen, and when its server says that it happened.
struct Stamp {
  RunTime observed{};
  std::optional<WallTime> reported;
  bool operator==(const Stamp&) const = default;
};

/// Ties the run's axis to both clocks; taken once, when the recording begins.
struct ClockAnchor {
  std::chrono::steady_clock::time_point steady;
  WallTime wall;

  [[nodiscard]] RunTime run_time(std::chrono::steady_clock::time_point t) const { return t - steady; }
  [[nodiscard]] WallTime wall_time(RunTime t) const { return wall + t; }
  [[nodiscard]] RunTime run_time(WallTime t) const { return t - wall; }
};

}  // namespace surgeproof
