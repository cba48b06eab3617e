// Preflight of a scenario against the cluster that it watches: for the command of that name, and before a run.
#pragma once

#include <expected>

#include "analyzers/whatif/feasibility.h"
#include "app/exit_code.h"
#include "app/scenario_file.h"
#include "k8s/cluster_config.h"
#include "reports/checks.h"

namespace surgeproof {

/// Reads every watched workload once; prints what goes wrong to standard error, and then the value is how to exit.
/// The scenario must watch something.
std::expected<reports::CheckList, ExitCode> preflight_check(const LoadedScenario& loaded,
                                                            const k8s::ClusterChoice& cluster,
                                                            const whatif::ControlLoopFlags& flags);

}  // namespace surgeproof
