// The commands that look at a cluster and send no load.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/hpa_flags.h"
#include "app/scenario_file.h"
#include "k8s/cluster_config.h"

namespace surgeproof {

struct PrintRbacOptions {
  ScenarioOptions scenario;
  k8s::ClusterChoice cluster;
  bool live = false;       ///< look the HPAs up
  bool nodes = false;      ///< a ClusterRole for nodes too
  bool preflight = false;  ///< what preflight reads besides
  std::string name = "surgeproof";
  std::string account_ns;  ///< of the ServiceAccount; empty: the first watched HPA's
};
/// surgeproof print-rbac SCENARIO: the least Roles it needs, as YAML.
ExitCode print_rbac_command(const PrintRbacOptions& options);

enum class CheckFormat : std::uint8_t { text, json };

struct PreflightOptions {
  ScenarioOptions scenario;
  k8s::ClusterChoice cluster;
  HpaFlags flags;
  CheckFormat format = CheckFormat::text;
};
/// surgeproof preflight SCENARIO: can this pass at all? Sends no load.
ExitCode preflight_command(const PreflightOptions& options);

struct InitOptions {
  std::string hpa;
  std::string url;  ///< the scenario's target
  k8s::ClusterChoice cluster;
  double rate_per_pod = 0;    ///< requests a second of one pod at the HPA's target; 0: not known
  double rate_now = 0;        ///< requests a second of the whole service now; 0: not known
  std::string prometheus;     ///< URL; empty: not asked
  std::string rate_query;     ///< PromQL; its samples add up to the rate of now
  std::filesystem::path out;  ///< empty: standard output
  bool force = false;         ///< writes over a file that is there
};
/// surgeproof init: a scenario from what stands in the cluster.
ExitCode init_command(const InitOptions& options);

struct DoctorOptions {
  ScenarioOptions scenario;  ///< path empty: the cluster and this machine only
  k8s::ClusterChoice cluster;
  CheckFormat format = CheckFormat::text;
};
/// surgeproof doctor [SCENARIO]: what can be reached and read from here.
ExitCode doctor_command(const DoctorOptions& options);

}  // namespace surgeproof
