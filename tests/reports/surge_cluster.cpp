#include "tests/reports/surge_cluster.h"

#include <array>

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

void add_hpa(RunTime start, Timeline& t) {
  HpaTrack hpa;
  hpa.ns = "todo";
  hpa.name = "todo";
  hpa.target = {"Deployment", "todo", "todo"};
  hpa.min_replicas.add(0s, 2);
  hpa.max_replicas.add(0s, 5);
  for (Steps<int>* steps : {&hpa.desired, &hpa.current, &hpa.spec_replicas, &hpa.ready, &hpa.pods}) steps->add(0s, 2);
  hpa.desired.add(start + 75s, 4);
  hpa.spec_replicas.add(start + 75s + 200ms, 4);
  hpa.ready.add(start + 90s, 4);
  hpa.desired.add(start + 90s + 400ms, 5);
  hpa.spec_replicas.add(start + 90s + 600ms, 5);
  hpa.ready.add(start + 107s, 5);
  hpa.desired.add(start + 585s, 2);
  hpa.spec_replicas.add(start + 585s + 200ms, 2);
  hpa.ready.add(start + 586s, 2);
  MetricTrack cpu;
  cpu.name = "cpu";
  cpu.type = "Resource";
  cpu.utilization = true;
  cpu.target.add(0s, 70);
  cpu.current.add(0s, 9);
  constexpr std::array<std::pair<int, double>, 9> kUsage{
      {{15, 11}, {75, 148}, {90, 171}, {105, 118}, {120, 88}, {150, 74}, {180, 76}, {255, 41}, {285, 5}}};
  for (const auto& [at, percent] : kUsage) cpu.current.add(start + std::chrono::seconds{at}, percent);
  hpa.metrics.push_back(cpu);
  hpa.conditions = {
      {0s, {{"ScalingActive", "True", "ValidMetricFound", "the HPA was able to compute the replica count", {}}}},
      {start + 91s,
       {{"ScalingLimited",
         "True",
         "TooManyReplicas",
         "the desired replica count is more than the maximum replica count",
         {}}}}};
  hpa.scale_down_window = 300s;
  t.hpas.push_back(std::move(hpa));
}

PodLife new_pod(int index, RunTime created, RunTime ready) {
  PodLife pod;
  pod.ns = "todo";
  pod.name = pod_name(index);
  pod.uid = fmt::format("uid-{}", index);
  pod.hpa = "todo";
  pod.node = fmt::format("node-{}", index % 3 + 1);
  pod.ip = fmt::format("10.0.0.{}", index + 11);
  pod.created = Stamp{created, std::nullopt};
  pod.scheduled = Stamp{created + 150ms, std::nullopt};
  pod.started = Stamp{created + 2800ms, std::nullopt};
  pod.ready = Stamp{ready, std::nullopt};
  pod.in_endpoints = ready + 120ms;
  pod.first_request = ready + 1s;
  return pod;
}

void end_pod(PodLife& pod, RunTime at) {
  pod.deletion_requested = Stamp{at, std::nullopt};
  pod.deletion_grace = 30s;
  pod.out_of_endpoints = at + 900ms;
  pod.last_request = at + 2s;
  pod.terminated = Stamp{at + 2s, std::nullopt};
  pod.gone = at + 31s;
}

void add_event(Timeline& t, RunTime at, std::string type, ObjectRef object, std::string reason, std::string message) {
  ClusterEvent e;
  e.at.observed = at;
  e.uid = fmt::format("event-{}", t.events.size());
  e.type = std::move(type);
  e.regarding = std::move(object);
  e.reason = std::move(reason);
  e.message = std::move(message);
  t.events.push_back(std::move(e));
}

void add_pods(RunTime start, Timeline& t) {
  for (int i = 0; i < 2; ++i) {
    PodLife pod = new_pod(i, 0s, 0s);
    pod.before_watch = true;
    t.pods.push_back(pod);
  }
  t.pods.push_back(new_pod(2, start + 75s + 500ms, start + 89s + 700ms));
  t.pods.push_back(new_pod(3, start + 75s + 500ms, start + 90s));
  t.pods.push_back(new_pod(4, start + 91s, start + 107s));
  for (std::size_t i = 2; i < 5; ++i) end_pod(t.pods[i], start + 586s);
  add_event(t, start + 97s, "Warning", {"Pod", "todo", pod_name(4)}, "Unhealthy",
            "Readiness probe failed: Get \"http://10.0.0.15:8080/ready\": connection refused");
}

}  // namespace

std::string pod_name(int index) {
  constexpr std::array<std::string_view, 5> kSuffixes{"x2k4q", "b8vmn", "9tzlw", "p5rrd", "hq7sc"};
  return fmt::format("todo-7d9f8b6c5-{}", kSuffixes[static_cast<std::size_t>(index)]);
}

void add_cluster(RunTime start, Timeline& t) {
  add_hpa(start, t);
  add_event(t, start + 75s + 300ms, "Normal", {"HorizontalPodAutoscaler", "todo", "todo"}, "SuccessfulRescale",
            "New size: 4; reason: cpu resource utilization (percentage of request) above target");
  add_event(t, start + 91s, "Normal", {"HorizontalPodAutoscaler", "todo", "todo"}, "SuccessfulRescale",
            "New size: 5; reason: cpu resource utilization (percentage of request) above target");
  add_pods(start, t);
  add_event(t, start + 585s + 300ms, "Normal", {"HorizontalPodAutoscaler", "todo", "todo"}, "SuccessfulRescale",
            "New size: 2; reason: All metrics below target");
  t.gaps.push_back({"metrics.k8s.io/pods",
                    {start + 400s, start + 412s},
                    WatchState::Kind::lost,
                    "503 Service Unavailable",
                    false,
                    "",
                    ""});
}

void add_observations(RunTime start, Timeline& t) {
  using Kind = WatchState::Kind;
  for (RunTime at = 0s; at < 720s; at += 15s) {
    if (at >= 300s && at < 345s) continue;
    const double waiting = at < 60s ? 3 : at < 105s ? 3 + static_cast<double>(at.count()) / 3e8 : at < 240s ? 41.5 : 2;
    t.signals.push_back({start + at + 20ms, "queue", waiting, std::nullopt, start + at});
  }
  t.gaps.push_back({"signals/p95_server", {0s, t.end}, Kind::missing, "the query gives no series", true, "", ""});
  t.gaps.push_back({"signals/queue", {start + 300s, start + 345s}, Kind::lost, "Connection refused", false, "", ""});
  t.watch_states.push_back({0s, "pods/log app=todo", Kind::synced, "", "todo", ""});
  const auto line = [&](RunTime at, int pod, std::string text, std::uint64_t count) {
    surgeproof::LogLine l;
    l.observed = start + at;
    l.ns = "todo";
    l.pod = pod_name(pod);
    l.container = "app";
    l.pattern = "ERROR";
    l.line = std::move(text);
    l.count = count;
    l.selector = "app=todo";
    t.log_lines.push_back(std::move(l));
  };
  line(93s, 0, "ERROR pool exhausted: password=*** <b>not bold</b>", 1);
  line(94s, 1, "ERROR pool exhausted", 1);
  line(180s, 1, "", 1240);
}

}  // namespace surgeproof::reports
