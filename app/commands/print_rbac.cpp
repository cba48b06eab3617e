#include <iostream>

#include "app/access_needs.h"
#include "app/cluster_link.h"
#include "app/commands/cluster_commands.h"
#include "k8s/access/manifest.h"

namespace surgeproof {

ExitCode print_rbac_command(const PrintRbacOptions& o) {
  const auto loaded = load_scenario(o.scenario, std::cerr);
  if (!loaded) return ExitCode::usage;
  const auto choice = cluster_choice(loaded->scenario, o.cluster);
  std::optional<ClusterLink> link;
  if (o.live) {
    auto reached = reach_cluster(choice);
    if (!reached) return reached.error();
    link.emplace(*std::move(reached));
  }
  std::string ns = choice.ns;
  if (ns.empty()) {  // only the context knows; without one it is kubectl's default
    const auto config = k8s::find_cluster_config(choice);
    ns = config && !config->ns.empty() ? config->ns : "default";
  }
  auto needs = access_needs(loaded->scenario, ns);
  needs.nodes = o.nodes;
  needs.preflight = o.preflight;
  if (link) {
    for (const auto& words : look_up(needs, link->get())) {
      std::cerr << "surgeproof: warning: " << words << "; every built-in kind of target is assumed\n";
    }
  }
  if (k8s::permissions_for(needs).empty()) {
    std::cout << "# " << loaded->path << " watches nothing in the cluster: it needs no right at all.\n";
  } else {
    std::cout << k8s::rbac_manifest(needs, {o.name, o.account_ns, loaded->path});
  }
  std::cout << std::flush;
  if (std::cout) return ExitCode::pass;
  std::cerr << "surgeproof: cannot write to standard output\n";
  return ExitCode::usage;
}

}  // namespace surgeproof
