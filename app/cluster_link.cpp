#include "app/cluster_link.h"

#include <fmt/format.h>

#include <iostream>

#include "app/complain.h"

namespace surgeproof {

k8s::ClusterChoice cluster_choice(const Scenario& scenario, const k8s::ClusterChoice& flags) {
  k8s::ClusterChoice choice{scenario.cluster.kubeconfig, scenario.cluster.context, scenario.cluster.ns};
  if (!flags.kubeconfig.empty()) choice.kubeconfig = flags.kubeconfig;
  if (!flags.context.empty()) choice.context = flags.context;
  if (!flags.ns.empty()) choice.ns = flags.ns;
  return choice;
}

std::expected<k8s::ClusterConfig, ExitCode> find_cluster(const k8s::ClusterChoice& choice) {
  std::vector<std::string> warnings;
  auto config = k8s::find_cluster_config(choice, k8s::process_surroundings(), &warnings);
  for (const auto& w : warnings) std::cerr << "surgeproof: warning: " << w << '\n';
  if (!config) return std::unexpected{complain(ExitCode::usage, format_diagnostic(config.error()))};
  return *std::move(config);
}

std::expected<ClusterLink, ExitCode> reach_cluster(const k8s::ClusterChoice& choice) {
  auto config = find_cluster(choice);
  if (!config) return std::unexpected{config.error()};
  auto client = k8s::ApiClient::connect(*config);
  const bool refused = client && !client->version() && client->version().error().status == 401;
  if (!client || refused) {
    const auto& failure = client ? client->version().error() : client.error();
    const auto error = k8s::watch_error(failure, config->server, config->origin);
    return std::unexpected{
        complain(exit_code_of(error), fmt::format("{} ({})", error.message, config->origin), error.hint)};
  }
  return ClusterLink{*std::move(config), *std::move(client)};
}

ExitCode exit_code_of(const k8s::WatchError& error) {
  using Kind = k8s::WatchError::Kind;
  const bool ours =
      error.kind == Kind::configuration || error.kind == Kind::hpa_not_found || error.kind == Kind::service_not_found;
  return ours ? ExitCode::usage : ExitCode::unreachable;
}

std::string namespace_of(const WatchTarget& target, const k8s::ClusterChoice& choice,
                         const k8s::ClusterConfig& config) {
  if (!target.ns.empty()) return target.ns;
  if (!choice.ns.empty()) return choice.ns;
  return config.ns.empty() ? "default" : config.ns;
}

}  // namespace surgeproof
