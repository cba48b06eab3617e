// The pods: probes, how they end, how they stand now and how long they took to start.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/preflight/rules.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof::rules {
namespace {

using Level = Check::Level;
using std::chrono::seconds;

/// kube-proxy and load balancers learn of a removed endpoint in about a second; on large clusters it takes longer.
constexpr seconds kEndpointPropagation{5};

/// Who became ready later than so long after it was created has been unready in between.
constexpr seconds kStartAtMost{600};

bool is_main(const ContainerSpec& c) { return c.role == ContainerSpec::Role::main; }

void check_start(Bench& b) {
  const auto seen = start_times(b.w);
  if (!seen) return;
  const RunTime took = seen->least;
  for (const auto* c : b.criteria<ScaleUpCriterion>()) {
    if (took >= c->within) {
      return b.add(Level::failure, "start",
                   fmt::format("a pod needs {} from creation to Ready, the whole scale-up may take {}",
                               format_duration(took), format_duration(c->within)),
                   "a smaller image, a quicker start, or a longer scale_up: {within: …}");
    }
    if (took * 2 > c->within) {
      return b.add(Level::warning, "start",
                   fmt::format("a pod needs {} from creation to Ready, more than half of the {} for the scale-up",
                               format_duration(took), format_duration(c->within)),
                   "metrics and the HPA's decision commonly take 15 to 45s before that");
    }
  }
  // The server writes whole seconds.
  const std::string about = took < seconds{1} ? "less than a second" : "about " + format_duration(took);
  b.ok("start", fmt::format("a pod becomes Ready {} after its creation", about));
}

/// What a container waits for, if that does not pass by itself.
std::string stuck_reason(const PodSample& pod) {
  for (const auto& c : pod.containers) {
    for (const char* bad : {"CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError",
                            "InvalidImageName", "RunContainerError"}) {
      if (c.reason == bad) return fmt::format("{} ({})", bad, c.name);
    }
  }
  return pod.scheduling_message;
}

}  // namespace

std::optional<whatif::TimeRange> start_times(const Workload& w) {
  std::optional<whatif::TimeRange> seen;
  for (const auto& pod : w.pods) {
    if (!pod.ready || !pod.created || !pod.ready_changed) continue;
    if (std::ranges::any_of(pod.containers, [](const auto& c) { return c.restarts > 0; })) continue;
    const RunTime took = *pod.ready_changed - *pod.created;
    if (took < seconds{0} || took > kStartAtMost) continue;
    if (!seen) seen = {took, took};
    seen = whatif::TimeRange{std::min(seen->least, took), std::max(seen->most, took)};
  }
  return seen;
}

void check_probes(Bench& b) {
  if (!b.w.pod_template) return;
  std::vector<std::string> without;
  int with = 0;
  for (const auto& c : b.w.pod_template->containers) {
    if (!is_main(c)) continue;
    if (c.readiness) {
      ++with;
    } else {
      without.push_back(c.name);
    }
  }
  if (with == 0) {
    return b.add(Level::warning, "readiness",
                 "no container has a readiness probe: a new pod gets requests before it can answer them",
                 "add a readinessProbe to the container that serves");
  }
  seconds latest{0};
  for (const auto& c : b.w.pod_template->containers) {
    if (is_main(c) && c.readiness) latest = std::max(latest, c.readiness->initial_delay);
  }
  for (const auto* c : b.criteria<ScaleUpCriterion>()) {
    if (latest * 2 <= c->within) continue;
    return b.add(
        Level::warning, "readiness",
        fmt::format("the readiness probe waits {} before it looks for the first time, the scale-up may take {}",
                    format_duration(latest), format_duration(c->within)),
        "a startupProbe with a short period finds out earlier");
  }
  if (without.empty()) return b.ok("readiness", "every container has a readiness probe");
  b.add(Level::note, "readiness", fmt::format("no readiness probe on {}", listed(without)), "");
}

void check_termination(Bench& b) {
  if (!b.w.pod_template) return;
  const auto& pod = *b.w.pod_template;
  const Level level = b.judges_drops() ? Level::warning : Level::note;
  std::optional<seconds> longest;
  bool any = false;
  for (const auto& c : pod.containers) {
    if (!is_main(c) || !c.prestop) continue;
    any = true;
    if (c.prestop->sleep) longest = std::max(longest.value_or(seconds{0}), *c.prestop->sleep);
  }
  if (!any) {
    return b.add(level, "pre_stop",
                 "no preStop delay: a terminating pod may get SIGTERM while the load balancer still sends it requests",
                 fmt::format("lifecycle: {{preStop: {{sleep: {{seconds: {}}}}}}}, unless the application keeps serving "
                             "after SIGTERM",
                             kEndpointPropagation.count()));
  }
  if (!longest) return b.ok("pre_stop", "a preStop hook runs before SIGTERM; how long it takes the spec does not tell");
  if (*longest >= pod.grace) {
    return b.add(
        Level::failure, "pre_stop",
        fmt::format("preStop sleeps {}, terminationGracePeriodSeconds is {}: the pod is killed before it could "
                    "finish its requests",
                    format_duration(*longest), format_duration(pod.grace)),
        fmt::format("terminationGracePeriodSeconds: {} or more", (*longest + seconds{30}).count()));
  }
  if (*longest < kEndpointPropagation) {
    return b.add(level, "pre_stop",
                 fmt::format("preStop sleeps {}: that the pod is leaving may take up to {} to be known everywhere",
                             format_duration(*longest), format_duration(kEndpointPropagation)),
                 fmt::format("sleep {} or more", format_duration(kEndpointPropagation)));
  }
  b.ok("pre_stop",
       fmt::format("preStop sleeps {} of a grace period of {}", format_duration(*longest), format_duration(pod.grace)));
}

void check_pods_now(Bench& b) {
  if (const auto* part = b.w.unseen_part("pods")) {
    return b.add(Level::unseen, "pods", fmt::format("the pods could not be read: {}", part->why),
                 "surgeproof print-rbac prints the Role that is needed");
  }
  if (!b.w.target) return;
  std::vector<std::string> unready;
  for (const auto& pod : b.w.pods) {
    if (pod.deletion_requested || pod.phase == "Succeeded" || pod.phase == "Failed") continue;
    const auto stuck = pod.ready ? std::string{} : stuck_reason(pod);
    if (!stuck.empty()) {
      b.add(Level::failure, "pods", fmt::format("pod {} does not come up: {}", pod.name, stuck), "kubectl describe it");
    } else if (!pod.ready) {
      unready.push_back(pod.name);
    }
  }
  if (!unready.empty()) {
    b.add(Level::warning, "pods", fmt::format("not Ready now: {}", listed(unready)), "wait until they are");
  } else if (b.pods_now() > 0) {
    b.ok("pods", fmt::format("{} ready", plural(static_cast<std::uint64_t>(b.pods_now()), "pod")));
  }
  check_start(b);
}

}  // namespace surgeproof::rules
