// `from` and `during`: an instant of the plan, and a span to judge.
#pragma once

#include "scenarios/reading/sections.h"

namespace surgeproof::reading {

/// "surge", "surge + 10s", "start", "start + 1m", "action provoke", "action provoke + 10s". Empty after a diagnostic.
std::optional<PlanInstant> read_instant(Reading& reading, const Value& v, const Scenario& scenario, const Named& named);

/// "all", a stage's name, or a detected phase; a stage hides a phase of its name.
During read_during(Reading& reading, const Value& v, const Scenario& scenario, const Named& named);

}  // namespace surgeproof::reading
