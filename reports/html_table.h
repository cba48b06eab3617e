// Tables of the HTML report. Internal to reports/.
#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>

namespace surgeproof::reports {

struct HtmlCell {
  std::string text;         // not yet escaped
  std::string_view kind{};  // class: "num", "num bad", "wrap mono"
};

void open_table(std::initializer_list<HtmlCell> header, std::ostream& out);
void write_row(std::initializer_list<HtmlCell> cells, std::string_view kind, std::ostream& out);
void close_table(std::ostream& out);

}  // namespace surgeproof::reports
