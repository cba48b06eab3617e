// A command line to a scenario: each flag becomes a line of a scenario file, and the parser's complaint about the line
// becomes one about the flag. So flags and files obey the same rules, and `--print-scenario` shows the file.
#pragma once

#include <iosfwd>
#include <optional>

#include "app/load/load_options.h"
#include "app/scenario_file.h"

namespace surgeproof {

/// Reads the body's file, if there is one. Every mistake is printed to `errors`, each in a line that names its flag;
/// then the result is empty.
std::optional<LoadedScenario> load_scenario_of(const LoadOptions& options, std::ostream& errors);

}  // namespace surgeproof
