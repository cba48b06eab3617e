// From what the user said about the cluster to a client that has been answered.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "k8s/api_client.h"
#include "k8s/cluster_config.h"
#include "k8s/workload/read_workload.h"
#include "scenarios/scenario.h"

namespace surgeproof {

struct ClusterLink {
  k8s::ClusterConfig config;
  k8s::ApiClient client;

  /// GET through this client, which must outlive it.
  [[nodiscard]] k8s::ApiGet get() {
    return [this](const std::string& path) { return client.get(path); };
  }
};

/// What the command line says, above what the scenario says.
k8s::ClusterChoice cluster_choice(const Scenario& scenario, const k8s::ClusterChoice& flags);

/// Finds the configuration. Prints warnings, and what is wrong, to standard error; then the value is how to exit.
std::expected<k8s::ClusterConfig, ExitCode> find_cluster(const k8s::ClusterChoice& choice);

/// Finds the configuration and asks for the version. Prints warnings, and what is wrong, to standard error; then the
/// value is how to exit.
std::expected<ClusterLink, ExitCode> reach_cluster(const k8s::ClusterChoice& choice);

/// How the process ends after such an error.
ExitCode exit_code_of(const k8s::WatchError& error);

/// The namespace of a watched HPA: its own, the choice's, or the configuration's.
std::string namespace_of(const WatchTarget& target, const k8s::ClusterChoice& choice, const k8s::ClusterConfig& config);

}  // namespace surgeproof
