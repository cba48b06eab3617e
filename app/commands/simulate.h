// surgeproof simulate, surgeproof tune: what would have happened with other settings, and which would have done.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/whatif_source.h"

namespace surgeproof {

struct SimulateOptions {
  WhatIfChoice choice;
  std::filesystem::path html;  ///< where to write a page with a picture; empty: nowhere
  bool json = false;
  int repeat = 1;  ///< simulate so often and say how long one took
};
ExitCode simulate_command(const SimulateOptions& options);

struct TuneOptions {
  std::vector<std::string> runs;  ///< recordings that all must be met
  WhatIfChoice choice;            ///< hpa, flags and settings
  std::size_t candidates = 10'000;
  std::filesystem::path patch;  ///< where to write the patch; empty: only to standard output
  bool json = false;
};
ExitCode tune_command(const TuneOptions& options);

}  // namespace surgeproof
