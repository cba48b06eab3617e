// surgeproof check: is the scenario right, and can it be met?
#pragma once

#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/hpa_flags.h"
#include "app/scenario_file.h"

namespace surgeproof {

struct CheckOptions {
  ScenarioOptions scenario;
  std::vector<std::string> objects;  ///< files with the HPA, its target and pods: can the criteria be met at all?
  HpaFlags flags;
};
/// surgeproof check SCENARIO: every mistake, or the plan. Exit code 1: a criterion cannot be met by the objects.
ExitCode check_command(const CheckOptions& options);

}  // namespace surgeproof
