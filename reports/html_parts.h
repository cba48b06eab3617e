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
/// Where the time of a scale-up went; why requests failed. Nothing where there is nothing to tell.
void write_html_paths(const Report& report, std::ostream& out);
void write_html_drops(const Report& report, std::ostream& out);
/// What the charts draw: JSON, deflated (zlib), in base64.
std::string html_data(const Report& report);

}  // namespace surgeproof::reports
