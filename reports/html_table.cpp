#include "reports/html_table.h"

#include <ostream>

#include "reports/text.h"

namespace surgeproof::reports {

void open_table(std::initializer_list<HtmlCell> header, std::ostream& out) {
  out << "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>";
  for (const HtmlCell& c : header) {
    out << fmt::format("<th scope=\"col\" class=\"{}\">{}</th>", c.kind, escaped_xml(c.text));
  }
  out << "</tr></thead><tbody>\n";
}

void write_row(std::initializer_list<HtmlCell> cells, std::string_view kind, std::ostream& out) {
  out << fmt::format("<tr class=\"{}\">", kind);
  for (const HtmlCell& c : cells) out << fmt::format("<td class=\"{}\">{}</td>", c.kind, escaped_xml(c.text));
  out << "</tr>\n";
}

void close_table(std::ostream& out) { out << "</tbody></table></div>\n"; }

}  // namespace surgeproof::reports
