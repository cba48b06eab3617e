// What a run directory says of the run as a whole (run.json).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/run_time.h"

namespace surgeproof {

/// Version of the recording format; raised when a reader of today could misread tomorrow's files.
inline constexpr int kRecordingSchemaVersion = 1;

struct RunInfo {
  int schema_version = kRecordingSchemaVersion;
  std::string name;                                ///< of the scenario
  std::string scenario_file;                       ///< as named on the command line
  std::string target;                              ///< URL under load, without credentials
  std::string tool_version;                        ///< of the surgeproof that recorded
  WallTime started{};                              ///< wall time of RunTime zero
  std::map<std::string, std::string> environment;  ///< "cluster version", "host", "cpus", …: shown in reports
  std::vector<std::string> notes;                  ///< anything a reader should know: "recording cut off", …
};

}  // namespace surgeproof
