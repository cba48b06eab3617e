#include <fmt/format.h>

#include <iostream>

#include "analyzers/preflight/preflight.h"
#include "app/checks_output.h"
#include "app/cluster_link.h"
#include "app/commands/cluster_commands.h"

namespace surgeproof {

ExitCode preflight_command(const PreflightOptions& o) {
  const auto loaded = load_scenario(o.scenario, std::cerr);
  if (!loaded) return ExitCode::usage;
  const auto& scenario = loaded->scenario;
  if (scenario.watch.empty()) {
    std::cerr << "surgeproof: " << loaded->path
              << " watches no HPA: there is nothing to look at; add watch: {hpa: …}\n";
    return ExitCode::usage;
  }
  const auto choice = cluster_choice(scenario, o.cluster);
  auto link = reach_cluster(choice);
  if (!link) return link.error();
  Checks checks;
  for (const auto& target : scenario.watch) {
    auto seen = k8s::read_workload(link->get(), namespace_of(target, choice, link->config), target.hpa);
    if (!seen) {
      const auto error = k8s::watch_error(seen.error(), link->config.server, link->config.origin);
      std::cerr << "surgeproof: " << error.message << "; " << error.hint << '\n';
      return exit_code_of(error);
    }
    seen->server_now = link->client.server_clock();
    std::ranges::move(preflight(scenario, *seen), std::back_inserter(checks));
  }
  reports::CheckList list{"preflight", loaded->path, preflight_headline(checks), preflight_exit_code(checks),
                          std::move(checks)};
  return print_checks(list, o.format);
}

}  // namespace surgeproof
