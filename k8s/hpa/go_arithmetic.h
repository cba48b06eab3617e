// Integer arithmetic as Go on amd64 does it: overflow wraps around, and a double that does not fit becomes the smallest
// integer. The original relies on it where numbers get absurd, so the model does, too.
#pragma once

#include <cstdint>
#include <limits>

namespace surgeproof::hpa {

constexpr std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

constexpr std::int64_t wrapping_multiply(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

constexpr std::int32_t wrapping_add32(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}

constexpr std::int32_t wrapping_subtract32(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b));
}

/// int32(x): cut towards zero; not a number or out of range: -2^31.
constexpr std::int32_t to_int32(double x) {
  constexpr auto kBound = 2147483648.0;
  if (!(x > -kBound - 1.0 && x < kBound)) return std::numeric_limits<std::int32_t>::min();
  return static_cast<std::int32_t>(x);
}

/// int64(x), likewise.
constexpr std::int64_t to_int64(double x) {
  constexpr auto kBound = 9223372036854775808.0;
  if (!(x >= -kBound && x < kBound)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(x);
}

}  // namespace surgeproof::hpa
