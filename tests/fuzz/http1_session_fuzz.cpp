// An answer of HTTP/1, in pieces: the scanner and the full parser must say the same of it, whatever it is.
//
// Input: one byte of flags (bit 0: to a HEAD request), one byte for the number of cuts, their places, then the answer.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tests/loadgen/session_difference.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const bool head = (data[0] & 1U) != 0;
  const std::size_t cuts = std::min<std::size_t>(data[1] % 8, size - 2);
  const std::string_view answer{reinterpret_cast<const char*>(data) + 2 + cuts, size - 2 - cuts};
  std::vector<std::size_t> places{0, answer.size()};
  for (std::size_t i = 0; i < cuts; ++i) places.push_back(data[2 + i] * answer.size() / 255);
  std::ranges::sort(places);
  std::vector<std::string_view> pieces;
  for (std::size_t i = 1; i < places.size(); ++i) {
    pieces.push_back(answer.substr(places[i - 1], places[i] - places[i - 1]));
  }
  const std::string what = surgeproof::loadgen::difference(pieces, head);
  if (what.empty()) return 0;
  std::fprintf(stderr, "scanner and parser differ in: %s\n", what.c_str());
  std::abort();
}
