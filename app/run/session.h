// One run: load + watch -> recording -> verdict -> report.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/run/audience.h"
#include "app/run/live_console.h"
#include "app/scenario_file.h"
#include "k8s/cluster_config.h"
#include "k8s/watcher.h"

namespace surgeproof {

struct SessionOptions {
  std::filesystem::path out;  ///< run directory; empty: runs/<time>-<scenario>
  View view = View::automatic;
  std::string print = "console";   ///< format of what standard output gets at the end
  k8s::ClusterChoice cluster;      ///< what the command line says; above what the scenario says
  k8s::WatchOptions watch;         ///< intervals
  AudienceOptions audience;        ///< who else hears of it
  bool actions = true;             ///< carry the scenario's actions out; false: leave them out, and say so
  std::vector<std::string> notes;  ///< go into the report
};

/// Runs the scenario and writes and prints the report. Prints what goes wrong to standard error.
ExitCode run_session(const LoadedScenario& loaded, const SessionOptions& options);

}  // namespace surgeproof
