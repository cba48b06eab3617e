#include "app/run_directory/hdr_encoding.h"

#include <zlib.h>

#include <bit>
#include <concepts>
#include <cstdint>

#include "base/base64.h"

namespace surgeproof {
namespace {

// The low nibble of the second byte says how counts are written: 1, as ZigZag LEB128 (HdrHistogram, encoding V2).
constexpr std::uint32_t kCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;
constexpr std::uint32_t kSignificantDigits = 3;

template <std::unsigned_integral T>
void append_big_endian(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T) - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xFFu);
  }
}

// ZigZag LEB128 with at most nine bytes: the ninth holds eight bits.
void append_count(std::string& out, std::int64_t value) {
  auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int bytes = 1; rest >= 0x80 && bytes < 9; ++bytes) {
    out += static_cast<char>((rest & 0x7Fu) | 0x80u);
    rest >>= 7;
  }
  out += static_cast<char>(rest);
}

// Counts in the order of the buckets up to the last that is not empty; a negative number stands for so many empty ones.
std::string counts_of(const SparseHistogram& histogram) {
  std::string out;
  std::uint32_t next = 0;
  for (const auto& [index, count] : histogram.buckets) {
    if (count == 0) continue;
    if (index > next) append_count(out, -static_cast<std::int64_t>(index - next));
    append_count(out, static_cast<std::int64_t>(count));
    next = index + 1;
  }
  return out;
}

std::string encoded(const SparseHistogram& histogram) {
  const std::string counts = counts_of(histogram);
  std::string out;
  append_big_endian(out, kCookie);
  append_big_endian(out, static_cast<std::uint32_t>(counts.size()));
  append_big_endian(out, std::uint32_t{0});  // normalizing index offset
  append_big_endian(out, kSignificantDigits);
  append_big_endian(out, std::uint64_t{1});  // lowest discernible value
  append_big_endian(out, static_cast<std::uint64_t>(Histogram::kTopUs));
  append_big_endian(out, std::bit_cast<std::uint64_t>(1.0));  // integer to double conversion ratio
  return out + counts;
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  // Cannot fail: the buffer is as large as the bound says.
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
            static_cast<uLong>(bytes.size()), Z_DEFAULT_COMPRESSION);
  out.resize(size);
  return out;
}

}  // namespace

std::string hdr_v2_base64(const SparseHistogram& histogram) {
  const std::string compressed = deflated(encoded(histogram));
  std::string out;
  append_big_endian(out, kCompressedCookie);
  append_big_endian(out, static_cast<std::uint32_t>(compressed.size()));
  return encode_base64(out + compressed);
}

}  // namespace surgeproof
