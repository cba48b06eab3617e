#include "app/scenario_file.h"

#include <cstdlib>
#include <ostream>

#include "app/whole_file.h"
#include "scenarios/parse.h"

namespace surgeproof {
namespace {

/// More than any scenario needs; the parser has its own, smaller limit and says so with a place.
constexpr std::size_t kMostBytes = 64u << 20;

std::optional<std::string> from_environment(std::string_view name) {
  const char* value = std::getenv(std::string{name}.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

/// "NAME=VALUE" texts to a map; a wrong one is said and makes the result empty.
std::optional<std::map<std::string, std::string, std::less<>>> variables_of(const std::vector<std::string>& texts,
                                                                            std::ostream& errors) {
  std::map<std::string, std::string, std::less<>> variables;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      errors << "surgeproof: --var " << text << ": write NAME=VALUE\n";
      return std::nullopt;
    }
    variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

}  // namespace

std::optional<LoadedScenario> load_scenario_text(std::string_view text, const ScenarioOptions& options, bool lenient,
                                                 std::ostream& errors) {
  auto variables = variables_of(options.variables, errors);
  if (!variables) return std::nullopt;
  ParseOptions parse;
  if (!lenient) parse.environment = from_environment;
  parse.variables = std::move(*variables);
  parse.target = options.target;
  parse.load_scale = options.load_scale;
  parse.time_scale = options.time_scale;
  parse.missing_variable_is_error = !lenient;
  const std::string file = options.path == "-" ? "standard input" : options.path;
  auto scenario = parse_scenario(text, file, parse);
  if (!scenario) {
    constexpr std::size_t kMost = 50;
    const auto& all = scenario.error();
    const std::string source = showable_source(text);  // a wrong line may hold a secret
    for (std::size_t i = 0; i < all.size() && i < kMost; ++i) {
      errors << format_diagnostic_with_source(all[i], source) << '\n';
    }
    if (all.size() > kMost) errors << "… and " << all.size() - kMost << " more\n";
    errors << file << ": " << all.size() << (all.size() == 1 ? " mistake" : " mistakes") << "; nothing was sent\n";
    return std::nullopt;
  }
  return LoadedScenario{std::move(*scenario), file, resolved_scenario_text(text, file, parse)};
}

std::optional<LoadedScenario> load_scenario(const ScenarioOptions& options, std::ostream& errors) {
  const auto text = read_whole_file(options.path, kMostBytes, "a scenario");
  if (!text) {
    errors << "surgeproof: " << text.error() << '\n';
    return std::nullopt;
  }
  return load_scenario_text(*text, options, /*lenient=*/false, errors);
}

}  // namespace surgeproof
