#include "app/preflight_check.h"

#include <algorithm>
#include <iterator>

#include "analyzers/preflight/preflight.h"
#include "app/cluster_link.h"
#include "app/complain.h"

namespace surgeproof {

std::expected<reports::CheckList, ExitCode> preflight_check(const LoadedScenario& loaded,
                                                            const k8s::ClusterChoice& cluster,
                                                            const whatif::ControlLoopFlags& flags) {
  const auto choice = cluster_choice(loaded.scenario, cluster);
  auto link = reach_cluster(choice);
  if (!link) return std::unexpected(link.error());
  Checks checks;
  for (const auto& target : loaded.scenario.watch) {
    auto seen = k8s::read_workload(link->get(), namespace_of(target, choice, link->config), target.hpa);
    if (!seen) {
      const auto error = k8s::watch_error(seen.error(), link->config.server, link->config.origin);
      return std::unexpected(complain(exit_code_of(error), error.message, error.hint));
    }
    seen->server_now = link->client.server_clock();
    std::ranges::move(preflight(loaded.scenario, *seen, flags), std::back_inserter(checks));
  }
  return reports::CheckList{"preflight", loaded.path, preflight_headline(checks), preflight_exit_code(checks),
                            std::move(checks)};
}

}  // namespace surgeproof
