#include "scenarios/parse.h"

#include <fmt/format.h>

#include <cmath>

#include "base/yaml.h"
#include "scenarios/plan.h"
#include "scenarios/reading/rewrite.h"
#include "scenarios/reading/sections.h"

namespace surgeproof {
namespace {

using namespace reading;

constexpr YamlLimits kLimits{.max_bytes = 2u << 20, .max_nodes = 100'000, .max_depth = 64};

std::string name_of_file(std::string_view file) {
  const auto slash = file.find_last_of("/\\");
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  for (const std::string_view ending : {".yaml", ".yml", ".json"}) {
    if (file.ends_with(ending)) file.remove_suffix(ending.size());
  }
  return file.empty() || file == "-" ? "scenario" : std::string{file};
}

/// The options with what is impossible in them reported and left out.
ParseOptions checked(ParseOptions options, std::string_view file, Diagnostics& diagnostics) {
  const auto refuse = [&](std::string_view option, std::string message, std::string hint) {
    diagnostics.push_back({std::string{file}, 0, 0, std::string{option}, std::move(message), std::move(hint)});
  };
  for (const auto& [name, factor] :
       {std::pair{"--load-scale", &options.load_scale}, {"--time-scale", &options.time_scale}}) {
    if (std::isfinite(*factor) && *factor >= 1e-6 && *factor <= 1e6) continue;
    refuse(name, "must lie between 0.000001 and 1000000", "");
    *factor = 1;
  }
  if (!options.target.empty()) {
    if (auto complaint = complaint_about_target(options.target)) {
      refuse("--target", std::move(complaint->message), std::move(complaint->hint));
    }
  }
  return options;
}

/// `load: none`
bool sends_nothing(const Fields& fields) {
  const auto v = fields.get("load");
  return v && v->is_scalar() && v->node->scalar == "none";
}

/// Without load there is no request to judge, and no instant of a plan to count from.
void refuse_criteria_of_load(Reading& reading, const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.criteria.size(); ++i) {
    const auto& criterion = scenario.criteria[i];
    const auto& rule = criterion.rule;
    const bool of_the_cluster = std::holds_alternative<ReplicasCriterion>(rule) ||
                                std::holds_alternative<SignalCriterion>(rule) ||
                                std::holds_alternative<LogsCriterion>(rule);
    if (of_the_cluster) continue;
    reading.error(criterion.place, fmt::format("criteria[{}]", i), "needs load, and load is none",
                  "give the scenario a load, or leave the criterion out");
  }
}

/// The target: of the command line, or of the file. One that is overridden is not looked at.
void read_target_into(Reading& reading, const Fields& fields, const Value& root, Scenario& scenario) {
  const auto& given = reading.options().target;
  const auto v = fields.get("target");
  if (!given.empty()) {
    scenario.target = given;
    if (v && v->is_scalar()) reading.edit(*v, given);
  } else if (v) {
    scenario.target = read_target(reading, *v);
  } else if (!fields.has("target") && !sends_nothing(fields)) {
    reading.error(root, "\"target\" is missing", "say where the load goes, as in target: http://127.0.0.1:8080");
  }
}

/// What is looked at beside load and replicas, and what a replica costs.
void read_observed(Reading& reading, const Fields& fields, const Value& root, Scenario& scenario, Named& named) {
  const auto before = reading.errors();
  if (const auto v = fields.get("signals")) scenario.signals = read_signals(reading, *v);
  named.signals_sound = reading.errors() == before && fields.has("signals") == fields.get("signals").has_value();
  if (const auto v = fields.get("prometheus")) {
    scenario.prometheus = read_prometheus(reading, *v);
    if (scenario.signals.empty() && named.signals_sound) {
      reading.error(*v, "is not asked for anything", "add signals: {NAME: {prometheus: 'QUERY'}}, or leave it out");
    }
  } else if (!scenario.signals.empty()) {
    scenario.prometheus = prometheus_of_environment(reading, root);
  }
  if (const auto v = fields.get("warm_up")) {
    scenario.warm_up = read_scaled_duration(reading, *v).value_or(std::chrono::nanoseconds{0});
  }
  if (const auto v = fields.get("price")) scenario.price = reading.price(*v);
}

/// A warm-up that leaves nothing of the load.
void check_warm_up(Reading& reading, const Fields& fields, const Scenario& scenario, const Named& named) {
  const auto v = fields.get("warm_up");
  if (!v || !named.times_sound || !named.stages_sound) return;
  if (scenario.load.none()) {
    reading.error(*v, "is of no use: load is none", "leave it out");
  } else if (scenario.warm_up >= plan_duration(scenario)) {
    reading.error(*v, "is as long as the load plan or longer: nothing would be judged", "shorten it");
  }
}

Scenario read_scenario(Reading& reading, const Value& root, std::string_view file) {
  Scenario scenario;
  Named named;
  Fields fields{reading, root, kScenario};
  if (!fields.usable()) return scenario;
  scenario.name = name_of_file(file);
  if (const auto v = fields.get("name")) {
    if (const auto t = reading.name(*v)) scenario.name = t->value;
  }
  read_target_into(reading, fields, root, scenario);
  if (const auto v = fields.get("cluster")) scenario.cluster = read_cluster(reading, *v);
  const auto before = reading.errors();
  if (const auto v = fields.get("watch")) scenario.watch = read_watch(reading, *v);
  named.watch_sound = reading.errors() == before && fields.has("watch") == fields.get("watch").has_value();
  read_observed(reading, fields, root, scenario, named);
  if (const auto v = fields.get("connections")) scenario.connections = read_connections(reading, *v);
  if (const auto v = fields.get("client")) {
    scenario.client = read_client(reading, *v);
    if (scenario.client.http == ClientOptions::Http::h2c && scenario.target.starts_with("https://")) {
      reading.error(*v, "http: h2c is HTTP/2 without TLS, but the target is https", "write http: 2");
    }
  }
  if (const auto v = fields.get("requests")) scenario.requests = read_requests(reading, *v, named);
  if (!fields.has("requests")) {
    scenario.requests.emplace_back();
    scenario.requests.back().name = scenario.requests.back().shown = "GET /";
  }
  if (const auto v = fields.require("load", "as in load: [{hold: 20/s, for: 1m}]")) {
    scenario.load = read_load(reading, *v, named);
    using Http = ClientOptions::Http;
    const Http http = scenario.client.http;
    const bool http1 = http == Http::http1 || (http == Http::automatic && !scenario.target.starts_with("https://"));
    if (scenario.load.closed && scenario.load.closed->streams > 1 && http1) {
      reading.error(*v, "several streams on a connection take HTTP/2", "add client: {http: 2}");
    }
  } else {
    named.stages_sound = false;
  }
  check_warm_up(reading, fields, scenario, named);
  if (const auto v = fields.get("actions")) scenario.actions = read_actions(reading, *v, scenario, named);
  named.actions_sound = named.actions_sound && fields.has("actions") == fields.get("actions").has_value();
  if (const auto v = fields.get("criteria")) scenario.criteria = read_criteria(reading, *v, scenario, named);
  if (!sends_nothing(fields)) return scenario;
  if (!scenario.actions.empty()) {
    reading.error(scenario.actions.front().place, "actions", "are carried out while the load runs, and load is none",
                  "give the scenario a load, or leave the actions out");
  }
  refuse_criteria_of_load(reading, scenario);
  if (!fields.has("watch")) reading.error(root, "sends nothing and watches nothing", "add watch: {hpa: …}");
  return scenario;
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

}  // namespace

std::expected<Scenario, Diagnostics> parse_scenario(std::string_view text, std::string_view file,
                                                    const ParseOptions& options) {
  const auto root = parse_yaml(text, file, kLimits);
  if (!root) return std::unexpected(root.error());
  Diagnostics of_options;
  const auto sound = checked(options, file, of_options);
  Reading reading{file, sound, std::move(of_options)};
  auto scenario = read_scenario(reading, {&*root, {}}, file);
  if (auto diagnostics = reading.take_diagnostics(); !diagnostics.empty())
    return std::unexpected(std::move(diagnostics));
  return scenario;
}

std::string resolved_scenario_text(std::string_view text, std::string_view file, const ParseOptions& options) {
  text = without_mark(text);
  const auto root = parse_yaml(text, file, kLimits);
  if (!root) return {};
  Diagnostics of_options;
  const auto sound = checked(options, file, of_options);
  Reading reading{file, sound, std::move(of_options)};
  const auto scenario = read_scenario(reading, {&*root, {}}, file);
  if (reading.errors() > 0) return {};
  auto edits = secret_edits(*root, text);
  for (const auto& [begin, edit] : reading.edits()) edits[begin] = edit;
  auto source = apply_edits(text, edits);
  for (const auto& [key, value] : {std::pair{"target", scenario.target}, {"name", scenario.name}}) {
    if (root->find(key) != nullptr || value.empty()) continue;
    const auto again = parse_yaml(source, file, kLimits);
    if (again) source = with_entry(*again, source, key, without_references(value));
  }
  return without_secret_comments(source);
}

}  // namespace surgeproof
