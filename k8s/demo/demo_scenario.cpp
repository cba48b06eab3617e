#include "k8s/demo/demo_scenario.h"

#include <fmt/format.h>

#include <array>

#include "base/duration.h"

namespace surgeproof::demo {
namespace {

using namespace std::chrono_literals;
using std::string_view_literals::operator""sv;

// The surge costs 140/s × 5 ms = 700 millicores: 175 % of two requests of 200m, exactly 70 % of five. Afterwards
// 40/s cost 200 millicores: 50 % of two requests.
constexpr int kBaseline = 20;
constexpr int kSurge = 140;
constexpr int kCalm = 40;

struct Times {
  std::chrono::seconds baseline, surge, calm, scale_up, scale_down;
};

Times times_of(const DemoOptions& o) {
  const auto window = o.scaling.scale_down_window;
  if (o.is_realistic) return {60s, 180s, window + 150s, 100s, window + 90s};
  return {8s, 25s, window + 18s, 20s, window + 14s};
}

constexpr std::array kMaxReplicas{"max_replicas_too_low"sv};
constexpr std::array kSlowStart{"pods_start_slowly"sv};
constexpr std::array kNoPrestop{"termination_race"sv, "keep_alive_reset"sv};
constexpr std::array kPrematureReady{"premature_ready"sv};
constexpr std::array kNoMetrics{"metrics_unavailable"sv};
constexpr std::array kNoRequests{"cpu_request_missing"sv};
constexpr std::array kCrash{"container_crashed"sv};
constexpr std::array kSlow{"saturation"sv};

}  // namespace

std::string scenario_text(const DemoOptions& o, std::string_view target) {
  const Times t = times_of(o);
  const auto text = [](std::chrono::nanoseconds d) { return format_duration_exact(d); };
  const std::string name = o.broken == Break::none ? "demo" : fmt::format("demo, broken: {}", name_of(o.broken));
  return fmt::format(
      R"(name: "{name}"
target: {target}
cluster: {{context: surgeproof-demo, namespace: {ns}}}
watch:
  - hpa: {hpa}
connections: {{max: 512, max_age: 1s}}   # short-lived, so that traffic reaches new pods and leaves old ones
client: {{timeout: 10s, pod_header: X-Pod}}
requests:
  - {{name: list, weight: 9, get: /api/tasks}}
  - {{name: create, weight: 1, post: /api/tasks, json: {{title: "task {{{{sequence}}}}"}}, expect: {{status: 201}}}}
load:
  stages:
    - {{name: baseline, hold: {baseline}/s, for: {baseline_s}}}
    - {{name: surge, step: {surge}/s, for: {surge_s}}}
    - {{name: calm, step: {calm}/s, for: {calm_s}}}
criteria:
  - scale_up: {{to: {to}, within: {up}, from: surge}}
  - latency: {{p99: 500ms, during: scaling}}
  - error_rate: {{max: 0.1%, during: all}}
  - dropped_requests: 0
  - scale_down: {{to: {down_to}, not_before: {not_before}, within: {down}, from: calm}}
)",
      fmt::arg("name", name), fmt::arg("target", target), fmt::arg("ns", o.ns), fmt::arg("hpa", o.name),
      fmt::arg("baseline", kBaseline), fmt::arg("surge", kSurge), fmt::arg("calm", kCalm),
      fmt::arg("baseline_s", text(t.baseline)), fmt::arg("surge_s", text(t.surge)), fmt::arg("calm_s", text(t.calm)),
      fmt::arg("to", o.scaling.wanted_replicas), fmt::arg("up", text(t.scale_up)),
      fmt::arg("down_to", o.scaling.min_replicas), fmt::arg("not_before", text(o.scaling.scale_down_window)),
      fmt::arg("down", text(t.scale_down)));
}

Expectation expectation_for(Break b) {
  switch (b) {
    case Break::none:
      return {};
    case Break::max_replicas:
      return {1, kMaxReplicas};
    case Break::slow_start:
      return {1, kSlowStart};
    case Break::no_prestop:
      return {1, kNoPrestop};
    case Break::premature_ready:
      return {1, kPrematureReady};
    case Break::no_metrics:
      return {1, kNoMetrics};
    case Break::no_requests:
      return {1, kNoRequests};
    case Break::crash:
      return {1, kCrash};
    case Break::slow:
      return {1, kSlow};
  }
  return {};
}

}  // namespace surgeproof::demo
