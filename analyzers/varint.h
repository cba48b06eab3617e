// Unsigned integers in as few bytes as they need: seven bits a byte, the low ones first, the top bit says "more".
#pragma once

#include <cstddef>
#include <cstdint>

namespace surgeproof {

/// What one takes at most, in bytes.
inline constexpr std::size_t kMostVarint = 10;

/// Writes to `at`, where there must be room for kMostVarint, and moves on. Most take one byte or two, anyhow mixed:
/// those two are written without a branch that nobody could predict.
inline void put_varint(std::uint8_t*& at, std::uint64_t v) {
  if (v < 0x4000) [[likely]] {
    const std::uint8_t more = v >= 0x80 ? 1 : 0;
    at[0] = static_cast<std::uint8_t>((v & 0x7f) | static_cast<std::uint64_t>(more << 7));
    at[1] = static_cast<std::uint8_t>(v >> 7);
    at += 1 + more;
    return;
  }
  for (; v >= 0x80; v >>= 7) *at++ = static_cast<std::uint8_t>(v | 0x80);
  *at++ = static_cast<std::uint8_t>(v);
}

/// Reads what put_varint wrote, and moves on. Looks at one byte behind it, which must be there.
inline std::uint64_t take_varint(const std::uint8_t*& at) {
  const std::uint64_t first = at[0];
  const std::uint64_t second = at[1];
  const std::uint64_t more = first >> 7;
  if ((more & (second >> 7)) == 0) [[likely]] {
    at += 1 + more;
    return (first & 0x7f) | (second & (0 - more)) << 7;
  }
  std::uint64_t v = first & 0x7f;
  ++at;
  for (unsigned shift = 7;; shift += 7) {
    const std::uint64_t byte = *at++;
    v |= (byte & 0x7f) << shift;
    if (byte < 0x80) return v;
  }
}

}  // namespace surgeproof
