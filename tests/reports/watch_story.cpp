#include "tests/reports/watch_story.h"

#include "base/wall_time.h"

namespace surgeproof::reports {

using namespace std::chrono_literals;

WatchStory::WatchStory() : feed_{*parse_rfc3339("2025-06-02T09:00:00Z"), {{"todo", "backend"}}, {"queue"}} {
  last_hpa.ns = "todo";
  last_hpa.name = "backend";
  last_hpa.uid = "hpa-1";
  last_hpa.target = {"Deployment", "todo", "backend"};
  last_hpa.min_replicas = 2;
  last_hpa.max_replicas = 5;
  HpaMetric cpu;
  cpu.type = "Resource";
  cpu.name = "cpu";
  cpu.target_utilization_percent = 70;
  last_hpa.metrics = {cpu};
  settings().cluster = "https://demo.example.com:6443";
  settings().hint = "Ctrl-C ends it and writes the report; recording to runs/20250602T090000Z-watch-backend";
}

WatchStory& WatchStory::hear(const Record& record) {
  feed_.hear(record);
  feed_.tell(narrator_.tell(record));
  return *this;
}

WatchStory& WatchStory::begin() {
  narrator_.begin(now_);
  return *this;
}

WatchStory& WatchStory::until(std::chrono::seconds t) {
  while (now_ < t) {
    now_ += 1s;
    feed_.view_at(now_);
  }
  return *this;
}

std::vector<Condition> WatchStory::fine() {
  return {{"AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size", {}},
          {"ScalingActive", "True", "ValidMetricFound", "the HPA was able to compute the replica count", {}},
          {"ScalingLimited", "False", "DesiredWithinRange", "the desired count is within the acceptable range", {}}};
}

std::vector<Condition> WatchStory::at_max() {
  auto conditions = fine();
  conditions[2] = {"ScalingLimited",
                   "True",
                   "TooManyReplicas",
                   "the desired replica count is more than the maximum replica count",
                   {}};
  return conditions;
}

WatchStory& WatchStory::hpa(int desired, std::optional<int> cpu_percent, std::vector<Condition> conditions) {
  last_hpa.at.observed = now_;
  last_hpa.desired_replicas = last_hpa.current_replicas = desired;
  last_hpa.metrics[0].current_utilization_percent = cpu_percent;
  last_hpa.conditions = std::move(conditions);
  return hear(last_hpa);
}

PodSample WatchStory::pod_sample(const std::string& name) const {
  PodSample p;
  p.at.observed = now_;
  p.ns = "todo";
  p.hpa = "backend";
  p.name = "backend-7d4b9-" + name;
  p.uid = name;
  p.phase = "Running";
  p.node = "n1";
  return p;
}

WatchStory& WatchStory::pod(const std::string& name, bool ready, const std::string& waiting, const std::string& node) {
  PodSample p = pod_sample(name);
  p.node = node;
  p.ready = ready;
  ContainerState app;
  app.name = "app";
  app.state = waiting.empty() ? "running" : "waiting";
  app.reason = waiting;
  p.containers = {app};
  return hear(p);
}

WatchStory& WatchStory::ending(const std::string& name) {
  PodSample p = pod_sample(name);
  p.deletion_requested = feed_.settings().begun + now_;
  p.deletion_grace = 30s;
  return hear(p);
}

WatchStory& WatchStory::gone(const std::string& name) {
  PodSample p = pod_sample(name);
  p.deleted = true;
  return hear(p);
}

WatchStory& WatchStory::seen(const std::string& resource, WatchState::Kind kind, const std::string& message) {
  return hear(WatchState{now_, resource, kind, message, "todo", ""});
}

std::string WatchStory::screen(int width, int height, bool colour) {
  return render_watch(feed_.settings(), width, height, colour);
}

WatchStory surge_watched() {
  WatchStory s;
  s.hpa(2, 31).pod("aa", true).pod("bb", true).begin();
  s.hear(SignalSample{0s, "queue", 3, {}, 0s}).until(50s).hpa(2, 143);
  s.hear(SignalSample{50s, "queue", 240, {}, 50s}).until(62s).hpa(5, 171, WatchStory::at_max());
  s.until(63s).pod("cc", false, "ContainerCreating").pod("dd", false, "", "").pod("ee", false, "ContainerCreating");
  s.until(71s).pod("cc", true).until(75s).pod("ee", false, "ImagePullBackOff");
  s.until(80s).seen("metrics.k8s.io/pods", WatchState::Kind::lost, "connection refused");
  s.ending("aa").until(84s);
  return s;
}

}  // namespace surgeproof::reports
