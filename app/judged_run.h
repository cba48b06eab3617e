// A recorded run, judged again from its directory alone.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "analyzers/finding.h"
#include "app/recorded_run.h"
#include "reports/report.h"

namespace surgeproof {

struct JudgedRecording {
  RecordedRun run;
  Verdict verdict;
};

/// The criteria are the recording's own, or those of another scenario file. The error is one or more lines for people.
std::expected<JudgedRecording, std::string> judge_recording(const std::filesystem::path& directory,
                                                            const ScenarioOptions* other = nullptr);

std::expected<reports::Report, std::string> judge_run_directory(const std::filesystem::path& directory,
                                                                const ScenarioOptions* other = nullptr);

}  // namespace surgeproof
