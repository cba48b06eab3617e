// RFC 3339 text, as Kubernetes writes it, to WallTime and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"

namespace surgeproof {

/// "2025-06-02T09:00:15Z", with up to nine decimals of a second, or a numeric offset ("+02:00").
/// Empty when the text is not such a time, or its year is outside 1678 to 2261.
std::optional<WallTime> parse_rfc3339(std::string_view text);

/// UTC, ending in "Z"; `decimals` (0 to 9) digits of a second, truncated.
std::string format_rfc3339(WallTime t, int decimals = 3);

}  // namespace surgeproof
