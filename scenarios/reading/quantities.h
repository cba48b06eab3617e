// Quantities with units, from text to numbers, or what is wrong with them in words.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/units.h"
#include "scenarios/observations.h"

namespace surgeproof::reading {

/// Why a text is refused, and what would do.
struct Complaint {
  std::string message;
  std::string hint;
};

inline constexpr double kHighestRate = 1e7;  ///< per second
inline constexpr std::chrono::hours kLongest{7 * 24};

/// "400/s", "24000/min", "1/h": from 0 to kHighestRate.
std::expected<Rate, Complaint> read_rate(std::string_view text);

enum class Zero : std::uint8_t { allowed, refused };

/// "30s", "1.5m": from 0 to kLongest.
std::expected<std::chrono::nanoseconds, Complaint> read_duration(std::string_view text, Zero zero);

/// "0.1%": from 0 to 100 %.
std::expected<Ratio, Complaint> read_percent(std::string_view text);

std::expected<std::int64_t, Complaint> read_integer(std::string_view text, std::int64_t least, std::int64_t most);

/// A plain decimal number from 0 to `most`.
std::expected<double, Complaint> read_number(std::string_view text, double most);

std::expected<bool, Complaint> read_boolean(std::string_view text);

/// A value of a signal with its unit: "1s", "5%", "400/s", "128Mi", "1.5GB", "0", "-3".
std::expected<SignalValue, Complaint> read_signal_value(std::string_view text);

/// "0.048 EUR/h": what one replica costs.
std::expected<Price, Complaint> read_price(std::string_view text);

}  // namespace surgeproof::reading
