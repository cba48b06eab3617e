// Unsigned integers in as few bytes as they need: seven bits a byte, the low ones first, the top bit says "more".
#pragma once

#include <cstdint>
#include <vector>

namespace surgeproof {

inline void put_varint(std::vector<std::uint8_t>& bytes, std::uint64_t v) {
  while (v >= 0x80) {
    bytes.push_back(static_cast<std::uint8_t>(v | 0x80));
    v >>= 7;
  }
  bytes.push_back(static_cast<std::uint8_t>(v));
}

/// Reads what put_varint wrote, and moves on.
inline std::uint64_t take_varint(const std::uint8_t*& at) {
  std::uint64_t v = *at++;
  if (v < 0x80) return v;
  v &= 0x7f;
  for (unsigned shift = 7;; shift += 7) {
    const std::uint64_t byte = *at++;
    v |= (byte & 0x7f) << shift;
    if (byte < 0x80) return v;
  }
}

}  // namespace surgeproof
