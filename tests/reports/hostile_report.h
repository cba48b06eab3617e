// A report in which every text from outside tries to be more than text.
#pragma once

#include <string>

#include "reports/report.h"

namespace surgeproof::reports {

/// Quotes, line ends, markup of every format, control characters, a colour sequence, a right-to-left override, no
/// UTF-8.
std::string hostile(const std::string& text);

/// The surge with such names, and texts as long as `repeat` makes them.
Report hostile_report(int repeat = 1);

}  // namespace surgeproof::reports
