#include <iostream>

#include "app/commands/commands.h"
#include "app/load/load_scenario.h"
#include "app/load/load_session.h"

namespace surgeproof {

ExitCode load_command(const LoadOptions& options) {
  const auto loaded = load_scenario_of(options, std::cerr);
  if (!loaded) return ExitCode::usage;
  if (options.print_scenario) {
    std::cout << loaded->redacted_text << (loaded->redacted_text.ends_with('\n') ? "" : "\n") << std::flush;
    return ExitCode::pass;
  }
  return run_load(*loaded, options);
}

}  // namespace surgeproof
