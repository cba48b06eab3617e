// Scaling down came too late or too early.
#include <fmt/format.h>

#include "analyzers/causes/clue.h"
#include "analyzers/moment.h"
#include "analyzers/timeline.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

//                                     up  down latency errors drops replicas
constexpr Weights kWindow{0, 80, 0, 0, 0, 70};
constexpr Weights kStillBusy{0, 85, 0, 0, 0, 0};

const ScaleDownCriterion* rule_for(const Facts& facts, const HpaTrack& hpa) {
  for (const Criterion& c : facts.scenario.criteria) {
    const auto* rule = std::get_if<ScaleDownCriterion>(&c.rule);
    if (rule && resolve_hpa(facts.scenario, rule->hpa) == hpa.name) return rule;
  }
  return nullptr;
}

void window(const HpaTrack& hpa, const ScaleDownCriterion& rule, std::vector<Clue>& clues) {
  constexpr std::chrono::seconds kDefault{300};
  const std::chrono::seconds window = hpa.scale_down_window.value_or(kDefault);
  const bool too_long = 10 * window > 8 * rule.within;  // metric and sync need their part, too
  const bool too_short = rule.not_before && window < *rule.not_before;
  if (!too_long && !too_short) return;
  clues.push_back({{"stabilization_window",
                    fmt::format("HPA {} has a scale-down stabilization window of {}, too {} for this criterion",
                                hpa.name, format_duration(window), too_long ? "long" : "short"),
                    fmt::format("set behavior.scaleDown.stabilizationWindowSeconds {}, or change the criterion",
                                too_long ? "lower" : "higher"),
                    Confidence::probable,
                    0,
                    {hpa.scale_down_window ? "set in the HPA's spec" : "the controller's default: the spec sets none"}},
                   kWindow,
                   hpa.name,
                   {"too_late", "never", "too_early", "flapping"}});
}

// Above the value at which fewer replicas would still hold the target, the HPA rightly keeps them.
void still_busy(const Facts& facts, const HpaTrack& hpa, const ScaleDownCriterion& rule, std::vector<Clue>& clues) {
  const Timeline& t = facts.timeline;
  const RunTime end = std::min(t.end, scale_down_begin(facts.scenario, t, rule) + rule.within);
  for (const char* type : {"AbleToScale", "ScalingActive"}) {
    const Condition* c = hpa.condition_at(type, end);
    if (c && c->status == "False") return;  // its metrics are from before that, and no reason any more
  }
  for (const MetricTrack& m : hpa.metrics) {
    const auto current = m.current.at(end);
    const auto target = m.target.at(end);
    const auto wanted = hpa.wanted().at(end);
    if (!current || !*current || !target || !wanted || *target <= 0 || *wanted <= rule.to) continue;
    if (**current * *wanted <= *target * rule.to) continue;  // `to` replicas would do
    clues.push_back({{"still_busy",
                      fmt::format("{} was still {:g} on {} replicas: too much for {} at a target of {:g}", m.name,
                                  **current, *wanted, rule.to, *target),
                      "lower the load of the last stage, or see what keeps the pods busy without it",
                      Confidence::probable,
                      0,
                      {}},
                     kStillBusy,
                     hpa.name,
                     {"too_late", "never"}});
  }
}

}  // namespace

void clues_from_stabilization(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues) {
  const ScaleDownCriterion* rule = rule_for(facts, *look.hpa);
  if (!rule) return;
  window(*look.hpa, *rule, clues);
  still_busy(facts, *look.hpa, *rule, clues);
}

}  // namespace surgeproof
