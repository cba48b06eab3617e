// Is this workload able to pass the scenario at all? Looked at before any load is sent. Pure.
#pragma once

#include "analyzers/check.h"
#include "analyzers/whatif/feasibility.h"
#include "base/workload.h"

namespace surgeproof {

struct Scenario;

/// Every check of one watched workload, in reading order: the HPA, its metrics, the pods, how soon there can be enough
/// of them, the room for more, and what else changes the replicas.
Checks preflight(const Scenario& scenario, const Workload& workload, const whatif::ControlLoopFlags& flags = {});

/// "Fine: nothing here keeps the run from passing", or what stands against it.
std::string preflight_headline(const Checks& checks);

/// 1 with a failure, else 4 with something unseen, else 0.
int preflight_exit_code(const Checks& checks);

}  // namespace surgeproof
