#include "app/checks_output.h"

#include <iostream>

#include "app/terminal.h"

namespace surgeproof {

ExitCode print_checks(const reports::CheckList& list, CheckFormat format) {
  if (format == CheckFormat::json) {
    reports::write_checks_json(list, std::cout);
  } else {
    reports::write_checks(list, std::cout, {wants_colour(), terminal_size().columns});
  }
  std::cout << std::flush;
  if (std::cout) return static_cast<ExitCode>(list.exit_code);
  std::cerr << "surgeproof: cannot write to standard output\n";
  return ExitCode::usage;
}

}  // namespace surgeproof
