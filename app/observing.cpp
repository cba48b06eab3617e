#include "app/observing.h"

#include <iostream>

#include "app/complain.h"
#include "scenarios/observations.h"

namespace surgeproof {

k8s::ClusterConfig prometheus_server(const Scenario& scenario) {
  const PrometheusOptions& from = scenario.prometheus;
  k8s::ClusterConfig server;
  server.server = from.url;
  server.origin = "prometheus.url";
  server.token = k8s::Secret(from.token);
  server.tls_verify = !from.tls.insecure;
  server.tls_server_name = from.tls.server_name;
  server.ca_file = from.tls.ca_file;
  server.client_certificate_file = from.tls.cert_file;
  server.client_key_file = from.tls.key_file.empty() ? from.tls.cert_file : from.tls.key_file;
  for (const auto& [name, value] : from.headers) server.headers.emplace_back(name, k8s::Secret(value));
  return server;
}

std::vector<k8s::SignalRequest> signal_requests(const Scenario& scenario) {
  std::vector<k8s::SignalRequest> requests;
  for (const Signal& s : scenario.signals) requests.push_back({s.name, s.query, s.every});
  return requests;
}

std::vector<k8s::LogRequest> log_requests(const Scenario& scenario, const std::string& default_ns) {
  std::vector<k8s::LogRequest> requests;
  for (const WantedLogs& wanted : wanted_logs(scenario)) {
    k8s::LogRequest request;
    request.ns = wanted.scope.ns.empty() && scenario.watch.empty() ? default_ns : wanted.scope.ns;
    request.selector = wanted.scope.pods;
    for (const LogText& text : wanted.texts) request.patterns.emplace_back(text.text, text.shown, text.secret);
    requests.push_back(std::move(request));
  }
  return requests;
}

ExitCode start_signals(const Scenario& scenario, ClockAnchor anchor, RecordSink sink,
                       std::optional<k8s::SignalPoller>& poller) {
  if (scenario.signals.empty()) return ExitCode::pass;
  if (scenario.prometheus.url.empty()) {
    return complain(ExitCode::usage, "signals: it is not said which Prometheus knows them",
                    "add prometheus: {url: http://…:9090}, or set PROMETHEUS_URL");
  }
  poller.emplace(prometheus_server(scenario), signal_requests(scenario), anchor, std::move(sink));
  if (const auto asked = poller->check(); !asked) {
    const auto& error = asked.error();
    if (error.kind == k8s::WatchError::Kind::configuration) return complain(ExitCode::usage, error.message, error.hint);
    std::cerr << "surgeproof: warning: " << error.message << "; " << error.hint
              << " (until it answers, what depends on it is inconclusive)\n";
  }
  poller->start();
  return ExitCode::pass;
}

}  // namespace surgeproof
