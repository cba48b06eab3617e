#include <iostream>
#include <sstream>

#include "app/commands/commands.h"
#include "app/judged_run.h"
#include "app/run_directory/atomic_file.h"
#include "app/terminal.h"
#include "reports/formats.h"

namespace surgeproof {
namespace {

ExitCode complain(std::string_view message) {
  std::cerr << "surgeproof: " << message << '\n';
  return ExitCode::usage;
}

std::string format_names() {
  std::string names;
  for (const auto& f : reports::formats()) names += (names.empty() ? "" : ", ") + std::string{f.name};
  return names;
}

}  // namespace

ExitCode report_command(const ReportOptions& options) {
  const auto* format = reports::find_format(options.format);
  if (format == nullptr) {
    return complain(fmt::format("unknown format \"{}\"; there are {}", options.format, format_names()));
  }
  const auto report = judge_run_directory(options.run);
  if (!report) return complain(report.error());
  std::ostringstream text;
  if (format->name == "console" && options.out.empty()) {
    reports::write_console(*report, text, {wants_colour(), terminal_size().columns});
  } else {
    format->write(*report, text);
  }
  if (options.out.empty()) {
    std::cout << text.view() << std::flush;
    return std::cout ? ExitCode::pass : complain("cannot write to standard output");
  }
  if (const auto written = write_file_atomically(options.out, text.view()); !written) return complain(written.error());
  return ExitCode::pass;
}

}  // namespace surgeproof
