#include "reports/log_words.h"

#include <fmt/format.h>

#include "reports/text.h"

namespace surgeproof::reports {

std::string log_words(const LogTextRow& row) {
  if (row.lines == 0) return row.read ? "no line" : "no log was read";
  std::string text = fmt::format("{} {}", grouped(row.lines), row.lines == 1 ? "line" : "lines");
  if (row.first_s) text += ", " + clock_text(*row.first_s);
  if (row.first_s && row.last_s && clock_text(*row.last_s) != clock_text(*row.first_s))
    text += " to " + clock_text(*row.last_s);
  return text;
}

}  // namespace surgeproof::reports
