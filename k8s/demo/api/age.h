// Ages as kubectl shows them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/run_time.h"

namespace surgeproof::demo {

/// "5s", "3m20s", "47m", "5h12m", "2d3h", "120d": two significant units at most, as apimachinery's
/// duration.HumanDuration rounds them.
std::string human_duration(std::chrono::nanoseconds d);

/// Age of an RFC 3339 stamp; "<unknown>" when there is none.
std::string age_of(std::string_view stamp, WallTime now);

}  // namespace surgeproof::demo
