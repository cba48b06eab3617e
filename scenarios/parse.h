// The text of a scenario file to a checked Scenario, or *everything* that is wrong with it.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// What may be changed from outside. `${NAME}` and `${NAME:-default}` stand in values (never in keys, and not in
/// comments); `$${` is a literal `${`. Pure: the environment is a function that the caller gives.
struct ParseOptions {
  /// The environment; empty: nothing is set. A variable that is set but empty counts as missing for `:-`.
  std::function<std::optional<std::string>(std::string_view name)> environment;
  std::map<std::string, std::string, std::less<>> variables;  ///< --var NAME=VALUE, before the environment
  std::string target;                                         ///< --target, instead of the file's; empty: the file's
  double load_scale = 1;                                      ///< factor on every rate of the load, above 0
  double time_scale = 1;  ///< factor on every duration of the load plan and on offsets of `from`; not on limits
  /// False: a missing variable without default stays as it is written, and is no mistake. For a recording's text.
  bool missing_variable_is_error = true;
};

/// A Scenario that passed every check, or all diagnostics, each with its place, in the order of the file. `file`
/// names the source in diagnostics and gives the scenario's name when there is none ("x/spike.yaml": "spike").
std::expected<Scenario, Diagnostics> parse_scenario(std::string_view text, std::string_view file,
                                                    const ParseOptions& options = {});

/// What a run may store of its scenario: the source text with the overrides and the factors worked in, so that it
/// parses again without them (`missing_variable_is_error = false`) to the same load and criteria, and without secrets:
///  - references to variables are written out only where they stand for a quantity, a name or the target;
///    in header values, bodies, paths and files the reference stays, unexpanded;
///  - literal values of secret names are replaced by "***" as in redact_source.
/// Empty when the text does not parse.
std::string resolved_scenario_text(std::string_view text, std::string_view file, const ParseOptions& options = {});

/// The source text as it is written (references unexpanded) with literal secrets replaced by "***": values below
/// keys whose name is_secret_name(), their `${X:-default}`s, secret parameters of URLs and paths, a password in a
/// URL, and comment lines that name a secret. Lines keep their numbers. Empty when the text is not YAML: then nothing
/// is known to be safe.
std::string redact_source(std::string_view text);

/// The source text to show beside diagnostics (format_diagnostic_with_source): line for line as it is, but without
/// literal secrets as far as they can be told; also for a text that is not YAML.
std::string showable_source(std::string_view text);

/// Authorization, Cookie, and every name with "token", "key", "secret", "password", "credential", "session",
/// "signature" or the like in it.
bool is_secret_name(std::string_view name);

}  // namespace surgeproof
