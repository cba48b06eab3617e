#include <iostream>

#include "app/commands/commands.h"
#include "scenarios/plan.h"

namespace surgeproof {

ExitCode check_command(const ScenarioOptions& options) {
  const auto loaded = load_scenario(options, std::cerr);
  if (!loaded) return ExitCode::usage;
  std::cout << plan_text(loaded->scenario, loaded->path) << std::flush;
  if (std::cout) return ExitCode::pass;
  std::cerr << "surgeproof: cannot write to standard output\n";
  return ExitCode::usage;
}

}  // namespace surgeproof
