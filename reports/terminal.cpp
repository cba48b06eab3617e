#include "reports/terminal.h"

#include <cmath>

namespace surgeproof::reports {

std::string painted(std::string_view text, Ink ink, bool colour) {
  if (!colour || ink == Ink::plain || text.empty()) return std::string(text);
  constexpr std::array<int, 7> kCodes{0, 1, 2, 31, 32, 33, 36};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(ink)], text);
}

Ink ink_of(Status s) {
  switch (s) {
    case Status::pass:
      return Ink::green;
    case Status::fail:
      return Ink::red;
    case Status::inconclusive:
      return Ink::yellow;
  }
  return Ink::plain;
}

std::string_view word_of(Status s) {
  switch (s) {
    case Status::pass:
      return "PASS";
    case Status::fail:
      return "FAIL";
    case Status::inconclusive:
      return "INCONCLUSIVE";
  }
  return "?";
}

std::string sparkline(std::span<const double> values, int width, double top, bool ascii) {
  constexpr std::array<std::string_view, 9> kBlocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::array<std::string_view, 9> kAscii{" ", ".", ".", ":", "-", "=", "+", "*", "#"};
  const auto shown = std::min(values.size(), static_cast<std::size_t>(std::max(width, 0)));
  std::string out;
  for (const double value : values.last(shown)) {
    const double share = top > 0 ? std::clamp(value / top, 0.0, 1.0) : 0.0;
    // Anything above zero shows at least the lowest block.
    auto level = static_cast<std::size_t>(std::lround(share * 8));
    if (value > 0 && level == 0) level = 1;
    out += ascii ? kAscii[level] : kBlocks[level];
  }
  return out;
}

std::string bar(double share, int width, bool ascii) {
  const int filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
  std::string out;
  for (int i = 0; i < width; ++i) out += i < filled ? (ascii ? "#" : "█") : (ascii ? "." : "░");
  return out;
}

}  // namespace surgeproof::reports
