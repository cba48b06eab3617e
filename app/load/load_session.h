// One `surgeproof load`: generator -> condensed records -> verdict -> summary.
#pragma once

#include "app/exit_code.h"
#include "app/load/load_options.h"
#include "app/scenario_file.h"

namespace surgeproof {

/// Sends the load and prints its summary. With `options.out` a run directory is written too, which `analyze` and
/// `report` read. Prints what goes wrong to standard error.
ExitCode run_load(const LoadedScenario& loaded, const LoadOptions& options);

}  // namespace surgeproof
