// What every recording begins with.
#pragma once

#include <filesystem>

#include "app/exit_code.h"
#include "app/scenario_file.h"
#include "base/run_info.h"
#include "base/run_time.h"
#include "k8s/watcher.h"

namespace surgeproof {

/// runs/<time>-<scenario>, with a number behind it when another run began within the same second.
std::filesystem::path default_directory(const Scenario& scenario, WallTime now);

/// The scenario, this program and this host.
RunInfo run_info(const LoadedScenario& loaded, WallTime started);

/// Waits until everything that is needed was seen once, at most half a minute, and adds which cluster it was to `info`.
/// What goes wrong, an interruption included, is printed with `origin` (of the configuration), and how to exit
/// returned.
ExitCode see_cluster(k8s::Watcher& watcher, const std::string& origin, RunInfo& info);

/// Which cluster it was.
void add_facts(const k8s::ClusterFacts& facts, RunInfo& info);

}  // namespace surgeproof
