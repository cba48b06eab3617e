// Durations as people write them: "30s", "1.5m", "1m30s", "250ms".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace surgeproof {

/// One or more numbers, each with a unit of ns, us, µs, ms, s, m, h, d: "1h30m", "0.5s". A leading '-' is allowed.
/// Empty when the text is no duration (a bare number is none, except "0") or does not fit 64 bits of nanoseconds.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// For people: "0s", "850µs", "12.3ms", "4.21s", "75s" up to two minutes, then "3m20s", "1h5m". Three significant
/// digits below 100 s.
std::string format_duration(std::chrono::nanoseconds d);

/// Exact, and what parse_duration reads back: "90s", "1500ms", "250us".
std::string format_duration_exact(std::chrono::nanoseconds d);

}  // namespace surgeproof
