// The formats of `surgeproof compare`. As all writers they compute nothing.
#pragma once

#include <iosfwd>
#include <string>

#include "reports/formats.h"

namespace surgeproof {
struct CompareReport;
}

namespace surgeproof::reports {

inline constexpr int kCompareSchemaVersion = 1;

/// As named on the command line.
struct ComparedRuns {
  std::string before;
  std::string after;
};

void write_compare_console(const CompareReport& report, const ComparedRuns& runs, std::ostream& out,
                           const ConsoleOptions& options);
void write_compare_markdown(const CompareReport& report, const ComparedRuns& runs, std::ostream& out);
void write_compare_json(const CompareReport& report, const ComparedRuns& runs, std::ostream& out);

}  // namespace surgeproof::reports
