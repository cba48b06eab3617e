#include "app/run/outputs.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "app/run_directory/atomic_file.h"
#include "app/terminal.h"
#include "reports/formats.h"

namespace surgeproof {

std::vector<std::string> write_outputs(const reports::Report& report, const std::filesystem::path& directory) {
  std::vector<std::string> errors;
  for (const auto& format : reports::formats()) {
    if (format.file_name.empty()) continue;
    std::ostringstream text;
    format.write(report, text);
    if (const auto written = write_file_atomically(directory / format.file_name, text.view()); !written) {
      errors.push_back(written.error());
    }
  }
  return errors;
}

void print_report(const reports::Report& report, const std::filesystem::path& directory, std::string_view format) {
  if (const auto* other = reports::find_format(format); other != nullptr && format != "console") {
    other->write(report, std::cout);
    std::cout << std::flush;
    return;
  }
  reports::ConsoleOptions options;
  options.colour = wants_colour();
  options.width = std::clamp(terminal_size().columns, 60, 140);
  reports::write_console(report, std::cout, options);
  std::error_code ignored;
  const auto html = directory / "report.html";
  std::cout << "\nReport     " << (std::filesystem::exists(html, ignored) ? html.string() : "could not be written")
            << "\nRecording  " << directory.string() << "  (surgeproof analyze judges it again)\n"
            << std::flush;
}

}  // namespace surgeproof
