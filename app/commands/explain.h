// surgeproof explain: why does the autoscaler do what it does?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/hpa_flags.h"
#include "k8s/cluster_config.h"

namespace surgeproof {

struct ExplainOptions {
  std::string cases;               ///< a file of cases, "-" for standard input: answers only
  std::vector<std::string> files;  ///< objects as `kubectl get -o json` prints them; "-" for standard input
  std::filesystem::path run;       ///< a run directory …
  std::string at;                  ///< … and the instant in it: "14:03:15", "+95s", an RFC 3339 time; empty: all
  std::string hpa;                 ///< name; empty: the only one
  k8s::ClusterChoice cluster;      ///< the live cluster, when neither files nor a run are given
  std::string now;                 ///< RFC 3339, for files
  bool json = false;
  HpaFlags flags;
};

ExitCode explain_command(const ExplainOptions& options);

/// The answers to a file of cases, one line each, as they are read. A malformed line is said and costs exit code 2, but
/// not the answers to the others.
ExitCode answer_cases(const std::string& file);

/// Of a run directory: one sync, or without an instant the log of all decisions.
ExitCode explain_run(const ExplainOptions& options, const hpa::Settings& settings);

}  // namespace surgeproof
