// Text as the writers need it: cleaned, escaped, measured in columns, and numbers in words. UTF-8 throughout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::reports {

/// Control characters (C0, DEL, C1, line and direction overrides) become blanks, invalid UTF-8 becomes U+FFFD: safe to
/// print on a terminal and valid in XML. `keep_newlines` keeps "\n" and "\t".
std::string cleaned(std::string_view text, bool keep_newlines = false);

/// Cleaned, and `& < > " '` as entities: for element content and quoted attributes of XML and HTML alike.
std::string escaped_xml(std::string_view text, bool keep_newlines = false);

/// Cleaned, and every character that Markdown or inline HTML could take for markup escaped. Fits a table's cell.
std::string escaped_markdown(std::string_view text);

/// Columns on a terminal: code points of `text`, without those of ANSI colour sequences.
int columns(std::string_view text);
/// Cut to `width` columns, the last one an ellipsis where something was cut. The text holds no colours.
std::string cut(std::string_view text, int width);
/// Cut, then filled with blanks at the right (or left) to exactly `width` columns.
std::string padded(std::string_view text, int width);
std::string right_aligned(std::string_view text, int width);
/// Broken at blanks into lines of at most `width` columns; a longer word (a path, an address) goes on on the next line.
std::vector<std::string> wrapped(std::string_view text, int width);

/// "1,234,567"
std::string grouped(std::uint64_t n);
/// "12.3ms" as base/duration.h; "–" when there is none.
std::string words_for_ms(std::optional<double> ms);
/// "0:42", "12:05", "1:02:03", "-0:05".
std::string clock_text(double seconds);
/// Three significant digits and no exponent for what occurs here: "0.25", "1.5", "398", "1,234".
std::string rate_text(double per_second);

}  // namespace surgeproof::reports
