#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "k8s/hpa/json.h"
#include "k8s/hpa/settings.h"
#include "scenarios/draft/draft.h"

namespace surgeproof {
namespace {

using std::chrono::seconds;

/// One look of the controller (--horizontal-pod-autoscaler-sync-period), and one round of the metrics-server with the
/// average that it takes: what passes before the load is even seen.
constexpr seconds kSync{15};
constexpr seconds kMetricsLag{30};
/// Behind the last possible instant, so that a criterion does not break by a hair.
constexpr seconds kSlack{30};
/// The maximum is needed when the minimum would run at this multiple of its target: the HPA's tolerance is a tenth.
constexpr double kAboveTarget = 1.15;
/// Far enough below the target that the minimum is enough.
constexpr double kBelowTarget = 0.5;

hpa::AutoscalerSpec spec_of(const Workload& w) {
  boost::system::error_code ec;
  const auto text = boost::json::parse(w.hpa->spec_json, ec);
  return ec ? hpa::AutoscalerSpec{} : hpa::autoscaler_from_json(boost::json::object{{"spec", text}}).spec;
}

seconds window_of(const std::optional<hpa::ScalingRules>& rules, seconds otherwise) {
  return rules && rules->stabilization_window_seconds ? seconds{*rules->stabilization_window_seconds} : otherwise;
}

/// How many decisions lead from `from` to `to`. A saturated pod cannot use more than its limit, so one decision grows
/// the replicas at most by limit / (target · request) (metrics-server issue 763), and without behavior at most twofold
/// or to 4.
int decisions(int from, int to, double growth) {
  int count = 0;
  for (double n = from; n < to && count < 20; ++count) n = std::max(n + 1, std::min<double>(to, std::ceil(n * growth)));
  return std::max(1, count);
}

double growth_of(const Workload& w, const hpa::AutoscalerSpec& spec) {
  double growth = 2;
  if (!w.pod_template) return growth;
  const auto request = w.pod_template->requests().cpu_milli;
  const auto limit = w.pod_template->limits().cpu_milli;
  for (const auto& m : spec.metrics) {
    if (m.name != "cpu" || !m.target.average_utilization_percent || request <= 0 || limit <= 0) continue;
    growth =
        100.0 * static_cast<double>(limit) / (static_cast<double>(request) * *m.target.average_utilization_percent);
  }
  return std::clamp(growth, 1.05, 2.0);
}

/// From creation to Ready: what the pods show, but no less than what their probes say.
seconds start_time(const Workload& w) {
  seconds took{5};
  for (const auto& pod : w.pods) {
    if (!pod.ready || !pod.created || !pod.ready_changed) continue;
    const auto one = std::chrono::ceil<seconds>(*pod.ready_changed - *pod.created);
    // A pod that was unready for a while looks slow; nobody waits ten minutes for a start.
    if (one >= seconds{0} && one < std::chrono::minutes{10}) took = std::max(took, one);
  }
  if (!w.pod_template) return took;
  for (const auto& c : w.pod_template->containers) {
    if (c.readiness) took = std::max(took, c.readiness->initial_delay + c.readiness->period);
  }
  return took;
}

seconds round_up(seconds s, seconds step) { return (s + step - seconds{1}) / step * step; }

/// Two significant digits: nobody believes more.
double rounded(double rate) {
  if (rate <= 0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(rate)) - 1);
  return std::round(rate / unit) * unit;
}

}  // namespace

std::optional<double> pod_rate_at_target(double total_per_second, int ready_pods, int utilization_percent,
                                         int target_percent) {
  if (total_per_second <= 0 || ready_pods <= 0 || utilization_percent < 2 || target_percent <= 0) return std::nullopt;
  return total_per_second / ready_pods * target_percent / utilization_percent;
}

DraftPlan plan_draft(const DraftInput& input) {
  const auto& w = input.workload;
  const auto spec = spec_of(w);
  DraftPlan plan;
  plan.min = std::max(1, spec.min_replicas.value_or(1));
  plan.max = std::max(spec.max_replicas, plan.min);
  const double pod = input.rate.at_target_per_second;
  // The maximum is wanted as soon as max − 1 pods are beyond their target and its tolerance.
  plan.high_per_second = rounded(pod * std::max<double>(plan.max - 1, plan.min) * kAboveTarget);
  plan.low_per_second = rounded(pod * plan.min * kBelowTarget);
  const auto up_window = window_of(spec.behavior ? spec.behavior->scale_up : std::nullopt, seconds{0});
  const auto down_window = window_of(spec.behavior ? spec.behavior->scale_down : std::nullopt,
                                     std::chrono::duration_cast<seconds>(hpa::Settings{}.downscale_stabilization));
  const int steps = decisions(plan.min, plan.max, growth_of(w, spec));
  const auto start = start_time(w);
  // Every decision but the first waits until the pods of the one before are measured.
  const auto feasible = up_window + kMetricsLag + kSync + start + (steps - 1) * (kMetricsLag + start);
  plan.ramp = seconds{10};
  plan.scale_up_within = round_up(plan.ramp + feasible + kSlack, seconds{15});
  plan.baseline = seconds{60};
  plan.peak = round_up(plan.scale_up_within + seconds{60}, seconds{30});
  plan.scale_down_not_before = down_window;
  plan.scale_down_within = down_window + round_up(kMetricsLag + kSync + 2 * kSlack, seconds{15});
  plan.calm = round_up(plan.scale_down_within + seconds{30}, seconds{30});
  return plan;
}

}  // namespace surgeproof
