// The HPA could act and did not go far enough, or too slowly: its maximum, its policies, its metric.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

//                                  up  down latency errors drops replicas
constexpr Weights kMaxBelowGoal{98, 0, 80, 50, 30, 0};
constexpr Weights kAtMax{0, 0, 60, 40, 25, 0};
constexpr Weights kPolicy{75, 0, 60, 30, 20, 0};
constexpr Weights kLoadTooLow{70, 60, 0, 0, 0, 0};
constexpr Weights kMetricLag{65, 0, 50, 25, 15, 0};

// The condition of that type and reason that held last within the look; null when there was none.
const Condition* seen_condition(const HpaTrack& hpa, std::string_view type, std::string_view reason, Interval look) {
  const Condition* seen = nullptr;
  for (std::size_t i = 0; i < hpa.conditions.size(); ++i) {
    const bool over = i + 1 < hpa.conditions.size() && hpa.conditions[i + 1].at <= look.begin;
    if (over || hpa.conditions[i].at > look.end) continue;
    for (const Condition& c : hpa.conditions[i].conditions) {
      if (c.type == type && c.reason == reason && c.status == "True") seen = &c;
    }
  }
  return seen;
}

std::string quote(const Condition& c) { return fmt::format("{} {}: {}", c.type, c.reason, c.message); }

struct Peak {
  double value = 0;
  double target = 0;
  const MetricTrack* metric = nullptr;
};

// The metric that was highest above (or least below) its target.
std::optional<Peak> highest_metric(const HpaTrack& hpa, Interval look) {
  std::optional<Peak> peak;
  for (const MetricTrack& m : hpa.metrics) {
    const auto target = m.target.at(look.end);
    if (!target || *target <= 0) continue;
    m.current.each(look, [&](Interval, const std::optional<double>& v) {
      if (v && (!peak || *v / *target > peak->value / peak->target)) peak = Peak{*v, *target, &m};
    });
  }
  return peak;
}

std::string tell(const Peak& p) {
  const char* unit = p.metric->utilization ? " %" : "";
  return fmt::format("{} rose to {:g}{} (target {:g}{})", p.metric->name, p.value, unit, p.target, unit);
}

void max_too_low(const ScaleLook& look, std::vector<Clue>& clues) {
  const int max = look.hpa->max_replicas.at(look.look.end).value_or(0);
  if (max <= 0) return;
  const Condition* limited = seen_condition(*look.hpa, "ScalingLimited", "TooManyReplicas", look.look);
  std::vector<std::string> evidence;
  if (limited) evidence.push_back(quote(*limited));
  const auto peak = highest_metric(*look.hpa, look.look);
  if (peak) evidence.push_back(tell(*peak));
  const std::string remedy = "raise spec.maxReplicas of the HPA, and see that quota and nodes have the room";
  if (look.to && max < *look.to) {
    clues.push_back(
        {{"max_replicas_too_low",
          fmt::format("HPA {} may have {} replicas at most, but {} are wanted", look.hpa->name, max, *look.to), remedy,
          Confidence::high, 0, std::move(evidence)},
         kMaxBelowGoal,
         look.hpa->name});
    return;
  }
  const bool still_busy = peak && peak->value > peak->target;
  if (limited && still_busy) {
    clues.push_back(
        {{"max_replicas_too_low", fmt::format("HPA {} wanted more than its {} replicas", look.hpa->name, max), remedy,
          Confidence::probable, 0, std::move(evidence)},
         kAtMax,
         look.hpa->name});
  }
}

void policy_limit(const ScaleLook& look, std::vector<Clue>& clues) {
  const Condition* limited = seen_condition(*look.hpa, "ScalingLimited", "ScaleUpLimit", look.look);
  if (!limited || look.reached) return;
  clues.push_back({{"scale_policy_limit",
                    fmt::format("HPA {} was held back by its scale-up policy: {} replicas wanted in time",
                                look.hpa->name, look.path.most_wanted),
                    "allow larger steps in behavior.scaleUp.policies (more pods or percent per period)",
                    Confidence::probable,
                    0,
                    {quote(*limited)}},
                   kPolicy,
                   look.hpa->name});
}

void metric_stayed_low(const ScaleLook& look, std::vector<Clue>& clues) {
  constexpr double kTolerance = 1.1;  // the controller's default, upwards
  const auto peak = highest_metric(*look.hpa, look.look);
  if (look.reached || !look.to || !peak || peak->value > peak->target * kTolerance) return;
  if (look.path.most_wanted >= *look.to) return;
  const Condition* active = look.hpa->condition_at("ScalingActive", look.look.end);
  if (active && active->status == "False") return;  // the value is stale
  clues.push_back({{"load_too_low",
                    fmt::format("{}, which is no reason to add pods", tell(*peak)),
                    "send more load, or lower the HPA's target or the pods' request",
                    Confidence::probable,
                    0,
                    {}},
                   kLoadTooLow,
                   look.hpa->name});
}

void metric_came_late(const ScaleLook& look, std::vector<Clue>& clues) {
  const PathStep* slowest = look.path.slowest();
  if (look.reached || !slowest || slowest->code != "metric" || slowest->open) return;  // open: it never came
  clues.push_back({{"metric_lag",
                    fmt::format("the metric of HPA {} showed the load only after {}", look.hpa->name,
                                format_duration(slowest->interval.length())),
                    "shorten the metric's path: metrics-server --metric-resolution, or a metric of the requests",
                    Confidence::probable,
                    0,
                    {}},
                   kMetricLag,
                   look.hpa->name});
}

}  // namespace

void clues_from_scaling(const Facts&, const ScaleLook& look, std::vector<Clue>& clues) {
  max_too_low(look, clues);
  policy_limit(look, clues);
  metric_stayed_low(look, clues);
  metric_came_late(look, clues);
}

}  // namespace surgeproof
