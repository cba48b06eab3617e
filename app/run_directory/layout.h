// The files of a run directory.
#pragma once

#include <array>
#include <string_view>

#include "base/records.h"

namespace surgeproof {

inline constexpr std::string_view kRunInfoFile = "run.json";
inline constexpr std::string_view kScenarioFile = "scenario.yaml";

/// The recording: NDJSON, a header line first.
inline constexpr std::array<std::string_view, 3> kRecordingFiles{"load.ndjson", "failures.ndjson", "cluster.ndjson"};

/// Latency as an HdrHistogram interval log, for other tools; nothing of ours reads it.
inline constexpr std::string_view kIntervalLogFile = "latency.hlog";

/// Index into kRecordingFiles of the file that takes this record.
std::size_t recording_file_of(const Record& record);

}  // namespace surgeproof
