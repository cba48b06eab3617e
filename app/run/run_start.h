// What every recording begins with.
#pragma once

#include <filesystem>

#include "app/scenario_file.h"
#include "base/run_info.h"
#include "base/run_time.h"
#include "k8s/watcher.h"

namespace surgeproof {

/// runs/<time>-<scenario>, with a number behind it when another run began within the same second.
std::filesystem::path default_directory(const Scenario& scenario, WallTime now);

/// The scenario, this program and this host.
RunInfo run_info(const LoadedScenario& loaded, WallTime started);

/// Which cluster it was.
void add_facts(const k8s::ClusterFacts& facts, RunInfo& info);

}  // namespace surgeproof
