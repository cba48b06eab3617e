#include <iostream>

#include "app/commands/commands.h"
#include "app/complain.h"
#include "app/judged_run.h"
#include "app/run/outputs.h"

namespace surgeproof {

ExitCode analyze_command(const AnalyzeOptions& options) {
  const bool by_others = !options.scenario.path.empty();
  const auto report = judge_run_directory(options.run, by_others ? &options.scenario : nullptr);
  if (!report) return complain(ExitCode::usage, report.error());
  // The run directory keeps the verdict of its own criteria.
  if (options.write && !by_others) {
    for (const auto& error : write_outputs(*report, options.run)) std::cerr << "surgeproof: " << error << '\n';
  }
  print_report(*report, options.run, options.print);
  return static_cast<ExitCode>(report->exit_code);
}

}  // namespace surgeproof
