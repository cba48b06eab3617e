// When an instant that a criterion names was, on the run's axis. A stage begins by the plan; an action when it was
// carried out in truth.
#pragma once

#include <optional>
#include <string>

#include "analyzers/finding.h"
#include "base/records.h"
#include "scenarios/scenario.h"

namespace surgeproof {

struct Timeline;

struct Moment {
  std::optional<RunTime> at;
  bool decided = true;  ///< false: it may still come
  std::string reason;   ///< without `at`: "action_refused", "action_failed", …
  std::string why;      ///< without `at`: a clause, "action deploy was refused: …"
};

/// Needs a load that has started.
Moment moment_of(const Scenario& scenario, const Timeline& timeline, const PlanInstant& instant);

/// What cannot be judged, because the moment that it counts from is not there (yet).
Finding without_moment(Finding&& finding, const Timeline& timeline, const Moment& moment);

/// From when a criterion's time runs: the moment; of an action that was not carried out, its time by the plan.
RunTime scale_up_begin(const Scenario& scenario, const Timeline& timeline, const ScaleUpCriterion& rule);
RunTime scale_down_begin(const Scenario& scenario, const Timeline& timeline, const ScaleDownCriterion& rule);

/// "was refused: …": how an action ended, as a clause after its name.
std::string words_of(const ActionSample& action);

/// One finding an action: whether it was carried out. One that was not proves nothing good.
std::vector<Finding> judge_actions(const Scenario& scenario, const Timeline& timeline);

}  // namespace surgeproof
