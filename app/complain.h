// What went wrong, on standard error, and how the process ends for it.
#pragma once

#include <iostream>
#include <string_view>

#include "app/exit_code.h"

namespace surgeproof {

/// "surgeproof: MESSAGE; HINT"; returns `code`, so that a command may end with it.
inline ExitCode complain(ExitCode code, std::string_view message, std::string_view hint = {}) {
  std::cerr << "surgeproof: " << message;
  if (!hint.empty()) std::cerr << "; " << hint;
  std::cerr << '\n';
  return code;
}

}  // namespace surgeproof
