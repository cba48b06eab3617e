// The formats a report is written in. All are locale-independent and escaped for where they go.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

namespace surgeproof::reports {

struct Report;

/// Raised when a reader of yesterday's verdict.json could misread today's.
inline constexpr int kVerdictSchemaVersion = 2;

struct ConsoleOptions {
  bool colour = false;  ///< ANSI colours; the caller honours NO_COLOR and asks whether this is a terminal
  int width = 80;       ///< columns; less than 76 is treated as 76
};

void write_console(const Report& report, std::ostream& out, const ConsoleOptions& options);
void write_console(const Report& report, std::ostream& out);  ///< no colour, 80 columns
void write_json(const Report& report, std::ostream& out);     ///< reports/verdict.schema.json
void write_junit(const Report& report, std::ostream& out);
void write_markdown(const Report& report, std::ostream& out);    ///< for a GitHub step summary: far below 1 MiB
void write_html(const Report& report, std::ostream& out);        ///< one self-contained file
void write_prometheus(const Report& report, std::ostream& out);  ///< as a Pushgateway or a textfile takes it
/// Annotations of a GitHub workflow: an error for each failed criterion (ten at most), one warning for what was not
/// proven, a notice when all passed.
void write_github(const Report& report, std::ostream& out);

struct Format {
  std::string_view name;       ///< as on the command line
  std::string_view file_name;  ///< in the run directory; empty: not written there
  void (*write)(const Report&, std::ostream&);
};

/// console, json, junit, markdown, html, prometheus, github.
std::span<const Format> formats();
/// By name; null when there is none such.
const Format* find_format(std::string_view name);

/// JSON Schema of what write_json writes.
std::string_view verdict_json_schema();

}  // namespace surgeproof::reports
