#include <iostream>
#include <sstream>

#include "analyzers/compare/compare.h"
#include "app/commands/commands.h"
#include "app/complain.h"
#include "app/judged_run.h"
#include "app/run_directory/atomic_file.h"
#include "app/terminal.h"
#include "reports/compare_formats.h"

namespace surgeproof {
namespace {

void write(const CompareReport& report, const CompareCommandOptions& options, std::ostream& out) {
  const reports::ComparedRuns runs{options.baseline.string(), options.run.string()};
  if (options.format == "json") return reports::write_compare_json(report, runs, out);
  if (options.format == "markdown") return reports::write_compare_markdown(report, runs, out);
  const bool on_screen = options.out.empty();
  reports::write_compare_console(report, runs, out,
                                 {on_screen && wants_colour(), on_screen ? terminal_size().columns : 100});
}

}  // namespace

ExitCode compare_command(const CompareCommandOptions& options) {
  if (options.baseline.empty())
    return complain(ExitCode::usage, "compare needs two runs: surgeproof compare BASELINE RUN");
  const auto before = judge_recording(options.baseline);
  if (!before) return complain(ExitCode::usage, before.error());
  const auto after = judge_recording(options.run);
  if (!after) return complain(ExitCode::usage, after.error());
  CompareOptions how;
  how.tolerance = options.tolerance_percent / 100;
  const CompareReport report = compare_runs({before->run.loaded.scenario, before->run.timeline, before->verdict},
                                            {after->run.loaded.scenario, after->run.timeline, after->verdict}, how);
  std::ostringstream text;
  write(report, options, text);
  if (options.out.empty()) {
    std::cout << text.view() << std::flush;
    if (!std::cout) return complain(ExitCode::usage, "cannot write to standard output");
  } else if (const auto written = write_file_atomically(options.out, text.view()); !written) {
    return complain(ExitCode::usage, written.error());
  }
  return static_cast<ExitCode>(report.exit_code());
}

}  // namespace surgeproof
