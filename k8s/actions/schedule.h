// When which action is due. Pure: the caller gives the time, and carries out what it is told.
//
//   due ──────────── due + kLatest      handed out once within this, in the order of the plan
//   later: too late; load over: missed  and never again: what went wrong is not repeated
#pragma once

#include <cstddef>
#include <vector>

#include "base/run_time.h"

namespace surgeproof::k8s {

class ActionSchedule {
 public:
  /// Ascending.
  explicit ActionSchedule(std::vector<RunTime> due) : due_(std::move(due)) {}

  /// An action that could not begin so long after its time (another one took so long) is not begun any more: it would
  /// no longer be what was planned.
  static constexpr std::chrono::seconds kLatest{10};

  struct Step {
    enum class Kind : std::uint8_t {
      wait,      ///< until `until`
      perform,   ///< `action` is due
      too_late,  ///< `action` is past its time
      missed,    ///< `action` was still to come when the load ended
      finished,  ///< nothing is left
    };
    Kind kind{};
    std::size_t action = 0;
    RunTime until{};
    bool operator==(const Step&) const = default;
  };
  /// What to do now. `over`: the load has ended, nothing is begun any more.
  Step next(RunTime now, bool over);

 private:
  std::vector<RunTime> due_;
  std::size_t next_ = 0;
};

}  // namespace surgeproof::k8s
