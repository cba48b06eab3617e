#include "analyzers/whatif/patch.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "analyzers/whatif/simulation.h"

namespace surgeproof::whatif {
namespace {

namespace json = boost::json;

std::string rules_text(std::string_view name, const hpa::ScalingRules& r) {
  std::string text = fmt::format("    {}:\n", name);
  if (r.stabilization_window_seconds)
    text += fmt::format("      stabilizationWindowSeconds: {}\n", *r.stabilization_window_seconds);
  const auto choice = r.select_policy.value_or(hpa::PolicySelect::max);
  text += fmt::format("      selectPolicy: {}\n", choice == hpa::PolicySelect::max   ? "Max"
                                                  : choice == hpa::PolicySelect::min ? "Min"
                                                                                     : "Disabled");
  text += "      policies:\n";
  for (const auto& p : r.policies.value_or(std::vector<hpa::ScalingPolicy>{})) {
    text += fmt::format("        - {{type: {}, value: {}, periodSeconds: {}}}\n",
                        p.kind == hpa::ScalingPolicy::Kind::pods ? "Pods" : "Percent", p.value, p.period_seconds);
  }
  return text;
}

/// All metrics as recorded, the simulated one with its new target; JSON is YAML.
std::string metrics_text(const hpa::AutoscalerSpec& to, const std::string& spec_json) {
  json::error_code failed;
  json::value spec = json::parse(spec_json, failed);
  if (failed || !spec.is_object()) return "";
  auto* metrics = spec.as_object().if_contains("metrics");
  const hpa::MetricSpec* simulated = simulated_metric(to);
  if (metrics == nullptr || !metrics->is_array() || simulated == nullptr) return "";
  const auto index = static_cast<std::size_t>(simulated - to.metrics.data());
  std::string text = "  metrics:\n";
  auto& list = metrics->as_array();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i == index && list[i].is_object()) {
      for (const char* kind : {"resource", "containerResource"}) {
        auto* source = list[i].as_object().if_contains(kind);
        if (source == nullptr || !source->is_object()) continue;
        json::object target{{"type", "Utilization"},
                            {"averageUtilization", simulated->target.average_utilization_percent.value_or(0)}};
        if (!simulated->target.average_utilization_percent) {
          target = {{"type", "AverageValue"},
                    {"averageValue", fmt::format("{}m", simulated->target.average_value_milli.value_or(0))}};
        }
        source->as_object()["target"] = std::move(target);
      }
    }
    text += fmt::format("    - {}\n", json::serialize(list[i]));
  }
  return text;
}

}  // namespace

std::string patch_text(const hpa::AutoscalerSpec& from, const hpa::AutoscalerSpec& to, const std::string& spec_json) {
  std::string text = "spec:\n";
  if (from.min_replicas != to.min_replicas) text += fmt::format("  minReplicas: {}\n", to.min_replicas.value_or(1));
  if (from.max_replicas != to.max_replicas) text += fmt::format("  maxReplicas: {}\n", to.max_replicas);
  if (from.metrics != to.metrics) text += metrics_text(to, spec_json);
  if (from.behavior != to.behavior && to.behavior) {
    text += "  behavior:\n";
    if (to.behavior->scale_up) text += rules_text("scaleUp", *to.behavior->scale_up);
    if (to.behavior->scale_down) text += rules_text("scaleDown", *to.behavior->scale_down);
  }
  return text == "spec:\n" ? "spec: {}\n" : text;
}

}  // namespace surgeproof::whatif
