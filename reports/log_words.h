// What was found of a text in logs, in words.
#pragma once

#include <string>

#include "reports/report.h"

namespace surgeproof::reports {

/// "3 lines, 0:12 to 1:40", "no line", "no log was read".
std::string log_words(const LogTextRow& row);

}  // namespace surgeproof::reports
