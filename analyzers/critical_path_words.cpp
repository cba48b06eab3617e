#include "analyzers/critical_path_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzers/scale_up_path.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

struct StageWords {
  std::string_view code;
  std::string_view words;
  std::string_view noun;
  std::string_view remedy;
  bool of_a_pod = false;
};

constexpr StageWords kStages[] = {
    {"metric", "the metric shows it", "the metric's delay",
     "a shorter --metric-resolution of metrics-server, or a metric of the requests themselves"},
    {"decision", "the HPA decides", "the HPA's decision",
     "larger steps in behavior.scaleUp, a lower target, no scale-up stabilization (the controller's 15 s sync stays)"},
    {"creation", "the pod is created", "the creation of the pod",
     "see what holds back the ReplicaSet: quota, admission webhooks, a busy control plane"},
    {"scheduling", "the pod is scheduled", "the wait for a node",
     "keep room for it: spare nodes, low-priority placeholder pods, a faster node autoscaler", true},
    {"start", "its containers start", "the start of the containers",
     "a smaller or already present image, fewer init containers", true},
    {"readiness", "the pod becomes ready", "the way to readiness",
     "a faster start of the application, shorter initialDelaySeconds and periodSeconds of its readiness probe", true},
    {"endpoints", "it is in the endpoints", "the way into the endpoints",
     "see the endpoint-slice controller and readiness gates", true},
    {"first_request", "its first request is answered", "the wait for the first request",
     "let connections be renewed (connections.max_age, keep-alive limits of the server or the balancer)", true},
    {"recovery", "the latency has recovered", "the recovery of the latency",
     "more capacity than the load needs while queues drain: a lower target, a higher minReplicas"},
};

const StageWords& words_of(std::string_view code) {
  const auto* it =
      std::find_if(std::begin(kStages), std::end(kStages), [&](const StageWords& w) { return w.code == code; });
  return it == std::end(kStages) ? kStages[0] : *it;
}

std::string metric_evidence(const HpaTrack& hpa, RunTime t) {
  for (const MetricTrack& m : hpa.metrics) {
    const auto value = m.current.at(t);
    const auto target = m.target.at(t);
    if (!value || !*value || !target || **value <= *target) continue;
    const char* unit = m.utilization ? " %" : "";
    return fmt::format("{} at {:g}{} (target {:g}{}) in the HPA's status", m.name, **value, unit, *target, unit);
  }
  return "the HPA acted before its status showed a value above the target";
}

const ClusterEvent* event_of(const Timeline& t, const ObjectRef& object, std::string_view reason, RunTime until) {
  const ClusterEvent* last = nullptr;
  for (const ClusterEvent& e : t.events) {
    if (e.at.observed > until + std::chrono::seconds{2}) break;
    if (e.reason == reason && e.regarding.kind == object.kind && e.regarding.ns == object.ns &&
        e.regarding.name == object.name) {
      last = &e;
    }
  }
  return last;
}

std::string decision_evidence(const Timeline& t, const HpaTrack& hpa, RunTime at) {
  const auto now = hpa.wanted().at(at);
  const auto before = hpa.wanted().at(at - RunTime{1});
  std::string text = now && before && *now != *before ? fmt::format("replicas wanted {} → {}", *before, *now)
                                                      : "the replicas wanted rose";
  const auto* e = event_of(t, {"HorizontalPodAutoscaler", hpa.ns, hpa.name}, "SuccessfulRescale", at);
  return e ? text + "; event: " + e->message : text;
}

std::string start_evidence(const Timeline& t, const PodLife& pod, RunTime until) {
  const auto* pulled = event_of(t, {"Pod", pod.ns, pod.name}, "Pulled", until);
  return pulled ? "event: " + pulled->message : "a container is running";
}

std::string readiness_evidence(const PodLife& pod) {
  for (const ContainerState& c : pod.containers) {
    if (c.sidecar || !c.has_readiness_probe) continue;
    return c.readiness_initial_delay_s ? fmt::format("container {} has a readiness probe, initialDelaySeconds {}",
                                                     c.name, *c.readiness_initial_delay_s)
                                       : fmt::format("container {} has a readiness probe", c.name);
  }
  return "no readiness probe: ready as soon as it runs";
}

}  // namespace

std::string_view words_for_stage(std::string_view code) { return words_of(code).words; }
std::string_view noun_for_stage(std::string_view code) { return words_of(code).noun; }
std::string_view remedy_for(std::string_view code) { return words_of(code).remedy; }
bool is_of_a_pod(std::string_view code) { return words_of(code).of_a_pod; }

std::string evidence_for(const Timeline& t, const HpaTrack& hpa, const PodLife* pod, const PathStep& step) {
  const RunTime end = step.interval.end;
  if (step.code == "metric") return step.open ? "no metric rose above its target" : metric_evidence(hpa, end);
  if (step.code == "decision") return step.open ? "the replicas wanted did not rise" : decision_evidence(t, hpa, end);
  if (!pod) return {};
  if (step.code == "creation") return "pod " + pod->name;
  if (step.code == "scheduling") {
    if (!pod->scheduling_message.empty()) return pod->scheduling_message;
    return pod->node.empty() ? std::string{} : "on node " + pod->node;
  }
  if (step.code == "start") return start_evidence(t, *pod, end);
  if (step.code == "readiness") return readiness_evidence(*pod);
  if (step.code == "endpoints") return "first listed as ready in an EndpointSlice";
  if (step.code == "first_request") return "the first window with an answer from it";
  return {};
}

}  // namespace surgeproof
