#include "analyzers/whatif/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "analyzers/whatif/simulation.h"
#include "base/diagnostic.h"
#include "base/duration.h"
#include "base/quantity.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;
using Result = std::expected<void, std::string>;

std::unexpected<std::string> wrong(std::string_view name, std::string_view value, std::string_view would_do) {
  return std::unexpected(fmt::format("--set {}={}: write {}", name, value, would_do));
}

std::optional<std::int32_t> whole(std::string_view text, std::int32_t least, std::int32_t most) {
  std::int32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n < least || n > most) return std::nullopt;
  return n;
}

hpa::ScalingRules& rules(Service& s, bool up) {
  if (!s.loop.spec.behavior) {
    s.loop.spec.behavior = hpa::Behavior{};
    hpa::apply_defaults(s.loop.spec);
  }
  return up ? *s.loop.spec.behavior->scale_up : *s.loop.spec.behavior->scale_down;
}

/// "Pods:4/15s,Percent:100/15s"
std::optional<std::vector<hpa::ScalingPolicy>> policies(std::string_view text) {
  std::vector<hpa::ScalingPolicy> list;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const std::string_view one = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto colon = one.find(':');
    const auto slash = one.find('/');
    if (colon == one.npos || slash == one.npos || slash < colon) return std::nullopt;
    const std::string_view kind = one.substr(0, colon);
    const auto value = whole(one.substr(colon + 1, slash - colon - 1), 1, 1'000'000);
    const auto period = parse_duration(one.substr(slash + 1));
    if ((kind != "Pods" && kind != "Percent") || !value || !period || *period < 1s || *period > 1800s)
      return std::nullopt;
    list.push_back({kind == "Pods" ? hpa::ScalingPolicy::Kind::pods : hpa::ScalingPolicy::Kind::percent, *value,
                    static_cast<std::int32_t>(*period / 1s)});
  }
  if (list.empty()) return std::nullopt;
  return list;
}

Result set_rule(std::string_view name, std::string_view key, std::string_view value, hpa::ScalingRules& r) {
  if (key == "stabilizationWindowSeconds") {
    const auto n = whole(value, 0, 3600);
    if (!n) return wrong(name, value, "whole seconds from 0 to 3600");
    r.stabilization_window_seconds = *n;
  } else if (key == "selectPolicy") {
    if (value != "Max" && value != "Min" && value != "Disabled") return wrong(name, value, "Max, Min or Disabled");
    r.select_policy = value == "Max"   ? hpa::PolicySelect::max
                      : value == "Min" ? hpa::PolicySelect::min
                                       : hpa::PolicySelect::disabled;
  } else if (key == "policies") {
    r.policies = policies(value);
    if (!r.policies) return wrong(name, value, "Pods:4/15s,Percent:100/15s: periods from 1s to 1800s");
  } else {
    const auto share = parse_quantity_milli(value);
    if (!share || *share < 0) return wrong(name, value, "a share such as 0.05");
    r.tolerance = static_cast<double>(*share) / 1000.0;
  }
  return {};
}

using Setter = Result (*)(std::string_view name, std::string_view value, Service& s);

Result set_min(std::string_view name, std::string_view value, Service& s) {
  const auto n = whole(value, 0, 100'000);
  if (!n) return wrong(name, value, "a whole number of replicas");
  s.loop.spec.min_replicas = *n;
  return {};
}

Result set_max(std::string_view name, std::string_view value, Service& s) {
  const auto n = whole(value, 1, 100'000);
  if (!n) return wrong(name, value, "a whole number of replicas, at least 1");
  s.loop.spec.max_replicas = *n;
  return {};
}

Result set_target(std::string_view name, std::string_view value, Service& s) {
  for (hpa::MetricSpec& m : s.loop.spec.metrics) {
    if (&m != simulated_metric(s.loop.spec)) continue;
    if (m.target.average_utilization_percent) {
      const auto n = whole(value.ends_with('%') ? value.substr(0, value.size() - 1) : value, 1, 10'000);
      if (!n) return wrong(name, value, "percent of the request, such as 70");
      m.target.average_utilization_percent = *n;
    } else {
      const auto milli = parse_quantity_milli(value);
      if (!milli || *milli <= 0) return wrong(name, value, "CPU of a pod, such as 140m");
      m.target.average_value_milli = *milli;
    }
  }
  return {};
}

Result set_behavior(std::string_view name, std::string_view value, Service& s) {
  if (value != "none") return wrong(name, value, "none (no behavior at all), or name one of its fields");
  s.loop.spec.behavior.reset();
  return {};
}

template <RunTime Loop::* Field>
Result set_loop_time(std::string_view name, std::string_view value, Service& s) {
  const auto d = parse_duration(value);
  const bool may_be_zero = Field == &Loop::metric_lag;
  if (!d || *d < (may_be_zero ? 0ms : 100ms) || *d > 24h) return wrong(name, value, "a duration such as 15s");
  s.loop.*Field = *d;
  // What was recorded says otherwise.
  if (Field == &Loop::sync_period) {
    s.loop.recorded_syncs.clear();
  } else {
    s.loop.rounds.clear();
  }
  return {};
}

Result set_pod_start(std::string_view name, std::string_view value, Service& s) {
  const auto d = parse_duration(value);
  if (!d || *d < 0ms || *d > 24h) return wrong(name, value, "a duration such as 20s");
  // Running comes at the same share of the way to Ready.
  const double share = s.pod.to_ready > 0ms
                           ? static_cast<double>(s.pod.to_running.count()) / static_cast<double>(s.pod.to_ready.count())
                           : 1.0;
  s.pod.to_ready = *d;
  s.pod.to_running = RunTime{static_cast<std::int64_t>(static_cast<double>(d->count()) * share)};
  return {};
}

Result set_pod_limit(std::string_view name, std::string_view value, Service& s) {
  const auto milli = parse_quantity_milli(value);
  if (!milli || *milli <= 0) return wrong(name, value, "CPU such as 500m");
  s.pod.most_millicores = static_cast<double>(*milli);
  return {};
}

Result set_pod_request(std::string_view name, std::string_view value, Service& s) {
  const auto milli = parse_quantity_milli(value);
  if (!milli || *milli <= 0) return wrong(name, value, "CPU such as 200m");
  s.pod.request_millicores = *milli;
  return {};
}

Result set_idle(std::string_view name, std::string_view value, Service& s) {
  const auto milli = parse_quantity_milli(value);
  if (!milli || *milli < 0) return wrong(name, value, "CPU such as 5m");
  s.pod.idle_millicores = static_cast<double>(*milli);
  return {};
}

Result set_cost(std::string_view name, std::string_view value, Service& s) {
  const auto d = parse_duration(value);
  if (!d || *d <= 0ms) return wrong(name, value, "CPU time such as 5ms");
  s.pod.cpu_per_request_ms = std::chrono::duration<double, std::milli>(*d).count();
  return {};
}

Result set_timeout(std::string_view name, std::string_view value, Service& s) {
  const auto d = parse_duration(value);
  if (!d || *d <= 0ms) return wrong(name, value, "a duration such as 10s");
  s.pod.client_timeout_s = std::chrono::duration<double>(*d).count();
  return {};
}

Result set_load(std::string_view name, std::string_view value, Service& s) {
  const auto factor = parse_quantity_milli(value);
  if (!factor || *factor <= 0) return wrong(name, value, "a factor such as 1.5");
  for (double& rate : s.demand.per_second) rate *= static_cast<double>(*factor) / 1000.0;
  return {};
}

Result set_initial(std::string_view name, std::string_view value, Service& s) {
  const auto n = whole(value, 0, 100'000);
  if (!n) return wrong(name, value, "a whole number of replicas");
  s.loop.initial_replicas = *n;
  return {};
}

struct Row {
  std::string_view name;
  Setter set;
};
constexpr std::array<Row, 18> kRows{{
    {"minReplicas", set_min},
    {"maxReplicas", set_max},
    {"target", set_target},
    {"behavior", set_behavior},
    {"replicas", set_initial},
    {"pod-start", set_pod_start},
    {"pod-limit", set_pod_limit},
    {"pod-request", set_pod_request},
    {"cpu-per-request", set_cost},
    {"idle-cpu", set_idle},
    {"client-timeout", set_timeout},
    {"load-scale", set_load},
    {"sync", set_loop_time<&Loop::sync_period>},
    {"metric-resolution", set_loop_time<&Loop::metric_resolution>},
    {"metric-window", set_loop_time<&Loop::metric_window>},
    {"metric-lag", set_loop_time<&Loop::metric_lag>},
    {"min", set_min},
    {"max", set_max},
}};
constexpr std::array<std::string_view, 4> kRuleKeys{"stabilizationWindowSeconds", "selectPolicy", "policies",
                                                    "tolerance"};

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Row& row : kRows) {
    if (row.name != "min" && row.name != "max") names.emplace_back(row.name);
  }
  for (const char* side : {"behavior.scaleUp.", "behavior.scaleDown."}) {
    for (const auto key : kRuleKeys) names.push_back(side + std::string(key));
  }
  return names;
}

}  // namespace

Result apply_setting(std::string_view text, Service& service) {
  const auto equals = text.find('=');
  if (equals == text.npos || equals == 0) return std::unexpected(fmt::format("--set {}: write NAME=VALUE", text));
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = text.substr(equals + 1);
  for (const Row& row : kRows) {
    if (row.name == name) return row.set(name, value, service);
  }
  for (const bool up : {true, false}) {
    const std::string_view side = up ? "behavior.scaleUp." : "behavior.scaleDown.";
    if (!name.starts_with(side)) continue;
    const std::string_view key = name.substr(side.size());
    if (std::ranges::find(kRuleKeys, key) == kRuleKeys.end()) break;
    if (key == "tolerance") service.loop.settings.configurable_tolerance = true;
    return set_rule(name, key, value, rules(service, up));
  }
  const auto names = all_names();
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(name, views);
  return std::unexpected(near.empty() ? fmt::format("--set {}: there are {}", name, setting_names())
                                      : fmt::format("--set {}: did you mean {}?", name, near));
}

std::string setting_names() { return fmt::format("{}", fmt::join(all_names(), ", ")); }

}  // namespace surgeproof::whatif
