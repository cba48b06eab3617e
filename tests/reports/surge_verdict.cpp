#include "tests/reports/surge_verdict.h"

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

struct Figures {
  std::string observed;
  std::string limit;
  std::string margin;
  std::optional<double> observed_value;
  std::optional<double> limit_value;
  std::string unit;
};

Finding finding(std::string id, std::string title, Status status, std::string reason, std::string sentence,
                Figures figures, Interval evidence) {
  Finding f;
  f.id = std::move(id);
  f.title = std::move(title);
  f.status = status;
  f.reason = std::move(reason);
  f.sentence = std::move(sentence);
  f.observed = std::move(figures.observed);
  f.limit = std::move(figures.limit);
  f.margin = std::move(figures.margin);
  f.observed_value = figures.observed_value;
  f.limit_value = figures.limit_value;
  f.unit = std::move(figures.unit);
  f.evidence = evidence;
  return f;
}

Cause termination_race() {
  Cause c;
  c.code = "termination_race";
  c.sentence = "12 requests met pods that had stopped before they were taken out of the endpoints";
  c.remedy =
      "Give the container a preStop sleep of at least 2s, so that it serves until the endpoints are updated: "
      "lifecycle.preStop.sleep.seconds: 3";
  c.confidence = Confidence::high;
  c.count = 12;
  c.evidence = {"+586s pod todo-7d9f8b6c5-9tzlw: deletion requested, no preStop hook",
                "+586.9s pod todo-7d9f8b6c5-9tzlw: out of the endpoints, 0.9s later",
                "+586s to +588.6s 9 connections to 10.0.0.15:8080 refused"};
  return c;
}

Cause slow_start() {
  Cause c;
  c.code = "slow_start";
  c.sentence = "Two pods bore 400 requests/s for 30s, because new pods took 14s from creation to Ready";
  c.remedy = "Shorten the readiness probe's initialDelaySeconds (10), or scale on 50 % instead of 70 %";
  c.confidence = Confidence::probable;
  c.evidence = {"<script>alert('from a \"hostile\" cluster')</script> & \x1b[31mred\x1b[0m | table `code`"};
  return c;
}

}  // namespace

Verdict surge_verdict(RunTime start) {
  Verdict v;
  v.status = Status::fail;
  v.findings.push_back(finding("scale_up todo", "todo scales up to 5 within 60s of surge", Status::pass, "in_time",
                               "5 pods were ready 47s after the surge began.",
                               {"47s", "60s", "13s (21.7 %)", 47, 60, "seconds"}, {start + 60s, start + 107s}));
  v.findings.push_back(finding("latency p99 scaling", "p99 latency is at most 1s while scaling", Status::fail,
                               "too_slow", "p99 was 1.2s over 18,800 requests, 200ms above the limit.",
                               {"1.2s", "1s", "-200ms (-20 %)", 1.200127, 1, "seconds"}, {start + 60s, start + 107s}));
  v.findings.back().causes = {slow_start()};
  v.findings.push_back(finding("scale_down todo", "todo scales down to 2, 5m to 7m after surge", Status::pass,
                               "in_time", "2 replicas were wanted 5m45s after the load fell.",
                               {"5m45s", "7m", "75s (17.9 %)", 345, 420, "seconds"}, {start + 240s, start + 586s}));
  v.findings.push_back(finding("dropped_requests all", "no request is dropped", Status::fail, "dropped",
                               "12 of 88,680 requests got no valid answer: 9 connection refused, 3 bad gateway.",
                               {"12", "0", "-12", 12, 0, "requests"}, {start, start + 720s}));
  v.findings.back().causes = {termination_race()};
  v.findings.push_back(finding("signal p95_server surge", "p95_server is at most 1s during surge", Status::inconclusive,
                               "no_samples", "Prometheus gave no value between +60s and +240s.",
                               {"", "1s", "", std::nullopt, 1, "seconds"}, {start + 60s, start + 240s}));
  v.health.push_back(finding("generator schedule", "requests are sent when they are due", Status::pass, "on_time",
                             "p99 of the schedule error was 180µs.",
                             {"180µs", "10ms", "9.82ms (98.2 %)", 0.00018, 0.01, "seconds"}, {start, start + 720s}));
  v.health.push_back(finding("watch metrics.k8s.io/pods", "metrics.k8s.io/pods is seen throughout",
                             Status::inconclusive, "watch_gap", "It was not seen for 12s from +400s.",
                             {"12s", "0s", "-12s", 12, 0, "seconds"}, {start + 400s, start + 412s}));
  v.causes = {termination_race(), slow_start()};
  return v;
}

}  // namespace surgeproof::reports
