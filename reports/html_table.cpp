#include "reports/html_table.h"

#include <cmath>
#include <cstdint>
#include <ostream>

#include "reports/text.h"

namespace surgeproof::reports {

namespace {

/// "0:42.5", for what happens within a second.
std::string clock_tenths(double seconds) {
  const auto tenths = static_cast<std::int64_t>(std::llround(std::fabs(seconds) * 10));
  const std::string whole = clock_text(static_cast<double>(tenths / 10));
  return fmt::format("{}{}.{}", seconds < 0 && tenths > 0 ? "-" : "", whole, tenths % 10);
}

void write_cell(const HtmlCell& c, std::ostream& out) {
  out << fmt::format("<td class=\"{}\">", c.kind);
  if (c.kind == "fall") {
    out << fmt::format(R"(<i class="bar" style="left:{:.2f}%;width:{:.2f}%"></i>)", 100 * c.from_share, 100 * c.share);
  }
  out << (c.at_s ? moment_link(*c.at_s, c.kind.ends_with("fine")) : escaped_xml(c.text)) << "</td>";
}

}  // namespace

std::string moment_link(double at_s, bool with_tenths) {
  return fmt::format(R"(<a class="at" href="#t={}">{}</a>)", at_s, with_tenths ? clock_tenths(at_s) : clock_text(at_s));
}

void open_table(std::initializer_list<HtmlCell> header, std::ostream& out) {
  const std::string& first = header.begin() == header.end() ? std::string{} : header.begin()->text;
  out << fmt::format(R"(<div class="scroll" tabindex="0" role="group" aria-label="Table: {}"><table><thead><tr>)",
                     escaped_xml(first));
  for (const HtmlCell& c : header) {
    out << fmt::format("<th scope=\"col\" class=\"{}\">{}</th>", c.kind, escaped_xml(c.text));
  }
  out << "</tr></thead><tbody>\n";
}

void write_row(std::initializer_list<HtmlCell> cells, std::string_view kind, std::ostream& out) {
  out << fmt::format("<tr class=\"{}\">", kind);
  for (const HtmlCell& c : cells) write_cell(c, out);
  out << "</tr>\n";
}

void close_table(std::ostream& out) { out << "</tbody></table></div>\n"; }

}  // namespace surgeproof::reports
