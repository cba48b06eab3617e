// A run without load: watch -> recording -> report, and meanwhile a screen, or a line for whatever happens.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/run/live_console.h"
#include "k8s/cluster_config.h"
#include "k8s/watcher.h"

namespace surgeproof {

struct WatchCommandOptions {
  std::vector<std::string> hpas;  ///< "NAME" or "NAMESPACE/NAME"
  k8s::ClusterChoice cluster;
  std::optional<std::chrono::nanoseconds> length;  ///< empty: until interrupted
  std::filesystem::path out;                       ///< run directory; empty: runs/<time>-watch-<hpa>
  View view = View::automatic;                     ///< a screen on a terminal, lines elsewhere; quiet: only the report
  std::string prometheus;                          ///< URL; empty: PROMETHEUS_URL
  std::vector<std::string> signals;                ///< "NAME=QUERY"
  std::vector<std::string> absent;                 ///< texts that the watched pods' logs may not hold: a criterion
  std::vector<std::string> present;                ///< texts that they must hold, each in some line
  k8s::WatchOptions watch;
};

/// surgeproof watch: no load; a live and recorded timeline.
ExitCode watch_command(const WatchCommandOptions& options);

}  // namespace surgeproof
