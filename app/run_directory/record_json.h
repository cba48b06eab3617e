// Records to JSON and back: one record is one line of a recording.
//
// Every key says its unit: "…_ns" is nanoseconds on the run's axis or a length in nanoseconds; wall times are RFC 3339
// text; what is empty, zero-length or unset is left out. Unknown keys are ignored, missing ones keep their default, so
// that recordings of older and newer versions can be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/records.h"
#include "base/run_info.h"

namespace surgeproof {

/// {"record":"load_window","begin_ns":…} without a line end.
std::string record_to_json(const Record& record);

/// Empty when the text is not a JSON object, has no known "record", or a value has the wrong type or range.
std::optional<Record> record_from_json(std::string_view line);

std::string run_info_to_json(const RunInfo& info);
std::optional<RunInfo> run_info_from_json(std::string_view text);

}  // namespace surgeproof
