// Short ways to parse and to look at what came out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/parse.h"

namespace surgeproof {

inline ParseOptions with_environment(std::map<std::string, std::string> variables) {
  ParseOptions options;
  options.environment = [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string{name});
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  return options;
}

/// The diagnostics, one line each, without the file's name; none for a good scenario.
inline std::vector<std::string> complaints(std::string_view text, const ParseOptions& options = {}) {
  std::vector<std::string> lines;
  const auto scenario = parse_scenario(text, "f.yaml", options);
  if (scenario) return lines;
  for (const auto& d : scenario.error()) {
    auto line = format_diagnostic(d);
    lines.push_back(line.substr(std::string_view{"f.yaml:"}.size()));
  }
  return lines;
}

inline const char* const kMinimal = R"(target: https://todo.example.com
watch: {namespace: todo, hpa: backend}
load:
  - {ramp: 400/s, over: 30s}
  - {hold: 400/s, for: 2m}
  - {hold: 20/s, for: 8m}
criteria:
  - scale_up: {to: 5, within: 60s}
  - latency: {p99: 1s, during: scaling}
  - scale_down: {to: 2, not_before: 5m, within: 7m}
  - dropped_requests: 0
)";

inline const char* const kFull = R"(# yaml-language-server: $schema=./schema.json
name: todo, Tuesday peak
target: ${TARGET:-http://127.0.0.1:8080}     # environment, with a default
cluster: {context: aks-prod, namespace: todo} # default: the current context
watch:
  - hpa: backend
    container: app                            # a sidecar's CPU is shown apart
  - hpa: frontend
signals:                                      # anything else worth a lane or a criterion
  p95_server: {prometheus: 'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[1m])) by (le))', every: 15s}
connections: {max: 256, max_age: 30s, re_resolve: 10s, reuse: true}
client: {timeout: 10s, http: auto, tls: {ca_file: ca.pem}, headers: {Authorization: "Bearer ${TOKEN}"}}
requests:
  - {name: list, weight: 9, get: /api/tasks}
  - name: create
    weight: 1
    post: /api/tasks
    json: {title: "task {{sequence}}"}
    expect: {status: 201, within: 1s}
  - name: recurring task creates its successor
    weight: 0.1
    steps:
      - {post: /api/tasks, json: {title: "r {{uuid}}", recurrence: daily}, capture: {id: $.id}}
      - {put: "/api/tasks/{{id}}/complete"}
      - {get: "/api/tasks?parent={{id}}", until: {count: {$: 1}}, within: 5s}
load:
  arrivals: poisson                           # or uniform, the default
  stages:
    - {name: baseline, hold: 20/s, for: 1m}
    - {name: surge, step: 400/s, for: 3m}
    - {name: calm, ramp: 20/s, over: 30s}
    - {name: after, hold: 20/s, for: 8m}
actions:
  - {at: surge + 60s, restart: deployment/backend}
  - {at: surge + 90s, delete_pod: {hpa: backend, pick: oldest}}
criteria:
  - scale_up: {hpa: backend, to: 5, within: 60s, from: surge}
  - latency: {p99: 1s, during: scaling}
  - latency: {p95: 3s, request: page}
  - error_rate: {max: 0.1%, during: all}
  - dropped_requests: 0
  - scale_down: {hpa: backend, to: 2, not_before: 5m, within: 7m, from: after}
  - replicas: {hpa: frontend, max_changes: 4}              # no flapping
  - logs: {pods: "app=backend", absent: ["ERROR", "password="]}
  - eventually: {signal: errors_total, above: 0, within: 30s, after: action provoke}
  - signal: {p95_server: {max: 1s}, during: surge}
)";

}  // namespace surgeproof
