// The criteria on signals and logs.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/reading/sections.h"

namespace surgeproof::reading {

/// `signal: {NAME: {max: 1s}, during: surge}`: one criterion for each signal that is named.
std::vector<SignalCriterion> read_signal_criteria(Reading& reading, const Value& v, const Scenario& scenario,
                                                  const Named& named);
std::optional<LogsCriterion> read_logs_criterion(Reading& reading, const Value& v, const Scenario& scenario,
                                                 const Named& named);
std::optional<EventuallyCriterion> read_eventually_criterion(Reading& reading, const Value& v, const Scenario& scenario,
                                                             const Named& named);

}  // namespace surgeproof::reading
