// Numbers in sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"

namespace surgeproof {

/// 0.0123 is "1.23 %"; three significant digits, "0 %" only for zero.
std::string percent(double share);
/// 1 is "1 request", 2 is "2 requests".
std::string plural(std::uint64_t n, std::string_view noun);
/// The same as a subject: "1 request was", "2 requests were".
std::string plural_was(std::uint64_t n, std::string_view noun);
/// In the present: "1 request is", "2 requests are".
std::string plural_are(std::uint64_t n, std::string_view noun);
/// "13s (22 %)": what is left of `limit`; negative when it is exceeded.
std::string duration_margin(RunTime observed, RunTime limit);
/// An instant on the run's axis, told from the start of the load: "+42s", "-3s".
std::string instant(RunTime t, std::optional<RunTime> load_started);

}  // namespace surgeproof
