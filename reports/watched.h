// Reports of a recording without load and without criteria: a timeline of what the cluster did.
#pragma once

#include <iosfwd>

#include "reports/formats.h"

namespace surgeproof::reports {

void write_console_watched(const Report& report, std::ostream& out, const ConsoleOptions& options);
void write_markdown_watched(const Report& report, std::ostream& out);
/// The head of the page; charts and tables follow as in any report.
void write_html_watched(const Report& report, std::ostream& out);

}  // namespace surgeproof::reports
