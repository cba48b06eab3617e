#include "tests/reports/load_run.h"

#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "scenarios/scenario.h"

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

Scenario scenario_of(bool closed) {
  Scenario s;
  s.name = "load";
  s.target = "http://shop.example.com:8080";
  s.requests.resize(1);
  s.requests[0].name = "GET /cart";
  s.connections.max = 64;
  if (closed) {
    s.load = Load::closed_loop({64, 10s});
  } else {
    s.load.stages = {{"stage 1", Stage::Shape::hold, {2000}, 10s, {}}};
  }
  return s;
}

LoadWindow window_of(const Scenario& s) {
  LoadWindow w;
  w.begin = 20ms;
  w.length = 10s;
  w.stage = s.load.stages.front().name;
  w.request = "GET /cart";
  return w;
}

RequestFailure failure_of(Outcome outcome, RunTime planned, int status, std::string error, std::string phase) {
  RequestFailure f;
  f.outcome = outcome;
  f.request = "GET /cart";
  f.planned = planned;
  f.ended = planned + 3ms;
  f.status = status;
  f.error = std::move(error);
  f.phase = std::move(phase);
  f.connection = 7;
  f.requests_on_connection = 812;
  f.peer = "10.0.0.7:8080";
  return f;
}

SlowRequest slow_request() {
  SlowRequest r;
  r.request = "GET /cart";
  r.planned = 2020ms;
  r.sent = r.planned + 5us;
  r.ended = r.planned + 41'605us;
  r.status = 200;
  r.peer = "10.0.0.8:8080";
  r.pod = "shop-2";
  r.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  return r;
}

GeneratorSample sample_of(double busiest, microseconds late) {
  Histogram error;
  error.record(4us, 19'000);
  error.record(late, 1'000);
  GeneratorSample g;
  g.begin = 20ms;
  g.length = 1s;
  g.schedule_error = error.sparse();
  g.busiest_worker = busiest;
  g.in_flight = 12;
  g.connections = 64;
  return g;
}

LoadSummary summary_of(const Scenario& s, std::vector<Record> records, double cpu_seconds) {
  RunInfo info;
  info.name = s.name;
  info.target = s.target;
  info.tool_version = "0.0.0";
  info.started = WallTime{1'750'000'000s};
  records.emplace_back(LoadMark{20ms, LoadMark::Kind::started});
  records.emplace_back(LoadMark{10s + 300ms, LoadMark::Kind::finished});
  TimelineBuilder builder{s};
  for (auto& r : records) builder.add(std::move(r));
  const Timeline& timeline = builder.build(11s, true);
  return build_load_summary(info, s, timeline, judge(s, timeline), cpu_seconds);
}

}  // namespace

LoadSummary open_load() {
  Scenario s = scenario_of(false);
  s.criteria = {{LatencyCriterion{99, 200ms, {}, ""}, {}}, {ErrorRateCriterion{{0.001}, {}, ""}, {}}};
  LoadWindow w = window_of(s);
  Histogram latency;
  Histogram service;
  for (int i = 0; i < 19'950; ++i) {
    const auto us = 800us + microseconds{i % 1000} + (i % 200 == 0 ? 40ms : 0ms);
    service.record(us);
    latency.record(us + 5us);
  }
  w.latency = latency.sparse();
  w.service_time = service.sparse();
  w.planned = w.sent = 20'000;
  w.outcomes[static_cast<std::size_t>(Outcome::ok)] = 19'940;
  w.outcomes[static_cast<std::size_t>(Outcome::bad_gateway)] = 10;
  w.outcomes[static_cast<std::size_t>(Outcome::reset)] = 49;
  w.outcomes[static_cast<std::size_t>(Outcome::generator_error)] = 1;
  w.statuses = {{200, 19'940}, {503, 10}};
  w.bytes_received = 123'456'789;
  return summary_of(s,
                    {w, failure_of(Outcome::bad_gateway, 3s, 503, "", ""),
                     failure_of(Outcome::reset, 4100ms, 0, "Connection reset by peer", "wait"),
                     failure_of(Outcome::generator_error, 5s, 0, "Cannot assign requested address", "connect"),
                     slow_request(), PeerWindow{20ms, 10s, "10.0.0.7:8080", "shop-1", 15'000},
                     PeerWindow{20ms, 10s, "10.0.0.8:8080", "shop-2", 4'950}, sample_of(0.31, 180us)},
                    0.0912);
}

LoadSummary closed_load() {
  const Scenario s = scenario_of(true);
  LoadWindow w = window_of(s);
  w.closed_loop = true;
  Histogram latency;
  for (int i = 0; i < 1'000'000; ++i) latency.record(300us + microseconds{i % 97});
  w.latency = w.service_time = latency.sparse();
  w.planned = w.sent = 1'000'000;
  w.outcomes[0] = 1'000'000;
  w.statuses = {{200, 1'000'000}};
  w.bytes_received = 152'000'000;
  return summary_of(s, {w, PeerWindow{20ms, 10s, "10.0.0.7:8080", "", 1'000'000}, sample_of(0.99, 1ms)}, 10);
}

LoadSummary refused_load() {
  const Scenario s = scenario_of(false);
  LoadWindow w = window_of(s);
  w.planned = w.sent = 20'000;
  w.outcomes[static_cast<std::size_t>(Outcome::connect_refused)] = 20'000;
  RequestFailure f = failure_of(Outcome::connect_refused, 21ms, 0, "Connection refused", "connect");
  f.connection = 0;
  return summary_of(s, {w, f, sample_of(0.1, 20us)}, 0.1);
}

}  // namespace surgeproof::reports
