#include "tests/bench/judge/long_run.h"

#include <fmt/format.h>

#include <random>

namespace surgeproof::bench {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kWallZero{1'750'000'000s};
constexpr int kSurges = 4;

class Teller {
 public:
  Teller(const LongRun& run, const std::function<void(Record&&)>& take) : run_(run), take_(take) {}

  std::pair<std::uint64_t, std::uint64_t> tell() {
    cluster_at_the_start();
    take_(LoadMark{RunTime{}, LoadMark::Kind::started});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(run_.length).count();
    for (std::int64_t s = 0; s < seconds; ++s) second(std::chrono::seconds{s}, seconds);
    take_(LoadMark{run_.length, LoadMark::Kind::finished});
    return {windows_, cluster_};
  }

 private:
  bool in_surge(RunTime t) const {
    const RunTime period = run_.length / kSurges;
    const RunTime since = t % period;
    return since >= period / 4 && since < period / 2;
  }

  void cluster(Record&& r) {
    ++cluster_;
    take_(std::move(r));
  }

  PodSample pod(int n, RunTime t, bool ready) const {
    PodSample p;
    p.at = {t, kWallZero + t};
    p.ns = "todo";
    p.name = fmt::format("backend-7d9c5b8f6d-{:05}", n);
    p.uid = fmt::format("2b1c-{}", n);
    p.owner = "ReplicaSet/backend-7d9c5b8f6d";
    p.hpa = "backend";
    p.phase = "Running";
    p.node = fmt::format("node-{}", n % 3);
    p.ip = fmt::format("10.0.{}.{}", n / 250, n % 250);
    p.created = p.scheduled = kWallZero + t;
    p.ready = ready;
    ContainerState c;
    c.name = "app";
    c.state = "running";
    c.ready = ready;
    c.cpu_request_millicores = 250;
    c.cpu_limit_millicores = 500;
    p.containers = {c};
    return p;
  }

  HpaSample hpa(RunTime t, int wanted, int cpu) const {
    HpaSample h;
    h.at = {t, kWallZero + t};
    h.ns = "todo";
    h.name = "backend";
    h.target = {"Deployment", "todo", "backend"};
    h.min_replicas = 2;
    h.max_replicas = 5;
    h.current_replicas = h.desired_replicas = wanted;
    HpaMetric m;
    m.type = "Resource";
    m.name = "cpu";
    m.target_utilization_percent = 70;
    m.current_utilization_percent = cpu;
    h.metrics = {m};
    h.conditions = {{"ScalingActive", "True", "ValidMetricFound", "", {}},
                    {"AbleToScale", "True", "ReadyForNewScale", "", {}}};
    h.spec_json = std::string(400, ' ');
    return h;
  }

  void cluster_at_the_start() {
    for (const char* resource : {"pods", "deployments", "horizontalpodautoscalers", "endpointslices", "events"}) {
      cluster(WatchState{RunTime{}, resource, WatchState::Kind::synced, ""});
    }
    for (int n = 0; n < 2; ++n) cluster(pod(next_pod_++, RunTime{}, true));
    cluster(target(RunTime{}, 2));
    cluster(hpa(RunTime{}, 2, 40));
    endpoints(RunTime{});
  }

  ScaleTargetSample target(RunTime t, int replicas) const {
    ScaleTargetSample s;
    s.at = {t, std::nullopt};
    s.ref = {"Deployment", "todo", "backend"};
    s.spec_replicas = s.status_replicas = s.ready_replicas = replicas;
    return s;
  }

  void endpoints(RunTime t) {
    EndpointSliceSample s;
    s.at = {t, std::nullopt};
    s.ns = "todo";
    s.service = "backend";
    s.slice = "backend-x";
    for (int n = first_pod_; n < next_pod_; ++n) {
      const PodSample p = pod(n, t, true);
      s.endpoints.push_back({p.ip, p.name, true, true, false});
    }
    cluster(std::move(s));
  }

  void scale(RunTime t, int wanted) {
    cluster(hpa(t, wanted, 120));
    cluster(target(t, wanted));
    for (; next_pod_ - first_pod_ < wanted; ++next_pod_) cluster(pod(next_pod_, t, false));
    for (; next_pod_ - first_pod_ > wanted; ++first_pod_) {
      PodSample p = pod(first_pod_, t, false);
      p.deletion_requested = kWallZero + t;
      p.deletion_grace = 30s;
      cluster(p);
      p.at.observed = t + 2s;
      p.deleted = true;
      cluster(std::move(p));
    }
    for (int n = first_pod_; n < next_pod_; ++n) cluster(pod(n, t + 3s, true));
    endpoints(t + 3s);
  }

  void second(RunTime t, std::int64_t seconds) {
    const bool surge = in_surge(t);
    if (surge != was_surge_) scale(t, surge ? 5 : 2);
    was_surge_ = surge;
    const std::int64_t s = t / 1s;
    // Pods come and go all day: a deletion is what failed requests are held against.
    if (s % 600 == 599) {
      cluster(pod(first_pod_, t, false));
      scale(t, 3);
      scale(t + 5s, surge ? 5 : 2);
    }
    const auto due = static_cast<std::uint64_t>(static_cast<double>(run_.cluster_records) * static_cast<double>(s) /
                                                static_cast<double>(seconds));
    while (cluster_ < due) {
      PodMetricsSample m;
      m.observed = t;
      m.ns = "todo";
      m.pod = fmt::format("backend-7d9c5b8f6d-{:05}", first_pod_);
      m.timestamp = kWallZero + t;
      m.window = 15s;
      m.containers = {{"app", 120'000'000, 80 << 20}, {"daprd", 20'000'000, 40 << 20}};
      cluster(std::move(m));
    }
    load(t, surge);
    const auto failed = static_cast<std::uint64_t>(static_cast<double>(run_.failures) * static_cast<double>(s + 1) /
                                                   static_cast<double>(seconds));
    for (; failures_ < failed; ++failures_) failure(t);
    GeneratorSample g;
    g.begin = t;
    g.length = 1s;
    g.busiest_worker = 0.2;
    Histogram error;
    for (int i = 0; i < 8; ++i) error.record(std::chrono::microseconds{50 + random_() % 200}, 30);
    g.schedule_error = error.sparse();
    take_(std::move(g));
  }

  void load(RunTime t, bool surge) {
    for (int r = 0; r < run_.requests; ++r) {
      LoadWindow w;
      w.begin = t;
      w.length = 1s;
      w.stage = surge ? "rush" : "calm";
      w.request = fmt::format("request number {:02}", r);
      w.planned = w.sent = run_.rate;
      w.outcomes[0] = run_.rate;
      w.statuses[200] = run_.rate;
      w.bytes_received = 2048 * run_.rate;
      histogram_.reset();
      for (std::uint64_t i = 0; i < run_.rate; ++i) {
        histogram_.record(std::chrono::microseconds{2000 + random_() % 4000 + (random_() % 100 == 0 ? 100'000 : 0)});
      }
      w.latency = w.service_time = histogram_.sparse();
      ++windows_;
      take_(std::move(w));
    }
  }

  void failure(RunTime t) {
    RequestFailure f;
    f.outcome = failures_ % 3 == 0 ? Outcome::connect_refused : Outcome::reset;
    f.stage = "calm";
    f.request = fmt::format("request number {:02}", failures_ % 12);
    f.planned = t + std::chrono::milliseconds{random_() % 1000};
    f.sent = f.planned;
    f.ended = f.planned + 3ms;
    f.error_number = 111;
    f.error = "connection refused by the peer";
    f.phase = "connect";
    f.connection = failures_ + 1;
    f.connection_opened = f.planned - 20s;
    f.requests_on_connection = failures_ % 3 == 0 ? 0 : 17;
    f.peer = "10.0.0.7:8080";
    LoadWindow w;
    w.begin = t;
    w.length = 1s;
    w.stage = "calm";
    w.request = f.request;
    w.planned = w.sent = 1;
    w.outcomes[static_cast<std::size_t>(f.outcome)] = 1;
    take_(std::move(w));
    take_(std::move(f));
  }

  const LongRun& run_;
  const std::function<void(Record&&)>& take_;
  std::minstd_rand random_{7};
  Histogram histogram_;
  std::uint64_t windows_ = 0;
  std::uint64_t cluster_ = 0;
  std::uint64_t failures_ = 0;
  int first_pod_ = 0;
  int next_pod_ = 0;
  bool was_surge_ = false;
};

}  // namespace

Scenario scenario_of(const LongRun& run) {
  Scenario s;
  s.name = "a long day";
  s.watch = {{"todo", "backend", "", {}}};
  const RunTime quarter = run.length / (4 * kSurges);
  for (int i = 0; i < kSurges; ++i) {
    s.load.stages.push_back({"calm", Stage::Shape::hold, Rate{20.0 * run.requests}, quarter, {}});
    s.load.stages.push_back({"rush", Stage::Shape::step, Rate{80.0 * run.requests}, quarter, {}});
    s.load.stages.push_back({"calm", Stage::Shape::hold, Rate{20.0 * run.requests}, 2 * quarter, {}});
  }
  const During scaling{During::Kind::phase, "scaling"};
  const During scaled{During::Kind::phase, "scaled"};
  s.criteria = {{ScaleUpCriterion{"", 5, 60s, {}}, {}},
                {LatencyCriterion{99, 1s, scaling, ""}, {}},
                {LatencyCriterion{95, 1s, scaled, ""}, {}},
                {LatencyCriterion{99.9, 1s, {}, ""}, {}},
                {LatencyCriterion{95, 3ms, {}, "request number 03"}, {}},
                {LatencyCriterion{99, 1s, {During::Kind::stage, "rush"}, ""}, {}},
                {ErrorRateCriterion{Ratio{0.001}, {}, ""}, {}},
                {DroppedRequestsCriterion{0, {}}, {}},
                {ScaleDownCriterion{"", 2, {}, 420s, {}}, {}},
                {ReplicasCriterion{"", 2, 5, 400, {}}, {}}};
  return s;
}

std::pair<std::uint64_t, std::uint64_t> tell(const LongRun& run, const std::function<void(Record&&)>& take) {
  return Teller(run, take).tell();
}

}  // namespace surgeproof::bench
