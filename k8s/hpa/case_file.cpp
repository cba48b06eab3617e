#include "k8s/hpa/case_file.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "k8s/hpa/case_answer.h"
#include "k8s/hpa/controller.h"
#include "k8s/hpa/json.h"
#include "k8s/hpa/json_fields.h"

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;

/// What is wrong with a case, on its way to answer_case. Stays within this file.
struct Malformed {
  std::string path;
  std::string message;
};

std::chrono::nanoseconds flag_of(const json::value& settings, std::string_view name,
                                 std::chrono::nanoseconds if_absent) {
  const json::value& v = field(settings, name);
  if (v.is_null()) return if_absent;
  const auto duration = duration_of(v);
  if (!duration) throw Malformed{fmt::format("settings.{}", name), "not a duration such as \"5m0s\""};
  return *duration;
}

bool gate_of(const json::value& settings, std::string_view name, bool if_absent) {
  const auto* gate = field(field(settings, "featureGates"), name).if_bool();
  return gate == nullptr ? if_absent : *gate;
}

Settings settings_of(const json::value& v) {
  Settings settings;
  const json::value& tolerance = field(v, "tolerance");
  if (tolerance.is_number()) settings.tolerance = tolerance.to_number<double>();
  settings.cpu_initialization_period = flag_of(v, "cpuInitializationPeriod", settings.cpu_initialization_period);
  settings.initial_readiness_delay = flag_of(v, "initialReadinessDelay", settings.initial_readiness_delay);
  settings.downscale_stabilization = flag_of(v, "downscaleStabilization", settings.downscale_stabilization);
  settings.configurable_tolerance = gate_of(v, "HPAConfigurableTolerance", settings.configurable_tolerance);
  settings.pod_level_resources = gate_of(v, "PodLevelResources", settings.pod_level_resources);
  settings.scale_to_zero = gate_of(v, "HPAScaleToZero", settings.scale_to_zero);
  return settings;
}

WallTime required_time(const json::value& v, const std::string& path) {
  const auto time = time_of(v);
  if (!time || *time == WallTime::min() || *time == kFarFuture)
    throw Malformed{path, "not a time such as \"2025-06-02T09:00:00Z\""};
  return *time;
}

/// One list of the history: {"replicas", "time"}.
template <typename Entry>
std::vector<Entry> history_of(const json::value& history, std::string_view name) {
  std::vector<Entry> entries;
  for (const auto& item : items_of(field(history, name))) {
    const auto path = fmt::format("history.{}[{}]", name, entries.size());
    const auto replicas = int_of(field(item, "replicas"));
    if (!replicas) throw Malformed{path + ".replicas", "not a whole number"};
    Entry entry{};
    entry.at = required_time(field(item, "time"), path + ".time");
    if constexpr (std::is_same_v<Entry, ScaleEvent>) {
      entry.change = *replicas;
    } else {
      entry.replicas = *replicas;
    }
    entries.push_back(entry);
  }
  return entries;
}

Memory memory_of(const json::value& history) {
  return {history_of<TimedRecommendation>(history, "recommendations"), history_of<ScaleEvent>(history, "scaleUpEvents"),
          history_of<ScaleEvent>(history, "scaleDownEvents")};
}

std::vector<OtherAutoscaler> others_of(const json::value& v) {
  std::vector<OtherAutoscaler> others;
  for (const auto& item : items_of(v)) {
    others.push_back(
        {text_of(field(item, "namespace")), text_of(field(item, "name")), text_of(field(item, "selector"))});
  }
  return others;
}

/// Takes over what a step says; what it does not mention stays.
void update(World& world, const json::object& step) {
  if (const auto* v = step.if_contains("scale")) world.scale = scale_from_json(*v);
  if (const auto* v = step.if_contains("scaleUpdate")) {
    world.scale_update = v->is_object() ? std::optional(failure_of(*v)) : std::nullopt;
  }
  if (const auto* v = step.if_contains("pods")) world.pods = pods_from_json(*v);
  if (const auto* v = step.if_contains("podMetrics")) world.pod_metrics = pod_metrics_from_json(*v);
  if (const auto* v = step.if_contains("customMetrics")) world.custom_metrics = custom_metrics_from_json(*v);
  if (const auto* v = step.if_contains("externalMetrics")) world.external_metrics = external_metrics_from_json(*v);
  if (const auto* v = step.if_contains("otherHpas")) world.other_autoscalers = others_of(*v);
  if (const auto* v = step.if_contains("newHpa"); v != nullptr && v->is_object()) {
    const AutoscalerStatus status = std::move(world.hpa.status);
    world.hpa = autoscaler_from_json(*v);
    world.hpa.status = status;
  }
}

/// One controller over the worlds of one case.
class CaseRun {
 public:
  explicit CaseRun(const json::object& c)
      : controller_(settings_of(field(c, "settings")), memory_of(field(c, "history"))) {
    const json::value& hpa = field(c, "hpa");
    if (!hpa.is_object()) throw Malformed{"hpa", "there is no HorizontalPodAutoscaler"};
    world_.hpa = autoscaler_from_json(hpa);
    world_.scale = std::unexpected(failure_of(nullptr));
  }

  json::object step(const json::object& step, const std::string& path) {
    if (const auto* now = step.if_contains("now")) now_ = required_time(*now, path + "now");
    if (!now_) throw Malformed{path + "now", "there is no time"};
    update(world_, step);
    const json::value* restart = step.if_contains("controllerRestart");
    if (restart != nullptr && *restart == json::value(true)) controller_.restart();
    const Decision decision = controller_.sync(world_, *now_);
    world_.hpa.status = decision.status;
    return answer_of(decision);
  }

 private:
  Controller controller_;
  World world_;
  std::optional<WallTime> now_;
};

json::object run(const json::object& c) {
  json::object answer{{"id", text_of(field(c, "id"))}};
  CaseRun run(c);
  const json::value& steps = field(c, "steps");
  if (!steps.is_array()) {
    for (auto& entry : run.step(c, "")) answer.insert(entry);
    return answer;
  }
  json::array answers;
  for (const auto& step : steps.get_array()) {
    const auto path = fmt::format("steps[{}]", answers.size());
    if (!step.is_object()) throw Malformed{path, "not an object"};
    answers.push_back(run.step(step.get_object(), path + "."));
  }
  answer["steps"] = std::move(answers);
  return answer;
}

}  // namespace

std::expected<std::string, Diagnostic> answer_case(std::string_view text, const std::string& file, int line) {
  const auto malformed = [&](std::string path, std::string message, std::string hint) {
    return std::unexpected(Diagnostic{file, line, 0, std::move(path), std::move(message), std::move(hint)});
  };
  json::error_code failed;
  json::parse_options options;
  options.max_depth = 64;
  const json::value parsed = json::parse(text, failed, {}, options);
  if (failed) return malformed("", "not JSON: " + failed.message(), "one case is one JSON object on one line");
  if (!parsed.is_object()) return malformed("", "a case is a JSON object", "");
  if (!field(parsed, "id").is_string()) return malformed("id", "there is no id", "give each case a unique text");
  try {
    return json::serialize(run(parsed.get_object()));
  } catch (const Malformed& m) {
    return malformed(m.path, m.message, "");
  }
}

}  // namespace surgeproof::hpa
