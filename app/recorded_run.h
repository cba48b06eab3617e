// A run directory, read back and joined.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "analyzers/timeline.h"
#include "app/run_directory/reader.h"
#include "app/scenario_file.h"

namespace surgeproof {

struct RecordedRun {
  Recording recording;  ///< its records have gone into the timeline
  LoadedScenario loaded;
  Timeline timeline;
};

/// The error is one sentence with the path and what would do.
std::expected<RecordedRun, std::string> load_run(const std::filesystem::path& directory);

}  // namespace surgeproof
