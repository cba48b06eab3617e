#include <iostream>

#include "app/checks_output.h"
#include "app/commands/cluster_commands.h"
#include "app/complain.h"
#include "app/preflight_check.h"

namespace surgeproof {

ExitCode preflight_command(const PreflightOptions& o) {
  const auto loaded = load_scenario(o.scenario, std::cerr);
  if (!loaded) return ExitCode::usage;
  const auto flags = loop_flags_of(o.flags);
  if (!flags) return complain(ExitCode::usage, flags.error());
  if (loaded->scenario.watch.empty() && loaded->scenario.signals.empty()) {
    return complain(ExitCode::usage, loaded->path + " watches no HPA and no signals: there is nothing to look at",
                    "add watch: {hpa: …}");
  }
  const auto list = preflight_check(*loaded, o.cluster, *flags);
  return list ? print_checks(*list, o.format) : list.error();
}

}  // namespace surgeproof
