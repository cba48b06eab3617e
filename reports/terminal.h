// What both terminal outputs draw with: colours, bars and charts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/finding.h"

namespace surgeproof::reports {

enum class Ink : std::uint8_t { plain, bold, dim, red, green, yellow, cyan };

/// `text` in that colour when `colour` is set, else as it is.
std::string painted(std::string_view text, Ink ink, bool colour);

/// Green, red, yellow.
Ink ink_of(Status s);
/// "PASS", "FAIL", "INCONCLUSIVE".
std::string_view word_of(Status s);

/// How a chart is drawn.
struct ChartStyle {
  int height = 1;                 ///< lines
  double top = 0;                 ///< the value at the upper edge; what is above is drawn full
  std::optional<double> limit{};  ///< columns above it are drawn in `over`
  bool ascii = false;             ///< " .:-=+*#" instead of blocks
  bool colour = false;
  Ink ink = Ink::cyan;
  Ink over = Ink::red;
};

/// One column per value, scaled from 0; the upper line first. Anything above zero shows at least the lowest block.
/// Where `wanted` (as long, or empty) is above the value, what is missing is shaded in red; on a single line, the
/// column is red when more than a tenth is missing.
std::vector<std::string> chart(std::span<const std::optional<double>> values,
                               std::span<const std::optional<double>> wanted, const ChartStyle& style);

/// A horizontal bar of `width` columns, filled to `share` (0 to 1).
std::string bar(double share, int width, bool ascii);

}  // namespace surgeproof::reports
