// Flags to option structs: each function adds its commands to the program, and what to do when one is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "app/exit_code.h"

namespace surgeproof {

struct CommandLine {
  CLI::App app;
  std::function<ExitCode()> chosen;  ///< set by the callback of the command that stands on the command line

  /// A command whose options live as long as the program. `act` runs after parsing.
  template <class Options, class Act>
  Options& command(CLI::App& at, Act act) {
    auto options = std::make_shared<Options>();
    at.callback([this, options, act] {  // a nested command's callback comes first, and stands
      if (!chosen) chosen = [options, act] { return act(*options); };
    });
    return *options;
  }
};

void add_run_commands(CommandLine& line);      ///< run, check, analyze, report, compare
void add_cluster_commands(CommandLine& line);  ///< doctor, init, preflight, print-rbac, watch
void add_hpa_commands(CommandLine& line);      ///< explain, simulate, tune
void add_load_command(CommandLine& line);      ///< load
void add_demo_commands(CommandLine& line);     ///< demo, demo cluster
void add_shell_commands(CommandLine& line);    ///< completion, man

}  // namespace surgeproof
