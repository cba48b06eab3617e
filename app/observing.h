// From a scenario to what is asked of a Prometheus server and of pods' logs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "base/records.h"
#include "k8s/log_watch.h"
#include "k8s/signal_poller.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// `prometheus:` as a server to connect to; `signals:` as questions.
k8s::ClusterConfig prometheus_server(const Scenario& scenario);
std::vector<k8s::SignalRequest> signal_requests(const Scenario& scenario);

/// What the log criteria look for. `default_ns` is where pods are when neither the criterion nor a watched HPA tells.
std::vector<k8s::LogRequest> log_requests(const Scenario& scenario, const std::string& default_ns);

/// Begins to ask for the signals; nothing to do without any. A server out of reach is a warning on standard error: what
/// depends on it becomes inconclusive. Anything but ExitCode::pass is printed: a wrong query, or no server named.
ExitCode start_signals(const Scenario& scenario, ClockAnchor anchor, RecordSink sink,
                       std::optional<k8s::SignalPoller>& poller);

}  // namespace surgeproof
