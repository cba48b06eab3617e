// What several sections of the HTML report are made of.
#include <ostream>

#include "base/ascii.h"
#include "reports/html_parts.h"
#include "reports/text.h"

namespace surgeproof::reports {

std::string Anchors::take(std::string_view kind, std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string name{kind};
  bool gap = true;
  for (const char c : text) {
    const bool plain = ascii::is_alphanumeric(c);
    if (name.size() >= kLongest) break;
    if (plain) {
      if (gap) name += '-';
      name += ascii::lower(c);
    }
    gap = !plain;
  }
  std::string unique = name;
  for (int n = 2; !taken_.insert(unique).second; ++n) unique = fmt::format("{}-{}", name, n);
  return unique;
}

void open_details(std::string_view title, std::string_view hint, bool open, std::ostream& out) {
  out << fmt::format("<details class=\"card\"{}><summary>{} <span class=\"muted\">{}</span></summary>\n",
                     open ? " open" : "", escaped_xml(title), escaped_xml(hint));
}

void write_html_pairs(const std::vector<std::pair<std::string, std::string>>& pairs, std::ostream& out) {
  out << "<dl class=\"pairs\">";
  for (const auto& [name, value] : pairs) {
    out << fmt::format("<dt>{}</dt><dd>{}</dd>", escaped_xml(name), escaped_xml(value));
  }
  out << "</dl>\n";
}

}  // namespace surgeproof::reports
