#include "k8s/hpa/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/duration.h"
#include "k8s/hpa/controller.h"

namespace surgeproof::hpa {
namespace {

constexpr std::string_view kNone = "-";

const AutoscalerCondition* find(const std::vector<AutoscalerCondition>& conditions, std::string_view type) {
  const auto found = std::ranges::find(conditions, type, &AutoscalerCondition::type);
  return found == conditions.end() ? nullptr : &*found;
}

std::string words(const AutoscalerCondition* c) {
  return c == nullptr ? std::string(kNone) : fmt::format("{} {}", c->status, c->reason);
}

std::string reason_of(const AutoscalerStatus& status, std::string_view type) {
  const auto* c = find(status.conditions, type);
  return c == nullptr ? "" : c->reason;
}

/// What a metric's status says, in the unit of its target.
std::string words(const MetricStatus* m) {
  if (m == nullptr || m->type == MetricType::unknown) return std::string(kNone);
  if (m->average_utilization_percent) return fmt::format("{} %", *m->average_utilization_percent);
  const auto milli = m->average_value_milli ? m->average_value_milli : m->value_milli;
  return milli ? fmt::format("{}", static_cast<double>(*milli) / 1000.0) : std::string(kNone);
}

/// SucceededRescale stands until the next sync, which says ReadyForNewScale (or that it is stabilized).
bool succeeds(std::string_view before, std::string_view after) {
  return before == "SucceededRescale" && (after == "ReadyForNewScale" || after.ends_with("Stabilized"));
}

struct Weighing {
  const Decision& decision;
  const World& world;
  const AutoscalerStatus& said;
  const Settings& settings;
  WallTime now;
  bool metrics_differ = false;

  [[nodiscard]] std::int32_t wanted() const { return decision.desired_replicas.value_or(0); }

  /// The tolerance within which the controller would have stayed where it stayed.
  [[nodiscard]] std::string tolerance() const {
    if (!decision.current_replicas || said.desired_replicas != *decision.current_replicas) return "";
    double farthest = 0;
    for (const MetricResult& m : decision.per_metric) {
      if (m.ratio) farthest = std::max(farthest, std::abs(m.recomputed_ratio.value_or(*m.ratio) - 1.0));
    }
    if (farthest == 0 || farthest > 0.5) return "";
    return fmt::format(
        "the controller may have a greater tolerance than {:.0f} %: with {:.0f} % nothing would change "
        "(--horizontal-pod-autoscaler-tolerance, or behavior.*.tolerance where the cluster honours it)",
        settings.tolerance * 100, std::ceil(farthest * 100));
  }

  [[nodiscard]] std::string young_pods() const {
    for (const MetricResult& m : decision.per_metric) {
      if (m.pods.unready.empty() && m.pods.missing.empty()) continue;
      return fmt::format(
          "{} counted as unready and {} as missing here; the controller may have seen their start, readiness or "
          "samples "
          "otherwise (--horizontal-pod-autoscaler-cpu-initialization-period and -initial-readiness-delay decide, too)",
          m.pods.unready.size(), m.pods.missing.size());
    }
    return "";
  }

  [[nodiscard]] std::string reason() const {
    const auto stabilized = reason_of(said, "AbleToScale");
    const auto limiting = reason_of(said, "ScalingLimited");
    if (stabilized == "ScaleDownStabilized" && wanted() < said.desired_replicas) {
      return "the controller remembers a higher recommendation within the scale-down stabilization window, which no "
             "object shows";
    }
    if (stabilized == "ScaleUpStabilized" && wanted() > said.desired_replicas) {
      return "the controller remembers a lower recommendation within the scale-up stabilization window, which no "
             "object "
             "shows";
    }
    if ((limiting == "ScaleUpLimit" && wanted() > said.desired_replicas) ||
        (limiting == "ScaleDownLimit" && wanted() < said.desired_replicas)) {
      return "the controller remembers changes within a policy's period, which no event here tells of";
    }
    if (metrics_differ) {
      return "the metrics here are not those of the controller's last sync: they are newer or older, so this is what a "
             "sync at this instant would do";
    }
    if (auto t = tolerance(); !t.empty()) return t;
    if (auto p = young_pods(); !p.empty()) return p;
    if (said.last_scale_time && now - *said.last_scale_time < std::chrono::seconds{30}) {
      return fmt::format("the HPA scaled {} before: this may be the sync after it",
                         format_duration(std::max(now - *said.last_scale_time, std::chrono::nanoseconds{0})));
    }
    return "the controller's flags or its memory (recommendations and changes before this recording) may differ from "
           "what "
           "is assumed here";
  }
};

}  // namespace

Comparison compare(const Decision& decision, const World& world, const AutoscalerStatus& said, const Settings& settings,
                   WallTime now) {
  Comparison out;
  const auto line = [&](std::string what, std::string model, std::string controller, bool equal) {
    out.lines.push_back({std::move(what), std::move(model), std::move(controller), equal});
  };
  const auto wanted = decision.desired_replicas;
  out.same_count = wanted == said.desired_replicas;
  line("desired replicas", wanted ? fmt::format("{}", *wanted) : std::string(kNone),
       fmt::format("{}", said.desired_replicas), out.same_count);
  bool metrics_differ = false;
  const auto& metrics = world.hpa.spec.metrics;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const auto at = [&](const std::vector<MetricStatus>& list) { return i < list.size() ? &list[i] : nullptr; };
    const bool read = !decision.per_metric.empty();
    const std::string model = read ? words(at(decision.status.current_metrics)) : std::string(kNone);
    const std::string controller = words(at(said.current_metrics));
    metrics_differ = metrics_differ || (read && model != controller);
    line(metrics[i].label(), model, controller, model == controller);
  }
  bool conditions_differ = false;
  for (const char* type : {"AbleToScale", "ScalingActive", "ScalingLimited"}) {
    const auto* model = find(decision.status.conditions, type);
    const auto* controller = find(said.conditions, type);
    const bool equal = words(model) == words(controller) ||
                       (out.same_count && model != nullptr && controller != nullptr &&
                        (succeeds(model->reason, controller->reason) || succeeds(controller->reason, model->reason)));
    conditions_differ = conditions_differ || !equal;
    line(type, words(model), words(controller), equal);
  }
  const Weighing weighing{decision, world, said, settings, now, metrics_differ};
  if (!out.same_count || conditions_differ) {
    out.likely_reason = weighing.reason();
  } else if (metrics_differ) {
    out.likely_reason =
        "the metrics here are newer or older than those of the controller's last sync; they lead to the same";
  }
  return out;
}

}  // namespace surgeproof::hpa
