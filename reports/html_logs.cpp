#include <ostream>

#include "reports/html_parts.h"
#include "reports/html_table.h"
#include "reports/log_words.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

void write_lines(const LogTextRow& row, std::ostream& out) {
  if (row.examples.empty()) return;
  const std::string hint = row.examples.size() < row.lines
                               ? fmt::format("the first {} of {}", row.examples.size(), grouped(row.lines))
                               : fmt::format("{} shown", row.examples.size());
  open_details(fmt::format("Lines with “{}”", row.text), hint, false, out);
  open_table({{"Time", "num"}, {"Pod"}, {"Container"}, {"Line"}}, out);
  for (const auto& e : row.examples) {
    write_row({{clock_text(e.t_s), "num"}, {e.pod, "mono"}, {e.container, "mono"}, {e.line, "wrap"}}, "", out);
  }
  close_table(out);
  out << "</details>\n";
}

}  // namespace

void write_html_logs(const Report& r, std::ostream& out) {
  if (r.log_texts.empty()) return;
  out << "<h2 id=\"logs\">What the logs say</h2>\n<div class=\"card\">";
  open_table({{"Text"}, {"Looked for in"}, {"Wanted"}, {"Found"}}, out);
  for (const LogTextRow& row : r.log_texts) {
    const bool bad = row.wanted == "absent" ? row.lines > 0 : row.lines == 0;
    write_row({{row.text, "mono wrap"}, {row.pods}, {row.wanted}, {log_words(row), bad || !row.read ? "bad" : ""}}, "",
              out);
  }
  close_table(out);
  out << "</div>\n";
  for (const LogTextRow& row : r.log_texts) write_lines(row, out);
}

}  // namespace surgeproof::reports
