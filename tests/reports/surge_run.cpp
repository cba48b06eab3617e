#include "tests/reports/surge_run.h"

#include <random>

#include "analyzers/critical_path.h"
#include "analyzers/drop_report.h"
#include "analyzers/elasticity.h"
#include "base/wall_time.h"
#include "tests/reports/surge_cluster.h"
#include "tests/reports/surge_verdict.h"

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

// The recording begins two seconds before the load.
constexpr RunTime kLoadStart = 2s;

struct Shape {
  double rate = 0;
  std::string stage;
};

Shape shape_at(int second) {
  if (second < 60) return {20, "baseline"};
  if (second < 240) return {400, "surge"};
  if (second < 270) return {400 - (second - 240) * 380.0 / 30, "calm"};
  return {20, "after"};
}

int ready_at(int second) { return second < 90 ? 2 : second < 107 ? 4 : second < 586 ? 5 : 2; }

// Milliseconds; a share in [0, 1) of all requests is faster. Above 80 requests a second and pod a queue builds up.
double latency_ms(double share, double load_per_pod) {
  const double tail = share > 0.99 ? 6 : share > 0.95 ? 3 : share > 0.5 ? 1.6 : 1;
  const double queue = load_per_pod > 80 ? (load_per_pod - 80) / 4 : 0;
  return (7 + 6 * share) * tail * (1 + queue);
}

LoadWindow window_at(int second, std::mt19937& random) {
  const Shape shape = shape_at(second);
  LoadWindow w;
  w.begin = kLoadStart + std::chrono::seconds{second};
  w.length = 1s;
  w.stage = shape.stage;
  w.request = "list";
  w.planned = w.sent = static_cast<std::uint64_t>(shape.rate);
  const double per_pod = shape.rate / ready_at(second);
  Histogram latency;
  std::uint64_t bad = 0;
  for (std::uint64_t i = 0; i < w.planned; ++i) {
    const double share = static_cast<double>(random() % 1000) / 1000;
    latency.record(std::chrono::microseconds{static_cast<std::int64_t>(latency_ms(share, per_pod) * 1000)});
    if (per_pod > 150 && random() % 400 == 0) ++bad;
  }
  w.outcomes[static_cast<std::size_t>(Outcome::server_error)] = bad;
  w.statuses = {{200, w.planned - bad}, {500, bad}};
  if (second >= 586 && second < 589) {
    w.outcomes[static_cast<std::size_t>(Outcome::connect_refused)] = 3;
    w.outcomes[static_cast<std::size_t>(Outcome::bad_gateway)] = 1;
    bad += 4;
  }
  w.outcomes[static_cast<std::size_t>(Outcome::ok)] = w.planned - bad;
  w.latency = w.service_time = latency.sparse();
  return w;
}

void add_peers(int second, const LoadWindow& w, Timeline& timeline) {
  const int pods = ready_at(second);
  for (int pod = 0; pod < pods; ++pod) {
    timeline.peers.push_back({w.begin, w.length, fmt::format("10.0.0.{}:8080", pod + 11), pod_name(pod),
                              w.planned / static_cast<unsigned>(pods)});
  }
}

void add_failures(Timeline& timeline) {
  for (int i = 0; i < 9; ++i) {
    RequestFailure f;
    f.outcome = Outcome::connect_refused;
    f.stage = "after";
    f.request = "list";
    f.planned = kLoadStart + 586s + i * 320ms;
    f.ended = f.planned + 1ms;
    f.error_number = 111;
    f.error = "connection refused";
    f.phase = "connect";
    f.peer = "10.0.0.15:8080";
    timeline.failures.push_back(f);
  }
  RequestFailure gateway = timeline.failures.back();
  gateway.outcome = Outcome::bad_gateway;
  gateway.status = 502;
  gateway.error = "status 502";
  gateway.phase = "receive";
  gateway.connection = 17;
  gateway.requests_on_connection = 212;
  gateway.server = "nginx";
  gateway.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  timeline.failures.push_back(gateway);
}

void add_stages(Timeline& t) {
  t.load_started = kLoadStart;
  const auto stage = [&](std::string name, RunTime begin, RunTime end, double from, double to) {
    t.stages.push_back({std::move(name), {kLoadStart + begin, kLoadStart + end}, from, to});
  };
  stage("baseline", 0s, 60s, 20, 20);
  stage("surge", 60s, 240s, 400, 400);
  stage("calm", 240s, 270s, 400, 20);
  stage("after", 270s, 720s, 20, 20);
  t.load_finished = kLoadStart + 720s;
  t.surge = kLoadStart + 60s;
  t.surge_end = kLoadStart + 240s;
  t.surges = {{kLoadStart + 60s, kLoadStart + 240s}};
  t.phases = {{Phase::Kind::baseline, {kLoadStart, kLoadStart + 60s}, true},
              {Phase::Kind::scaling, {kLoadStart + 60s, kLoadStart + 107s}, true},
              {Phase::Kind::scaled, {kLoadStart + 107s, kLoadStart + 240s}, true},
              {Phase::Kind::draining, {kLoadStart + 240s, kLoadStart + 723s}, true}};
  t.end = kLoadStart + 723s;
  t.complete = true;
}

RunInfo info_of(std::string name) {
  RunInfo info;
  info.name = std::move(name);
  info.scenario_file = "scenarios/todo.yaml";
  info.target = "https://todo.example.com";
  info.tool_version = "0.1.0";
  info.started = *parse_rfc3339("2025-06-02T09:00:00.250Z");
  info.environment = {{"cluster", "v1.31.4, 3 nodes"}, {"generator", "2 workers on 2 CPUs"}, {"host", "runner-7"}};
  return info;
}

Scenario scenario_of(const std::string& name) {
  Scenario scenario;
  scenario.name = name;
  scenario.target = "https://todo.example.com";
  WatchTarget watch;
  watch.hpa = "todo";
  scenario.watch.push_back(watch);
  const auto stage = [&](std::string stage_name, Stage::Shape shape, double per_second, std::chrono::seconds length) {
    scenario.load.stages.push_back({std::move(stage_name), shape, {per_second}, length, {}});
  };
  stage("baseline", Stage::Shape::hold, 20, 60s);
  stage("surge", Stage::Shape::step, 400, 180s);
  stage("calm", Stage::Shape::ramp, 20, 30s);
  stage("after", Stage::Shape::hold, 20, 450s);
  scenario.criteria = {{ScaleUpCriterion{"todo", 5, 60s, std::nullopt}, {14, 5}},
                       {LatencyCriterion{99, 1s, {During::Kind::phase, "scaling"}, ""}, {15, 5}}};
  scenario.signals = {{"p95_server", "histogram_quantile(0.95, sum(rate(x[1m])) by (le))", 15s},
                      {"queue", "sum(queue)"}};
  scenario.price = Price{0.048, "EUR"};
  SignalCriterion queue{"queue", {}, SignalValue{100, ValueUnit::none}, {}};
  LogsCriterion logs;
  logs.scope.pods = "app=todo";
  logs.absent = {{"ERROR", "ERROR"}, {"hunter2", "${DB_PASSWORD}", true}};
  scenario.criteria.push_back({queue, {16, 5}});
  scenario.criteria.push_back({logs, {17, 5}});
  return scenario;
}

GeneratorSample generator_at(int second) {
  GeneratorSample s;
  s.begin = kLoadStart + std::chrono::seconds{second};
  s.length = 1s;
  Histogram error;
  error.record(12us, 95);
  error.record(180us, 5);
  s.schedule_error = error.sparse();
  s.busiest_worker = second >= 60 && second < 240 ? 0.31 : 0.04;
  s.in_flight = second >= 60 && second < 107 ? 210 : 3;
  s.connections = 64;
  return s;
}

}  // namespace

RecordedRun surge_run() {
  RecordedRun run;
  run.info = info_of("todo, Tuesday peak");
  run.info.notes = {"The kubeconfig's context was aks-prod."};
  run.scenario = scenario_of(run.info.name);
  std::mt19937 random(7);
  Timeline& t = run.timeline;
  add_stages(t);
  for (int second = 0; second < 720; ++second) {
    t.windows.push_back(window_at(second, random));
    add_peers(second, t.windows.back(), t);
    t.generator.push_back(generator_at(second));
  }
  add_failures(t);
  add_cluster(kLoadStart, t);
  add_observations(kLoadStart, t);
  run.verdict = surge_verdict(kLoadStart);
  run.verdict.drops = report_drops(t);
  run.verdict.paths = critical_paths(run.scenario, t);
  run.verdict.elasticity = elasticity_of(run.scenario, t);
  run.scenario_text =
      "name: todo, Tuesday peak\ntarget: https://todo.example.com\nwatch: {namespace: todo, hpa: todo}\nload:\n"
      "  - {name: baseline, hold: 20/s, for: 1m}\n  - {name: surge, step: 400/s, for: 3m}\n"
      "  - {name: calm, ramp: 20/s, over: 30s}\n  - {name: after, hold: 20/s, for: 7m30s}\n";
  return run;
}

RecordedRun long_run() {
  RecordedRun run = surge_run();
  Timeline& t = run.timeline;
  t.windows.clear();
  t.peers.clear();
  t.generator.clear();
  std::mt19937 random(11);
  for (int second = 0; second < 1800; ++second) {
    LoadWindow w;
    w.begin = kLoadStart + std::chrono::seconds{second};
    w.length = 1s;
    w.stage = "surge";
    w.request = "list";
    Histogram latency;
    for (int i = 0; i < 1000; ++i) {
      latency.record(std::chrono::microseconds{5000 + random() % 5000 + (random() % 50 == 0 ? random() % 900'000 : 0)});
    }
    w.planned = w.sent = 1000;
    w.outcomes[static_cast<std::size_t>(Outcome::timeout)] = random() % 5;
    w.outcomes[0] = w.planned - w.count(Outcome::timeout);
    w.latency = w.service_time = latency.sparse();
    t.windows.push_back(std::move(w));
    t.generator.push_back(generator_at(second));
  }
  t.end = kLoadStart + 1810s;
  const std::vector<PodLife> pods = t.pods;
  while (t.pods.size() < 10) t.pods.push_back(pods[t.pods.size() % pods.size()]);
  return run;
}

RecordedRun watched_run() {
  RecordedRun run;
  run.info = info_of("watch todo");
  run.info.target.clear();
  run.scenario.name = run.info.name;
  WatchTarget watch;
  watch.hpa = "todo";
  run.scenario.watch.push_back(watch);
  add_cluster(RunTime{}, run.timeline);
  run.timeline.end = 720s;
  run.verdict.status = Status::pass;
  run.scenario_text = "name: watch todo\nwatch:\n  - {namespace: todo, hpa: todo}\nload: none\n";
  return run;
}

RecordedRun empty_run() {
  RecordedRun run;
  run.info = info_of("nothing");
  run.scenario.name = "nothing";
  run.timeline.end = 1s;
  run.timeline.interrupted = true;
  run.verdict.status = Status::inconclusive;
  return run;
}

Report with_decisions(Report report) {
  report.hpas.at(0).decisions = {48,
                                 47,
                                 1,
                                 {{75,
                                   2,
                                   4,
                                   true,
                                   "cpu at 148 % of 70 %: 2 → 4",
                                   {"cpu: 2 pods use 740m of 500m requested, 148 % against the target of 70 %.",
                                    "The ratio 2.114 is outside the tolerance of 10 %: 5 replicas are proposed.",
                                    "At most 4 pods in 15s (policy Percent 100): 4 replicas."}},
                                  {90, 4, 5, false, "the model says 4: <no change>. Most likely: a newer sample", {}}}};
  return report;
}

}  // namespace surgeproof::reports
