// Reads a run directory back, also one that was cut off at any byte.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "base/records.h"
#include "base/run_info.h"

namespace surgeproof {

struct Recording {
  RunInfo info;  ///< with a note for everything that could not be read
  std::string scenario_text;
  std::vector<Record> records;
  RunTime end{};          ///< its end mark; of one that was cut off, the instant up to which all files tell
  bool complete = false;  ///< the end mark is there, and every record that it counts
};

/// The error is one sentence with the path and what would do.
std::expected<Recording, std::string> read_run_directory(const std::filesystem::path& directory);

/// The latest instant on the run's axis that a record tells of.
RunTime last_instant_of(const Record& record);

}  // namespace surgeproof
