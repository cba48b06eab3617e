// Can the scale-ups come in time at all, however often the scenario is run?
#include "analyzers/whatif/feasibility.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzers/preflight/rules.h"
#include "base/duration.h"

namespace surgeproof::rules {
namespace {

using Level = Check::Level;
using std::chrono::seconds;

/// The next quarter of a minute.
seconds rounded_up(RunTime t) {
  constexpr seconds kStep{15};
  return (std::chrono::ceil<seconds>(t) + kStep - seconds{1}) / kStep * kStep;
}

/// What would shorten the longest of its stages.
std::string shorter(const whatif::StageTimes& at) {
  if (at.start >= at.rounds && at.start >= at.seen) return "pods that start quicker";
  if (at.rounds >= at.seen) return "a lower averageUtilization, a higher CPU limit or behavior.scaleUp policies";
  return "a higher minReplicas";
}

std::string remedy(const whatif::Feasibility& f, const whatif::StageTimes& at) {
  const RunTime enough = f.latest.value_or(f.earliest);
  return fmt::format("{}, or scale_up: {{within: {}}}", shorter(at), format_duration_exact(rounded_up(enough)));
}

/// What has been found already is not said again.
bool never_comes(const Bench& b) {
  return std::ranges::any_of(b.checks, [](const Check& c) {
    const bool of_these = c.id == "max_replicas" || c.id == "scale_up_disabled" || c.id == "min_equals_max" ||
                          c.id == "threshold" || c.id == "requests" || c.id == "target" || c.id == "metrics";
    return of_these && c.level == Level::failure;
  });
}

/// The shortest and the longest window of the samples that are there.
std::optional<whatif::TimeRange> windows_seen(const Workload& w) {
  if (w.pod_metrics.empty()) return std::nullopt;
  const auto [least, most] = std::ranges::minmax(w.pod_metrics, {}, &PodMetricsSample::window);
  if (least.window <= RunTime{0}) return std::nullopt;
  return whatif::TimeRange{least.window, most.window};
}

/// The template as pods are made of it: a LimitRange gives what it leaves out.
PodTemplate with_defaults(const Workload& w) {
  PodTemplate pod = *w.pod_template;
  for (const LimitLine& line : w.limits) {
    if (line.type != "Container" || line.resource != "cpu" || !line.default_request_milli) continue;
    for (ContainerSpec& c : pod.containers) {
      if (!c.cpu_request_milli && !c.cpu_limit_milli) c.cpu_request_milli = line.default_request_milli;
    }
  }
  return pod;
}

void check_one(Bench& b, const ScaleUpCriterion& c, const whatif::ControlLoopFlags& flags) {
  const auto seen = start_times(b.w);
  const PodTemplate pod = with_defaults(b.w);
  auto q = whatif::question_for(b.spec, &pod, seen, c.to);
  whatif::apply(flags, q);
  if (b.w.target) q.from = std::max(q.from, b.w.target->ready_replicas);
  if (q.from >= c.to) return;  // check_limits says so
  q.metrics = whatif::metric_pipeline(windows_seen(b.w));
  const whatif::Feasibility f = whatif::time_to(q);
  if (!f.unknown_because.empty()) {
    return b.add(Level::note, "feasible",
                 fmt::format("how soon {} pods can be ready is not known: {}", c.to, f.unknown_because), "");
  }
  const std::string not_seen =
      seen ? "" : "; how long a pod starts is not known, up to 30s before its probe are assumed";
  if (const std::string why = whatif::objection(f, c.to, c.within); !why.empty()) {
    const std::string what = f.possible ? remedy(f, f.at_best) : "";
    return b.add(Level::failure, "feasible", why + not_seen, what);
  }
  const std::string sentence = whatif::bounds_sentence(f, c.to, c.within) + not_seen;
  if (f.latest && *f.latest <= c.within) return b.ok("feasible", sentence);
  b.add(Level::warning, "feasible", sentence, remedy(f, f.latest ? f.at_worst : f.at_best));
}

}  // namespace

void check_feasibility(Bench& b, const whatif::ControlLoopFlags& flags) {
  if (!b.w.pod_template || never_comes(b)) return;
  for (const auto* c : b.criteria<ScaleUpCriterion>()) check_one(b, *c, flags);
}

}  // namespace surgeproof::rules
