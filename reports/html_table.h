// Tables of the HTML report. Internal to reports/.
#pragma once

#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace surgeproof::reports {

struct HtmlCell {
  std::string text;              // not yet escaped
  std::string_view kind{};       // class: "num", "num bad", "wrap mono"; "num fine" for an instant with tenths
  std::optional<double> at_s{};  // an instant: the cell leads to it on the charts
  double share = 0;              // of a bar in a waterfall, with where it begins; kind "fall"
  double from_share = 0;
};

/// An instant as a link to it on the charts: its address is a permalink.
std::string moment_link(double at_s, bool with_tenths = false);

void open_table(std::initializer_list<HtmlCell> header, std::ostream& out);
void write_row(std::initializer_list<HtmlCell> cells, std::string_view kind, std::ostream& out);
void close_table(std::ostream& out);

}  // namespace surgeproof::reports
