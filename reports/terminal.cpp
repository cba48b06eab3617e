#include "reports/terminal.h"

#include <algorithm>
#include <array>
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

namespace {

constexpr std::array<std::string_view, 9> kBlocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 9> kAscii{" ", ".", ".", ":", "-", "=", "+", "*", "#"};
constexpr double kNotable = 0.1;  ///< share that is missing

/// Eighths of a line that a value fills.
int eighths(std::optional<double> value, const ChartStyle& style) {
  if (!value || *value <= 0 || style.top <= 0) return 0;
  const double share = std::clamp(*value / style.top, 0.0, 1.0);
  return std::max(1, static_cast<int>(std::lround(share * style.height * 8)));
}

/// Glyphs of one line; neighbours of the same colour share its sequence.
class ChartLine {
 public:
  explicit ChartLine(bool colour) : colour_{colour} {}
  void add(std::string_view glyph, Ink ink) {
    if (ink != ink_ && glyph != " ") {
      flush();
      ink_ = ink;
    }
    pending_ += glyph;
  }
  std::string take() {
    flush();
    return std::move(text_);
  }

 private:
  void flush() {
    text_ += painted(pending_, ink_, colour_);
    pending_.clear();
  }
  bool colour_;
  Ink ink_ = Ink::plain;
  std::string pending_;
  std::string text_;
};

}  // namespace

std::vector<std::string> chart(std::span<const std::optional<double>> values,
                               std::span<const std::optional<double>> wanted, const ChartStyle& style) {
  std::vector<std::string> lines;
  for (int line = style.height - 1; line >= 0; --line) {
    ChartLine out(style.colour);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::optional<double> goal = i < wanted.size() ? wanted[i] : std::nullopt;
      const auto level = static_cast<std::size_t>(std::clamp(eighths(values[i], style) - line * 8, 0, 8));
      const bool missing = goal && values[i].value_or(0) < *goal * (1 - kNotable);
      if (level == 0 && missing && eighths(goal, style) - line * 8 >= 4) {
        out.add(style.ascii ? "%" : "░", Ink::red);
      } else {
        const bool above = style.limit && values[i].value_or(0) > *style.limit;
        const Ink ink = missing && style.height == 1 ? Ink::red : above ? style.over : style.ink;
        out.add(style.ascii ? kAscii[level] : kBlocks[level], ink);
      }
    }
    lines.push_back(out.take());
  }
  return lines;
}

std::string bar(double share, int width, bool ascii) {
  const int filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * width));
  std::string out;
  for (int i = 0; i < width; ++i) out += i < filled ? (ascii ? "#" : "█") : (ascii ? "." : "░");
  return out;
}

}  // namespace surgeproof::reports
