#include "analyzers/whatif/feasibility.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzers/whatif/simulation.h"
#include "base/duration.h"
#include "k8s/hpa/replica_calculator.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;

constexpr RunTime kStep = 600s;  ///< the load rises here; before it all is at rest
constexpr RunTime kAfter = 1800s;
constexpr RunTime kPhaseStep = 1s;

/// What a pod uses when it is exactly on target.
double target_millicores(const FeasibilityQuestion& q) {
  const hpa::MetricTarget& target = simulated_metric(q.spec)->target;
  if (target.average_value_milli) return static_cast<double>(*target.average_value_milli);
  return static_cast<double>(q.cpu_request_millicores) * *target.average_utilization_percent / 100.0;
}

/// The service with demand counted in millicores: one request costs one millicore-second.
Service service_of(const FeasibilityQuestion& q, bool best) {
  const auto pick = [&](TimeRange range) { return best ? range.least : range.most; };
  const hpa::Tolerances tolerance = hpa::tolerances_for(q.spec, q.settings);
  const double target = target_millicores(q);
  Service s;
  s.pod.cpu_per_request_ms = 1;
  s.pod.request_millicores = q.cpu_request_millicores;
  s.pod.most_millicores = q.cpu_limit_millicores.value_or(1e9);
  s.pod.to_ready = pick(q.pod_start);
  s.pod.to_running = s.pod.to_ready;
  s.loop.spec = q.spec;
  s.loop.settings = q.settings;
  s.loop.sync_period = pick(q.sync);
  s.loop.metric_resolution = s.loop.metric_window = pick(q.metrics.resolution);
  s.loop.metric_lag = pick(q.metrics.lag);
  s.loop.initial_replicas = q.from;
  const double before = q.from * target;
  const double just_enough = q.to * target * (1 + tolerance.up) + 1;
  const double after = best ? q.to * std::max(s.pod.most_millicores, target) * 10 : just_enough;
  const auto bins = static_cast<std::size_t>((kStep + kAfter) / s.demand.bin);
  s.demand.per_second.assign(bins, after);
  std::fill_n(s.demand.per_second.begin(), static_cast<std::size_t>(kStep / s.demand.bin), before);
  return s;
}

/// Of one simulation; `took`: from the surge until all are ready, empty for never.
StageTimes stages(const FeasibilityQuestion& q, const Simulation& simulation, std::optional<RunTime> took) {
  StageTimes out;
  RunTime first{};
  RunTime last{};
  for (const SimulatedSync& sync : simulation.syncs) {
    if (sync.at >= kStep && sync.desired > sync.current) {
      if (out.wanted.empty()) {
        first = sync.at - kStep;
        out.wanted.push_back(sync.current);
      }
      out.wanted.push_back(sync.desired);
      last = sync.at - kStep;
    }
    if (sync.desired >= q.to) break;
  }
  out.seen = first;
  out.rounds = last - first;
  out.start = took.value_or(last) - last;
  return out;
}

struct Extreme {
  std::optional<RunTime> took;
  StageTimes at;
  StageTimes by_stage;  ///< the extreme of each stage, whatever the others are
};

void note_stages(StageTimes& extreme, const StageTimes& now, bool best, bool first) {
  for (RunTime StageTimes::* stage : {&StageTimes::seen, &StageTimes::rounds, &StageTimes::start}) {
    const RunTime known = extreme.*stage;
    extreme.*stage = first ? now.*stage : best ? std::min(known, now.*stage) : std::max(known, now.*stage);
  }
}

int phases_of(RunTime period) { return static_cast<int>(std::clamp<std::int64_t>(period / kPhaseStep, 8, 60)); }

/// The shortest (longest) time over the phases of syncs and samples; of the longest, "never" is the worst.
Extreme extreme(const FeasibilityQuestion& q, bool best) {
  Service s = service_of(q, best);
  const int syncs = phases_of(s.loop.sync_period);
  const int samples = phases_of(s.loop.metric_resolution);
  SimulationBuffers buffers;
  std::optional<Extreme> found;
  StageTimes by_stage;
  bool any = false;
  for (int i = 0; i < syncs * samples; ++i) {
    s.loop.first_sync = s.loop.sync_period * (i % syncs) / syncs;
    s.loop.first_sample = s.loop.metric_resolution * (i / syncs) / samples;
    const Simulation simulation = simulate(s, buffers);
    Extreme e;
    if (const auto at = simulation.ready_from(q.to, kStep)) e.took = *at - kStep;
    e.at = stages(q, simulation, e.took);
    if (e.took) {
      note_stages(by_stage, e.at, best, !any);
      any = true;
    }
    const auto rank = [](const Extreme& x) { return x.took.value_or(RunTime::max()); };
    const bool better = !found || (best ? rank(e) < rank(*found) : rank(e) > rank(*found));
    if (better) found = std::move(e);
  }
  found->by_stage = std::move(by_stage);
  return std::move(*found);
}

/// Why nothing can be said; empty when something can.
std::string unknown(const FeasibilityQuestion& q) {
  if (simulated_metric(q.spec) == nullptr) return "the HPA has no CPU metric";
  if (q.spec.metrics.size() > 1) return "the HPA has other metrics beside the CPU, which may ask for pods sooner";
  return "";
}

/// Why it can never be, whatever the metrics say; empty when nothing is in the way.
std::string closed(const FeasibilityQuestion& q) {
  if (q.spec.max_replicas < q.to) return fmt::format("maxReplicas is {}", q.spec.max_replicas);
  const auto& behavior = q.spec.behavior;
  if (behavior && behavior->scale_up && behavior->scale_up->select_policy == hpa::PolicySelect::disabled) {
    return "behavior.scaleUp.selectPolicy is Disabled";
  }
  return "";
}

/// Why the CPU can never ask for it.
std::string obstacle(const FeasibilityQuestion& q) {
  const hpa::MetricTarget& target = simulated_metric(q.spec)->target;
  if (target.average_utilization_percent && q.cpu_request_millicores <= 0) return "the pods have no CPU request";
  const double highest = target_millicores(q) * (1 + hpa::tolerances_for(q.spec, q.settings).up);
  if (q.cpu_limit_millicores && *q.cpu_limit_millicores <= highest) {
    return fmt::format(
        "a pod at its CPU limit of {:.0f}m is not above the target of {:.0f}m by more than the tolerance",
        *q.cpu_limit_millicores, target_millicores(q));
  }
  return "";
}

std::vector<std::string> reasons(const FeasibilityQuestion& q, const StageTimes& at) {
  std::vector<std::string> out;
  if (at.wanted.empty()) return out;
  out.push_back(fmt::format("{} until a sync sees the surge in the metrics", format_duration(at.seen)));
  if (at.wanted.size() > 2) {
    out.push_back(fmt::format(
        "{} for {} more rounds ({}), because {}", format_duration(at.rounds), at.wanted.size() - 2,
        fmt::join(at.wanted, " → "),
        q.cpu_limit_millicores ? fmt::format("a pod at its limit of {:.0f}m is {:.3g} times the target, and policies "
                                             "and new pods without samples hold back",
                                             *q.cpu_limit_millicores, *q.cpu_limit_millicores / target_millicores(q))
                               : std::string("policies and new pods without samples hold back")));
  }
  out.push_back(fmt::format("{} until the last pod is ready", format_duration(at.start)));
  return out;
}

/// The containers whose CPU the HPA's metric looks at.
std::vector<const ContainerSpec*> counted(const PodTemplate& pod, const hpa::AutoscalerSpec& spec) {
  const hpa::MetricSpec* metric = simulated_metric(spec);
  const std::string only = metric != nullptr ? metric->container : "";
  std::vector<const ContainerSpec*> out;
  for (const ContainerSpec& c : pod.containers) {
    if (c.role != ContainerSpec::Role::init && (only.empty() || c.name == only)) out.push_back(&c);
  }
  return out;
}

void read_resources(const PodTemplate& pod, FeasibilityQuestion& q) {
  double limit = 0;
  bool limited = true;
  const auto containers = counted(pod, q.spec);
  for (const ContainerSpec* c : containers) {
    q.cpu_request_millicores += c->cpu_request_milli.value_or(c->cpu_limit_milli.value_or(0));  // as the API server
    limited = limited && c->cpu_limit_milli;
    limit += static_cast<double>(c->cpu_limit_milli.value_or(0));
  }
  const hpa::MetricSpec* metric = simulated_metric(q.spec);
  if (pod.pod_cpu_request_milli && metric != nullptr && metric->container.empty()) {
    q.cpu_request_millicores = *pod.pod_cpu_request_milli;
  }
  if (limited && limit > 0) q.cpu_limit_millicores = limit;
}

/// What the readiness probes alone take: the delay, and up to a period more.
TimeRange probe_time(const PodTemplate& pod) {
  TimeRange range{};
  for (const ContainerSpec& c : pod.containers) {
    if (c.role == ContainerSpec::Role::init || !c.readiness) continue;
    range.least = std::max<RunTime>(range.least, c.readiness->initial_delay);
    range.most = std::max<RunTime>(range.most, c.readiness->initial_delay + c.readiness->period);
  }
  return range;
}

}  // namespace

Feasibility time_to(const FeasibilityQuestion& q) {
  Feasibility out;
  out.impossible_because = closed(q);
  if (!out.impossible_because.empty()) return out;
  if (q.from < q.to) out.unknown_because = unknown(q);
  if (!out.unknown_because.empty()) return out;
  if (q.from < q.to) out.impossible_because = obstacle(q);
  if (!out.impossible_because.empty()) return out;
  if (q.from >= q.to) {
    out.possible = true;
    out.latest = RunTime{0};
    return out;
  }
  const Extreme best = extreme(q, true);
  if (!best.took) {
    out.impossible_because = "even under the largest load the HPA does not want so many within 30 minutes";
    return out;
  }
  out.possible = true;
  out.earliest = *best.took;
  out.at_best = best.at;
  out.because = reasons(q, out.at_best);
  const Extreme worst = extreme(q, false);
  out.latest = worst.took;
  if (!worst.took) return out;
  out.at_worst = worst.at;
  out.seen = {best.by_stage.seen, worst.by_stage.seen};
  out.rounds = {best.by_stage.rounds, worst.by_stage.rounds};
  out.start = {best.by_stage.start, worst.by_stage.start};
  return out;
}

std::string span_words(const Feasibility& f) {
  if (!f.unknown_because.empty()) return "not known: " + f.unknown_because;
  if (!f.possible) return "never: " + f.impossible_because;
  if (!f.latest) return fmt::format("{} at least", format_duration(f.earliest));
  return fmt::format("between {} and {}", format_duration(f.earliest), format_duration(*f.latest));
}

std::string stage_words(const Feasibility& f) {
  if (!f.possible || !f.latest || f.at_best.wanted.empty()) return "";
  std::string text;
  const auto add = [&](std::string_view what, TimeRange range) {
    if (range.most <= RunTime{0}) return;
    const std::string least = format_duration(range.least);
    const std::string most = format_duration(range.most);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, least == most ? most : least + " to " + most);
  };
  add("until a sync sees the surge", f.seen);
  add("more rounds", f.rounds);
  add("until the last pod is ready", f.start);
  return text;
}

std::string bounds_sentence(const Feasibility& f, std::int32_t to, RunTime within) {
  std::string text = fmt::format("{} ready pods come {} after the surge", to, span_words(f));
  if (const std::string by_stage = stage_words(f); !by_stage.empty()) text += ": " + by_stage;
  if (!f.latest || *f.latest > within) {
    text += fmt::format("; so whether {} are met depends on the load and the moment", format_duration(within));
  }
  return text;
}

std::string objection(const Feasibility& f, std::int32_t to, RunTime within) {
  const std::string claim =
      fmt::format("{} ready pods within {} cannot be met with this configuration", to, format_duration(within));
  if (!f.unknown_because.empty()) return "";
  if (!f.possible) return fmt::format("{}: {}", claim, f.impossible_because);
  if (f.earliest <= within) return "";
  return fmt::format("{}: at least {}, because {}", claim, format_duration(f.earliest), fmt::join(f.because, ", "));
}

FeasibilityQuestion question_for(const hpa::AutoscalerSpec& spec, const PodTemplate* pod,
                                 const std::optional<TimeRange>& seen, std::int32_t to) {
  FeasibilityQuestion q;
  q.spec = spec;
  q.from = std::max(1, spec.min_replicas.value_or(1));
  q.to = to;
  if (pod != nullptr) {
    read_resources(*pod, q);
    const TimeRange probe = probe_time(*pod);
    q.pod_start = {std::max<RunTime>(probe.least, 1s), probe.most + 30s};
  }
  if (seen) q.pod_start = {std::max<RunTime>(seen->least, 1s), std::max<RunTime>(seen->most, 1s)};
  return q;
}

void apply(const ControlLoopFlags& flags, FeasibilityQuestion& q) {
  q.settings = flags.settings;
  q.sync = {flags.sync_period, flags.sync_period};
}

std::optional<TimeRange> pod_start_seen(const std::vector<hpa::Pod>& pods) {
  std::optional<TimeRange> seen;
  for (const hpa::Pod& pod : pods) {
    if (!pod.start_time || !pod.is_ready() || !pod.ready_since || *pod.ready_since < *pod.start_time) continue;
    const RunTime took = *pod.ready_since - *pod.start_time;
    if (took > 600s) continue;  // it broke and recovered later
    seen = seen ? TimeRange{std::min(seen->least, took), std::max(seen->most, took)} : TimeRange{took, took};
  }
  return seen;
}

}  // namespace surgeproof::whatif
