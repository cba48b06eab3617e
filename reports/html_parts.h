// The parts of the HTML report. Internal to reports/.
#pragma once

#include <iosfwd>
#include <string>

namespace surgeproof::reports {

struct Report;

/// Masthead, criteria and causes: readable without any script.
void write_html_verdict(const Report& report, std::ostream& out);
/// The same for a recording without load (watched.cpp).
void write_html_watched(const Report& report, std::ostream& out);
/// Everything below the charts.
void write_html_tables(const Report& report, std::ostream& out);
/// What the charts draw: JSON, deflated (zlib), in base64.
std::string html_data(const Report& report);

}  // namespace surgeproof::reports
