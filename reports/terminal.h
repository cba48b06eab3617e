// What both terminal outputs draw with: colours and sparklines.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "analyzers/finding.h"

namespace surgeproof::reports {

enum class Ink : std::uint8_t { plain, bold, dim, red, green, yellow, cyan };

/// `text` in that colour when `colour` is set, else as it is.
std::string painted(std::string_view text, Ink ink, bool colour);

/// Green, red, yellow.
Ink ink_of(Status s);
/// "PASS", "FAIL", "INCONCLUSIVE".
std::string_view word_of(Status s);

/// One column per value, the last `width` of them, scaled from 0 to `top` (values above are drawn full).
/// Blocks, or " .:-=+*#" when `ascii`.
std::string sparkline(std::span<const double> values, int width, double top, bool ascii);

/// A horizontal bar of `width` columns, filled to `share` (0 to 1).
std::string bar(double share, int width, bool ascii);

}  // namespace surgeproof::reports
