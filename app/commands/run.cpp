#include <iostream>

#include "app/commands/commands.h"

namespace surgeproof {

ExitCode run_command(const RunOptions& options) {
  const auto loaded = load_scenario(options.scenario, std::cerr);
  if (!loaded) return ExitCode::usage;
  if (loaded->scenario.load.none()) {
    std::cerr << "surgeproof: " << loaded->path << " sends no load; surgeproof watch --hpa NAME watches without any\n";
    return ExitCode::usage;
  }
  return run_session(*loaded, options.session);
}

}  // namespace surgeproof
