// One function a command; each prints its result and says how the process ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "app/exit_code.h"
#include "app/load/load_options.h"
#include "app/run/session.h"
#include "app/scenario_file.h"

namespace surgeproof {

struct RunOptions {
  ScenarioOptions scenario;
  SessionOptions session;
  bool preflight = false;  ///< send nothing when something will make the run fail
};
/// surgeproof run SCENARIO: load + watch + judge + report.
ExitCode run_command(const RunOptions& options);

/// surgeproof load URL: the generator alone, from the command line.
ExitCode load_command(const LoadOptions& options);

struct AnalyzeOptions {
  std::filesystem::path run;
  bool write = true;  ///< the report files too
  std::string print = "console";
  ScenarioOptions scenario;  ///< whose criteria; without a path the recording's own
};
/// surgeproof analyze RUN: the verdict again, from the run directory alone.
ExitCode analyze_command(const AnalyzeOptions& options);

struct ReportOptions {
  std::string run;              ///< run directory; when serving, [ADDRESS]:PORT to listen on, empty for any on loopback
  std::filesystem::path serve;  ///< directory of runs to list and serve instead; empty: none
  std::string format = "console";
  std::filesystem::path out;  ///< empty: standard output
};
/// surgeproof report RUN: one format of a past run's report. With --serve DIR: pages of all runs there, until Ctrl-C.
ExitCode report_command(const ReportOptions& options);

struct CompareCommandOptions {
  std::filesystem::path baseline;
  std::filesystem::path run;
  std::filesystem::path baseline_option;  ///< of the command line; only until the two above are set
  double tolerance_percent = 10;          ///< the least change that matters
  std::string format = "console";         ///< or "json", "markdown"
  std::filesystem::path out;              ///< empty: standard output
};
/// surgeproof compare BASELINE RUN: did it get worse? 0 no, 1 yes, 4 cannot say.
ExitCode compare_command(const CompareCommandOptions& options);

struct DemoCommandOptions {
  std::string break_what;  ///< empty: a healthy service
  bool realistic = false;  ///< Kubernetes' own time constants
  std::uint16_t api_port = 0;
  std::uint16_t service_port = 0;
  std::filesystem::path kubeconfig;  ///< where to write it; empty: a temporary file
  SessionOptions session;
};
/// surgeproof demo: the main job against the embedded cluster.
ExitCode demo_command(const DemoCommandOptions& options);
/// surgeproof demo cluster: only the cluster, until Ctrl-C.
ExitCode demo_cluster_command(const DemoCommandOptions& options);

}  // namespace surgeproof
