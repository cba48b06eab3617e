// Was the tool itself well? The generator over a span, and what the watcher could not see.
//
// What a sick generator means for a criterion (the rule: a pass stands if it would stand with every lost request
// counted as the worst; a fail stands if it is proven by what the service did, not by what the generator did):
//
//                      | requests lost here          | late dispatch                | CPU saturated
//   latency, pass      | inconclusive, if the limit  | stands: lateness only adds   | stands: likewise
//                      | breaks with them as slowest |                              |
//   latency, fail      | stands                      | stands if the time from the  | inconclusive: answers were
//                      |                             | actual send breaks it too    | read late
//   errors/drops, pass | inconclusive, if the limit  | stands                       | stands
//                      | breaks with them as errors  |                              |
//   errors/drops, fail | stands                      | stands without the timeouts  | stands without the timeouts
//   scale_up, fail     | inconclusive above 1 %      | stands                       | stands
//   anything else      | stands                      | stands                       | stands
//
// A criterion may stand while the load was not the one that was planned: so bad generator health makes the whole run
// inconclusive when nothing failed (judge.h).
//
// Late dispatch while every connection waited for an answer is the service's slowness or a pool that is too small,
// not a sick generator: then timeouts stand.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzers/finding.h"
#include "base/run_time.h"

namespace surgeproof {

struct Scenario;
struct Timeline;

struct GeneratorState {
  bool seen = false;       ///< there is any sample
  bool late = false;       ///< p99 of the schedule error is over late_limit()
  bool saturated = false;  ///< the busiest worker was above 90 % of a core for three windows and 1 % of the span
  bool exhausted = false;  ///< late, and all connections were busy in most windows with a backlog
  RunTime schedule_error_p99{};
  double busiest_worker = 0;  ///< the worst window's
  std::uint64_t saturated_windows = 0;
  std::uint64_t planned = 0;
  std::uint64_t lost = 0;  ///< unsent, or the generator's own error

  [[nodiscard]] double lost_share() const {
    return planned == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(planned);
  }
  /// Timeouts may be its own doing.
  [[nodiscard]] bool timeouts_are_doubtful() const { return saturated || (late && !exhausted); }
};

GeneratorState generator_in(const Scenario& scenario, const Timeline& timeline, Interval span);

/// 5 % of the tightest latency limit, at least 10 ms; 50 ms when the scenario has none. So much lateness moves no
/// verdict on a latency, and the load keeps its shape.
RunTime late_limit(const Scenario& scenario);

/// "generator schedule", "generator cpu", "generator demand", "action …" for each action, and "watch …" for each
/// resource with a gap.
std::vector<Finding> judge_health(const Scenario& scenario, const Timeline& timeline);

}  // namespace surgeproof
