// A scenario file from the disk to a checked Scenario.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace surgeproof {

/// What the command line may change about a scenario.
struct ScenarioOptions {
  std::string path;                    ///< "-" is standard input
  std::string target;                  ///< instead of the file's; empty: the file's
  std::vector<std::string> variables;  ///< "NAME=VALUE", above the environment
  double load_scale = 1;               ///< factor on every rate
  double time_scale = 1;               ///< factor on every duration of the load plan
};

struct LoadedScenario {
  Scenario scenario;
  std::string path;           ///< as the user named it
  std::string redacted_text;  ///< what may be stored and shown: no secret in it
};

/// Reads and checks; on any mistake prints *all* diagnostics with their source lines to `errors` and returns empty.
std::optional<LoadedScenario> load_scenario(const ScenarioOptions& options, std::ostream& errors);

/// The same for a text that did not come from a file (the demo's scenario, a recording's).
/// `lenient`: a variable of the environment that is missing is no mistake.
std::optional<LoadedScenario> load_scenario_text(std::string_view text, const ScenarioOptions& options, bool lenient,
                                                 std::ostream& errors);

}  // namespace surgeproof
