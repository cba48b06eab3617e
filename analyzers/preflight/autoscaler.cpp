// The HPA itself: does it work, and can it do what the scenario wants of it?
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/preflight/rules.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof::rules {
namespace {

using Level = Check::Level;
using std::chrono::seconds;

/// A scale-down is decided by a sync (15 s) on metrics that may be as old again.
constexpr seconds kDecisionLag{30};
/// Within so long after the load has gone the metrics have surely followed.
constexpr seconds kMetricsFollow{90};

const Condition* condition(const Workload& w, std::string_view type) {
  const auto found = std::ranges::find(w.hpa->conditions, type, &Condition::type);
  return found == w.hpa->conditions.end() ? nullptr : &*found;
}

std::string remedy_for(const Bench& b, const std::string& reason) {
  if (reason == "ScalingDisabled") {
    return fmt::format("scale {} to at least 1 replica: at 0 the HPA is switched off", b.target());
  }
  if (reason == "FailedGetResourceMetric" || reason == "FailedGetContainerResourceMetric") {
    return "look at the metrics-server and at the containers' requests (below)";
  }
  if (reason.starts_with("FailedGet") && reason.ends_with("Metric")) {
    return "look at the adapter that serves the metric (kubectl get apiservices)";
  }
  if (reason == "InvalidSelector" || reason == "AmbiguousSelector") {
    return "the pods of the target must not belong to another HPA's target";
  }
  if (reason == "FailedGetScale") return "check spec.scaleTargetRef of the HPA";
  return "kubectl describe the HPA";
}

/// Whether the HPA was found; says so if not.
bool exists(Bench& b) {
  if (b.w.hpa) return true;
  if (const auto* part = b.w.unseen_part("horizontalpodautoscalers")) {
    b.add(Level::unseen, "exists", fmt::format("the HPA could not be read: {}", part->why),
          "surgeproof print-rbac prints the Role that is needed");
    return false;
  }
  const std::string others = b.w.others.empty()
                                 ? "there is none"
                                 : "there " + std::string(b.w.others.size() > 1 ? "are " : "is ") + listed(b.w.others);
  b.add(Level::failure, "exists", fmt::format("namespace {} has no HPA {}: {}", b.w.ns, b.w.name, others),
        "correct watch: in the scenario, or create the HPA");
  return false;
}

void look_at_target(Bench& b) {
  if (b.w.target) return;
  for (const auto& part : b.w.unseen) {
    if (part.resource == "resourcequotas" || part.resource == "limitranges" || part.resource == "nodes") continue;
    if (part.resource == "pods" || part.resource.starts_with("metrics")) continue;
    if (part.forbidden) {
      return b.add(Level::unseen, "target", fmt::format("{} could not be read: {}", b.target(), part.why),
                   "surgeproof print-rbac --look-up prints the Role that is needed");
    }
    return b.add(Level::failure, "target", fmt::format("{} is not there: {}", b.target(), part.why),
                 "check spec.scaleTargetRef of the HPA");
  }
}

void check_scale_up(Bench& b, const ScaleUpCriterion& c) {
  const auto& spec = b.spec;
  if (c.to > spec.max_replicas) {
    b.add(Level::failure, "max_replicas",
          fmt::format("the scenario wants {} pods, the HPA's maximum is {}", c.to, spec.max_replicas),
          fmt::format("maxReplicas: {}, or scale_up: {{to: {}}}", c.to, spec.max_replicas));
  } else if (c.to <= spec.min_replicas.value_or(1)) {
    b.add(Level::warning, "min_replicas",
          fmt::format("scale_up to {} shows nothing: it is the minimum of the HPA", c.to),
          fmt::format("scale_up: {{to: {}}}", spec.max_replicas));
  } else if (b.w.target && b.w.target->ready_replicas >= c.to) {
    b.add(Level::warning, "scaled_already",
          fmt::format("{} pods are ready now, as many as the scale-up should reach: nothing would be shown",
                      b.w.target->ready_replicas),
          "wait until it has scaled down, or begin the scenario with a long low stage");
  }
  if (spec.behavior && spec.behavior->scale_up &&
      spec.behavior->scale_up->select_policy == hpa::PolicySelect::disabled) {
    b.add(Level::failure, "scale_up_disabled", "behavior.scaleUp.selectPolicy is Disabled: it never scales up",
          "selectPolicy: Max");
  }
  if (!spec.behavior || !spec.behavior->scale_up) return;
  const seconds window{spec.behavior->scale_up->stabilization_window_seconds.value_or(0)};
  if (window >= c.within) {
    b.add(Level::failure, "scale_up_window",
          fmt::format("scale_up within {}, but behavior.scaleUp waits {} before it acts", format_duration(c.within),
                      format_duration(window)),
          "behavior.scaleUp.stabilizationWindowSeconds: 0");
  }
}

void check_scale_down(Bench& b, const ScaleDownCriterion& c) {
  const auto& spec = b.spec;
  const int least = spec.min_replicas.value_or(1);
  if (c.to < least) {
    b.add(Level::failure, "min_replicas", fmt::format("scale_down to {} is below the HPA's minimum of {}", c.to, least),
          fmt::format("scale_down: {{to: {}}}, or minReplicas: {}", least, c.to));
  }
  if (spec.behavior && spec.behavior->scale_down &&
      spec.behavior->scale_down->select_policy == hpa::PolicySelect::disabled) {
    return b.add(Level::failure, "scale_down_disabled", "behavior.scaleDown.selectPolicy is Disabled: it never does",
                 "selectPolicy: Max");
  }
  const auto window = b.scale_down_window();
  if (c.within <= window) {
    b.add(Level::failure, "scale_down_window",
          fmt::format("scale_down within {}, but the stabilization window alone is {}", format_duration(c.within),
                      format_duration(window)),
          fmt::format("scale_down: {{within: {}}}, or a shorter behavior.scaleDown.stabilizationWindowSeconds",
                      format_duration_exact(window + kMetricsFollow)));
  } else if (c.within < window + kDecisionLag) {
    b.add(
        Level::warning, "scale_down_window",
        fmt::format("scale_down within {} leaves {} after the stabilization window of {}: metrics and one sync of the "
                    "HPA take up to {}",
                    format_duration(c.within), format_duration(c.within - window), format_duration(window),
                    format_duration(kDecisionLag)),
        fmt::format("scale_down: {{within: {}}}", format_duration_exact(window + kMetricsFollow)));
  }
  if (c.not_before && *c.not_before > window + kMetricsFollow) {
    b.add(Level::failure, "scale_down_window",
          fmt::format("scale_down not before {}, but with a window of {} the HPA acts earlier",
                      format_duration(*c.not_before), format_duration(window)),
          fmt::format("scale_down: {{not_before: {}}}", format_duration_exact(window)));
  }
}

void check_bounds(Bench& b, const ReplicasCriterion& c) {
  if (c.max && *c.max < b.spec.max_replicas) {
    b.add(Level::warning, "max_replicas",
          fmt::format("replicas: {{max: {}}} is less than the HPA's maximum of {}: it may go beyond", *c.max,
                      b.spec.max_replicas),
          "");
  }
  if (c.min && *c.min > b.spec.min_replicas.value_or(1)) {
    b.add(Level::warning, "min_replicas",
          fmt::format("replicas: {{min: {}}} is more than the HPA's minimum of {}: it may go below", *c.min,
                      b.spec.min_replicas.value_or(1)),
          "");
  }
}

}  // namespace

void check_conditions(Bench& b) {
  if (!exists(b)) return;
  look_at_target(b);
  for (const auto& other : b.w.other_hpas_of_target) {
    b.add(Level::failure, "one_hpa", fmt::format("HPA {} scales the same {}: neither will act", other, b.target()),
          "delete one of the two");
  }
  const auto* able = condition(b.w, "AbleToScale");
  if (able != nullptr && able->status == "False") {
    b.add(Level::failure, "able_to_scale", fmt::format("{}: {}", able->reason, able->message),
          remedy_for(b, able->reason));
  }
  const auto* active = condition(b.w, "ScalingActive");
  if (active == nullptr) {
    b.add(Level::warning, "active", "the HPA has no conditions yet: its controller has not looked at it",
          "wait half a minute and ask again");
  } else if (active->status != "True") {
    b.add(Level::failure, "active", fmt::format("the HPA does not scale: {}: {}", active->reason, active->message),
          remedy_for(b, active->reason));
  } else {
    b.ok("active", fmt::format("active, {} to {} replicas of {}, now {}", b.spec.min_replicas.value_or(1),
                               b.spec.max_replicas, b.target(), b.w.hpa->current_replicas));
  }
}

void check_limits(Bench& b) {
  const auto before = b.checks.size();
  const int least = b.spec.min_replicas.value_or(1);
  const auto ups = b.criteria<ScaleUpCriterion>();
  if (least == b.spec.max_replicas) {
    b.add(ups.empty() ? Level::warning : Level::failure, "min_equals_max",
          fmt::format("minimum and maximum are both {}: it cannot scale", least), "raise maxReplicas");
  }
  for (const auto* c : ups) check_scale_up(b, *c);
  for (const auto* c : b.criteria<ScaleDownCriterion>()) check_scale_down(b, *c);
  for (const auto* c : b.criteria<ReplicasCriterion>()) check_bounds(b, *c);
  if (b.checks.size() == before) {
    b.ok("limits", fmt::format("limits and the scale-down window of {} allow what the criteria want",
                               format_duration(b.scale_down_window())));
  }
}

void check_threshold(Bench& b) {
  if (!b.w.pod_template) return;
  for (const auto& metric : b.spec.metrics) {
    const auto percent = metric.target.average_utilization_percent;
    if (metric.type != hpa::MetricType::resource || metric.name != "cpu" || !percent) continue;
    const auto request = b.w.pod_template->requests().cpu_milli;
    const auto limit = b.w.pod_template->limits().cpu_milli;
    const auto running = [](const ContainerSpec& c) { return c.role != ContainerSpec::Role::init; };
    const bool bounded = std::ranges::all_of(b.w.pod_template->containers, [&](const ContainerSpec& c) {
      return !running(c) || c.cpu_limit_milli.has_value();
    });
    if (!bounded || request <= 0) continue;
    const auto highest = 100 * limit / request;
    // A tenth above the target is within the HPA's tolerance.
    if (highest * 10 > *percent * 11) {
      b.ok("threshold", fmt::format("CPU can reach {} % of the request, the target is {} %", highest, *percent));
      continue;
    }
    b.add(Level::failure, "threshold",
          fmt::format("the CPU limit ({}) is {} % of the request ({}): usage can never exceed the target of {} % by "
                      "the tenth that makes the HPA act",
                      cpu_text(limit), highest, cpu_text(request), *percent),
          "lower averageUtilization, or raise the CPU limit");
  }
}

}  // namespace surgeproof::rules
