#include <iostream>

#include "app/commands/commands.h"
#include "app/judged_run.h"
#include "app/run/outputs.h"

namespace surgeproof {

ExitCode analyze_command(const AnalyzeOptions& options) {
  const auto report = judge_run_directory(options.run);
  if (!report) {
    std::cerr << "surgeproof: " << report.error() << '\n';
    return ExitCode::usage;
  }
  if (options.write) {
    for (const auto& error : write_outputs(*report, options.run)) std::cerr << "surgeproof: " << error << '\n';
  }
  print_report(*report, options.run, "console");
  return static_cast<ExitCode>(report->exit_code);
}

}  // namespace surgeproof
