// A fuzzer's input as a stream in pieces.
//
// The input: one octet for the number of cuts, their places (in 255ths of the stream), then the stream.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace surgeproof::fuzz {

struct Cut {
  std::string_view whole;
  std::vector<std::string_view> pieces;  ///< together: the whole
};

inline Cut cut(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return {};
  const std::size_t cuts = std::min<std::size_t>(data[0] % 8, size - 1);
  const std::string_view whole{reinterpret_cast<const char*>(data) + 1 + cuts, size - 1 - cuts};
  std::vector<std::size_t> places{0, whole.size()};
  for (std::size_t i = 0; i < cuts; ++i) places.push_back(data[1 + i] * whole.size() / 255);
  std::ranges::sort(places);
  Cut out{whole, {}};
  for (std::size_t i = 1; i < places.size(); ++i)
    out.pieces.push_back(whole.substr(places[i - 1], places[i] - places[i - 1]));
  return out;
}

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace surgeproof::fuzz
