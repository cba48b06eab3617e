// What a scenario will do, before it does it: instants of the plan, the criteria in plain words, and the text of
// `surgeproof check`. Pure. Times are offsets from the start of the load.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/run_time.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// The length of all stages together.
std::chrono::nanoseconds plan_duration(const Scenario& scenario);

/// A stage's begin and end on the plan; empty when there is no stage of that name.
std::optional<Interval> stage_interval(const Scenario& scenario, std::string_view stage);

/// The action of that name; null when there is none.
const Action* find_action(const Scenario& scenario, std::string_view name);

/// An instant on the plan; of an action, when it is planned. A stage or action that does not exist (the parser refuses
/// it) counts as the start.
std::chrono::nanoseconds resolve(const Scenario& scenario, const PlanInstant& instant);

/// From when `within` runs: `from`, or the begin of the first stage that leads to the highest rate.
std::chrono::nanoseconds scale_up_start(const Scenario& scenario, const ScaleUpCriterion& criterion);

/// From when `not_before` and `within` run: `from`, or the end of the last stage at the highest rate.
std::chrono::nanoseconds scale_down_start(const Scenario& scenario, const ScaleDownCriterion& criterion);

/// The HPA that a criterion means: the one it names, or the only one watched; empty when there is none.
std::string resolve_hpa(const Scenario& scenario, std::string_view named);

/// "surge", "surge + 10s", "the start", "action provoke".
std::string describe(const PlanInstant& instant);

/// "all", "the scaling phase", "stage surge".
std::string describe(const During& during);

/// "deployment/backend", "statefulset/db".
std::string describe(const WorkloadRef& workload);

/// "restart deployment/backend", "delete the oldest pod of backend", "scale deployment/backend to 3".
std::string describe(const Scenario& scenario, const Action& action);

/// "p99", "p99.9", "max".
std::string percentile_name(double percentile);

/// The criterion in plain words: "backend scales up to 5 ready pods within 60s of surge".
std::string describe(const Scenario& scenario, const Criterion& criterion);

/// A stable name without figures, the same for the same rule of another version of the file:
/// "scale_up backend", "latency p99 scaling", "latency p95 scaling list". Not unique by itself.
std::string criterion_id(const Scenario& scenario, const Criterion& criterion);

/// Connections that a rate needs when every request takes `latency` (Little's law, N = λ·W), rounded up.
std::int64_t needed_connections(Rate rate, std::chrono::nanoseconds latency);

/// What can be written but hardly pass: a deadline beyond the plan's end, too few connections at the latency limit, a
/// limit that nothing is measured against. Not mistakes: the scenario may be run.
Diagnostics plan_concerns(const Scenario& scenario, std::string_view file);

/// The text of `surgeproof check FILE`: stages, totals, connections, criteria, concerns. Ends with a line feed.
std::string plan_text(const Scenario& scenario, std::string_view file);

}  // namespace surgeproof
