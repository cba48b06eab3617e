#include <iostream>
#include <sstream>
#include <thread>

#include "app/commands/commands.h"
#include "app/complain.h"
#include "app/interrupt.h"
#include "app/judged_run.h"
#include "app/past_runs/run_browser.h"
#include "app/run_directory/atomic_file.h"
#include "app/terminal.h"
#include "reports/formats.h"

namespace surgeproof {
namespace {

std::string format_names() {
  std::string names;
  for (const auto& f : reports::formats()) names += (names.empty() ? "" : ", ") + std::string{f.name};
  return names;
}

ExitCode serve(const ReportOptions& options) {
  ListenAddress at;
  if (!options.run.empty()) {
    const auto given = parse_listen_address(options.run);
    if (!given) return complain(ExitCode::usage, given.error());
    at = *given;
  }
  auto files = RunFiles::open(options.serve);
  if (!files) return complain(ExitCode::usage, files.error());
  const InterruptGuard guard;
  auto browser = std::make_shared<RunBrowser>(std::move(*files), options.serve.string());
  const auto server = LiveServer::start(at, [browser](const std::string& path) { return browser->page(path); });
  if (!server) return complain(ExitCode::usage, server.error());
  std::cout << "Past runs of " << options.serve.string() << " are at " << server->url() << "  (Ctrl-C ends this)"
            << std::endl;
  while (InterruptGuard::count() == 0) std::this_thread::sleep_for(std::chrono::milliseconds{100});
  return ExitCode::pass;
}

}  // namespace

ExitCode report_command(const ReportOptions& options) {
  if (!options.serve.empty()) return serve(options);
  if (options.run.empty()) {
    return complain(ExitCode::usage,
                    "report needs a run directory (surgeproof report runs/…), or --serve DIR to list all of them");
  }
  const auto* format = reports::find_format(options.format);
  if (format == nullptr) {
    return complain(ExitCode::usage,
                    fmt::format("unknown format \"{}\"; there are {}", options.format, format_names()));
  }
  const auto report = judge_run_directory(options.run);
  if (!report) return complain(ExitCode::usage, report.error());
  std::ostringstream text;
  if (format->name == "console" && options.out.empty()) {
    reports::write_console(*report, text, {wants_colour(), terminal_size().columns});
  } else {
    format->write(*report, text);
  }
  if (options.out.empty()) {
    std::cout << text.view() << std::flush;
    return std::cout ? ExitCode::pass : complain(ExitCode::usage, "cannot write to standard output");
  }
  if (const auto written = write_file_atomically(options.out, text.view()); !written)
    return complain(ExitCode::usage, written.error());
  return ExitCode::pass;
}

}  // namespace surgeproof
