#include "loadgen/trace_context.h"

#include <cstring>

#include "loadgen/random.h"

namespace surgeproof::loadgen {
namespace {

/// "00", "01", … "ff".
constexpr std::array<char, 512> kHexPairs = [] {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kHex[byte >> 4U];
    pairs[2 * byte + 1] = kHex[byte & 15U];
  }
  return pairs;
}();

void write_trace_id(std::uint64_t seed, std::uint64_t sequence, char* out) {
  write_hex(random_bits(seed, Purpose::trace_high, sequence), out);
  write_hex(random_bits(seed, Purpose::trace_low, sequence) | 1U, out + 16);  // all zeros would be no id
}

}  // namespace

void write_hex(std::uint64_t bits, char* out) {
  for (int byte = 0; byte < 8; ++byte) {
    std::memcpy(out + 2 * byte, kHexPairs.data() + 2 * ((bits >> (56U - 8U * static_cast<unsigned>(byte))) & 255U), 2);
  }
}

void write_traceparent(std::uint64_t seed, std::uint64_t sequence, char* out) {
  std::memcpy(out, "00-", 3);
  write_trace_id(seed, sequence, out + 3);
  out[35] = '-';
  write_hex(random_bits(seed, Purpose::parent_id, sequence) | 1U, out + 36);
  std::memcpy(out + 52, "-01", 3);
}

std::string text_of_trace_id(std::uint64_t seed, std::uint64_t sequence) {
  std::string text(32, '0');
  write_trace_id(seed, sequence, text.data());
  return text;
}

}  // namespace surgeproof::loadgen
