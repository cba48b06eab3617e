#include "tests/analyzers/truth/narrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

namespace surgeproof::truth {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kWallZero{1'750'000'000s};

RunTime at(double t) { return RunTime{static_cast<std::int64_t>(std::llround(t * 1e9))}; }
WallTime wall(double t) { return kWallZero + std::chrono::floor<std::chrono::seconds>(at(t)); }

}  // namespace

RunTime Narrator::observed(double t) {
  return at(std::max(0.0, t) + std::uniform_real_distribution<double>{0.02, 0.3}(random_));
}

void Narrator::answered(double t, const SimPod& pod) {
  const int second = static_cast<int>(t);
  ++seconds_[second][static_cast<std::size_t>(Outcome::ok)];
  if (pods_known_) ++answers_[{second, pod.name}];
}

void Narrator::failed(double t, double ended, Outcome outcome, const OnConnection& c, const SimPod* pod, Injected why) {
  ++seconds_[static_cast<int>(t)][static_cast<std::size_t>(outcome)];
  RequestFailure f;
  f.outcome = outcome;
  f.stage = "steady";
  f.request = "GET /";
  f.planned = at(t);
  f.ended = at(ended);
  const bool never_sent = outcome == Outcome::connect_refused || outcome == Outcome::connect_timeout ||
                          outcome == Outcome::generator_error || outcome == Outcome::unsent;
  if (!never_sent) f.sent = at(t);
  if (outcome == Outcome::generator_error) f.error_number = EADDRNOTAVAIL;
  f.connection = c.id;
  f.connection_opened = at(c.opened);
  f.requests_on_connection = c.served;
  f.bytes_received = c.received;
  f.peer = pods_known_ && pod ? pod->ip + ":8080" : "203.0.113.7:80";
  f.trace_id = fmt::format("{}", told_.truth.size());
  told_.truth[f.trace_id] = why;
  told_.records.emplace_back(std::move(f));
}

void Narrator::node_event(const std::string& node, double t, const std::string& reason, const std::string& message) {
  ClusterEvent e;
  e.at = {observed(t), wall(t)};
  e.uid = "event-" + node;
  e.type = "Normal";
  e.reason = reason;
  e.message = message;
  e.regarding = {"Node", "", node};
  told_.records.emplace_back(std::move(e));
}

void Narrator::saturated(double from, double to) {
  cpu_.emplace_back(from, 190);
  cpu_.emplace_back(to, 50);
}

PodSample Narrator::sample(const SimPod& p, double t) const {
  PodSample s;
  s.ns = "shop";
  s.name = p.name;
  s.uid = "uid-" + p.name;
  s.hpa = "app";
  s.phase = "Running";
  s.node = p.node;
  s.ip = p.ip;
  s.created = s.scheduled = wall(p.created);
  ContainerState c;
  c.name = "app";
  c.state = "running";
  s.containers = {c};
  const bool down = (t >= p.unready.first && t < p.unready.second) || (t >= p.crashed && t < p.restarted + 1);
  s.ready = s.containers[0].ready = t >= p.ready && t < p.deletion && !down;
  if (t >= p.crashed) {
    s.containers[0].restarts = 1;
    s.containers[0].last_reason = "OOMKilled";
    s.containers[0].last_exit_code = 137;
    s.containers[0].last_finished = wall(p.crashed);
  }
  if (t >= p.deletion) {
    s.deletion_requested = wall(p.deletion);
    s.deletion_grace = 30s;
  }
  if (t >= p.ended) {
    s.containers[0].state = "terminated";
    s.containers[0].reason = p.drains ? "Error" : "Completed";
    s.containers[0].exit_code = p.drains ? 137 : 0;
    s.containers[0].finished = wall(p.ended);
  }
  return s;
}

void Narrator::tell_pod(const SimPod& p, double length) {
  RunTime last{};
  for (const double t : {std::max(p.created, 0.0), p.ready, p.deletion, p.ended, p.crashed, p.restarted + 1,
                         p.unready.first, p.unready.second}) {
    if (t > length || t < 0) continue;
    PodSample s = sample(p, t);
    s.at = {t <= 0 ? RunTime{} : observed(t), wall(t)};
    last = std::max(last, s.at.observed);
    told_.records.emplace_back(std::move(s));
  }
  if (p.ended > length) return;
  PodSample s = sample(p, p.ended);
  s.at = {last + 400ms, wall(p.ended + 0.4)};
  s.deleted = true;
  told_.records.emplace_back(std::move(s));
}

void Narrator::tell_endpoints(const std::vector<SimPod>& pods, double length) {
  std::vector<double> instants{0};
  for (const SimPod& p : pods) {
    for (const double t : {p.ready, p.deletion, p.crashed + 1.5, p.restarted + 1, p.unready.first, p.unready.second}) {
      if (t > 0 && t < length) instants.push_back(t);
    }
  }
  std::sort(instants.begin(), instants.end());
  RunTime last{};
  for (const double t : instants) {
    EndpointSliceSample s;
    last = std::max(last + RunTime{1}, t <= 0 ? RunTime{} : observed(t));
    s.at = {last, wall(t)};
    s.ns = "shop";
    s.service = s.slice = "app";
    for (const SimPod& p : pods) {
      if (t < p.ready || t >= p.ended) continue;
      const bool crashed = t >= p.crashed + 1.5 && t < p.restarted + 1;
      const bool down = crashed || (t >= p.unready.first && t < p.unready.second);
      const bool going = t >= p.deletion;
      s.endpoints.push_back({p.ip, p.name, !down && !going, !down, going});
    }
    told_.records.emplace_back(std::move(s));
  }
}

void Narrator::tell_hpa(int pods) {
  const bool saturated = !cpu_.empty();
  std::vector<std::pair<double, int>> cpu = cpu_;
  cpu.emplace_back(0, 50);
  std::sort(cpu.begin(), cpu.end());
  for (const auto& [t, percent] : cpu) {
    HpaSample h;
    h.at = {t <= 0 ? RunTime{} : at(t), wall(t)};
    h.ns = "shop";
    h.name = "app";
    h.target = {"Deployment", "shop", "app"};
    h.min_replicas = 2;
    h.max_replicas = saturated ? pods : pods + 4;
    h.current_replicas = h.desired_replicas = pods;
    HpaMetric m;
    m.type = "Resource";
    m.name = "cpu";
    m.target_utilization_percent = 70;
    m.current_utilization_percent = percent;
    h.metrics = {m};
    told_.records.emplace_back(std::move(h));
  }
  ScaleTargetSample target;
  target.ref = {"Deployment", "shop", "app"};
  target.spec_replicas = pods;
  told_.records.emplace_back(std::move(target));
}

Told Narrator::finish(const std::vector<SimPod>& pods, double length) {
  for (const char* r : {"pods", "deployments", "horizontalpodautoscalers", "endpointslices", "events"}) {
    told_.records.emplace_back(WatchState{RunTime{}, r, WatchState::Kind::synced, ""});
  }
  told_.records.emplace_back(LoadMark{RunTime{}, LoadMark::Kind::started});
  told_.records.emplace_back(LoadMark{at(length + 30), LoadMark::Kind::finished});
  for (const SimPod& p : pods) tell_pod(p, length);
  tell_endpoints(pods, length);
  tell_hpa(static_cast<int>(pods.size()));
  for (const auto& [second, outcomes] : seconds_) {
    LoadWindow w;
    w.begin = at(second);
    w.length = 1s;
    w.stage = "steady";
    w.request = "GET /";
    w.outcomes = outcomes;
    w.planned = w.sent = w.ended();
    Histogram h;
    h.record(15ms, outcomes[static_cast<std::size_t>(Outcome::ok)]);
    w.latency = w.service_time = h.sparse();
    told_.records.emplace_back(std::move(w));
  }
  for (const auto& [key, n] : answers_) {
    told_.records.emplace_back(PeerWindow{at(key.first), 1s, "203.0.113.7:80", key.second, n});
  }
  Scenario& s = told_.scenario;
  s.name = "truth";
  s.watch = {{"shop", "app", "", {}}};
  s.load.stages = {{"steady", Stage::Shape::hold, Rate{100}, at(length), {}}};
  s.criteria = {{DroppedRequestsCriterion{0, {}}, {}}};
  told_.end = at(length + 31);
  return std::move(told_);
}

}  // namespace surgeproof::truth
