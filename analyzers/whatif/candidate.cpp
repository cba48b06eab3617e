// A candidate's settings in a spec, and back.
#include <algorithm>

#include "analyzers/whatif/tune.h"

namespace surgeproof::whatif {
namespace {

hpa::MetricTarget* target_of(hpa::AutoscalerSpec& spec) {
  const hpa::MetricSpec* metric = simulated_metric(spec);
  for (hpa::MetricSpec& m : spec.metrics) {
    if (&m == metric) return &m.target;
  }
  return nullptr;
}

}  // namespace

Candidate candidate_of(const hpa::AutoscalerSpec& spec, const hpa::Settings& settings) {
  Candidate c;
  c.min = spec.min_replicas.value_or(1);
  c.max = spec.max_replicas;
  if (const hpa::MetricSpec* metric = simulated_metric(spec)) {
    c.target = metric->target.average_utilization_percent.value_or(
        static_cast<std::int32_t>(metric->target.average_value_milli.value_or(0)));
  }
  c.down_window_s = static_cast<std::int32_t>(settings.downscale_stabilization / std::chrono::seconds{1});
  if (!spec.behavior) return c;
  if (const auto& up = spec.behavior->scale_up) c.up_window_s = up->stabilization_window_seconds.value_or(0);
  if (const auto& down = spec.behavior->scale_down) {
    c.down_window_s = down->stabilization_window_seconds.value_or(c.down_window_s);
  }
  return c;
}

hpa::AutoscalerSpec with(const Candidate& c, hpa::AutoscalerSpec spec) {
  spec.min_replicas = c.min;
  spec.max_replicas = c.max;
  if (hpa::MetricTarget* target = target_of(spec)) {
    if (target->average_utilization_percent) {
      target->average_utilization_percent = c.target;
    } else {
      target->average_value_milli = c.target;
    }
  }
  if (c.own_behavior) return spec;
  using Kind = hpa::ScalingPolicy::Kind;
  spec.behavior = hpa::Behavior{};
  hpa::ScalingRules& up = spec.behavior->scale_up.emplace();
  up.stabilization_window_seconds = c.up_window_s;
  up.select_policy = hpa::PolicySelect::max;
  up.policies = {{Kind::percent, c.up_percent, 15}, {Kind::pods, c.up_pods, 15}};
  hpa::ScalingRules& down = spec.behavior->scale_down.emplace();
  down.stabilization_window_seconds = c.down_window_s;
  down.select_policy = hpa::PolicySelect::max;
  down.policies = {{Kind::percent, c.down_percent, c.down_period_s}};
  return spec;
}

}  // namespace surgeproof::whatif
