// Flags that several commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "app/hpa_flags.h"
#include "app/run/session.h"
#include "app/scenario_file.h"
#include "k8s/cluster_config.h"

namespace surgeproof {

void add_scenario_flags(CLI::App& command, ScenarioOptions& options);
void add_session_flags(CLI::App& command, SessionOptions& options);
/// One of the report's formats.
CLI::Option* add_format_flag(CLI::App& command, const std::string& names, std::string& format,
                             const std::string& description);
/// --live, --linger, --push-gateway, --metrics-file, --notify, --report-url.
void add_audience_flags(CLI::App& command, AudienceOptions& options);
/// --kubeconfig, --context, --namespace.
void add_cluster_flags(CLI::App& command, k8s::ClusterChoice& choice);
/// --kubernetes, --tolerance, … of the controller.
void add_hpa_flags(CLI::App& command, HpaFlags& flags);
/// --sync-period besides: where a time is worked out.
void add_control_loop_flags(CLI::App& command, HpaFlags& flags);
/// An option whose value is a duration ("5s") of at least `least`; `take` keeps it.
CLI::Option* add_duration_option(CLI::App& command, const std::string& name, std::chrono::nanoseconds least,
                                 std::function<void(std::chrono::nanoseconds)> take, const std::string& description);

}  // namespace surgeproof
