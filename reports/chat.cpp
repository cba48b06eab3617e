#include "reports/chat.h"

#include <boost/json.hpp>

#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kLines = 3;
constexpr std::size_t kLineBytes = 600;

/// Slack's own escapes for text that is not markup.
std::string escaped(std::string_view text) {
  std::string e;
  for (const char c : cleaned(text)) {
    if (c == '&') {
      e += "&amp;";
    } else if (c == '<') {
      e += "&lt;";
    } else if (c == '>') {
      e += "&gt;";
    } else {
      e += c;
    }
  }
  return e;
}

/// At most kLineBytes, cut between characters.
std::string shortened(std::string text) {
  if (text.size() <= kLineBytes) return text;
  std::size_t end = kLineBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

const char* emoji_of(Status s) {
  switch (s) {
    case Status::pass:
      return ":white_check_mark:";
    case Status::fail:
      return ":x:";
    case Status::inconclusive:
      break;
  }
  return ":warning:";
}

/// What broke and why, then what held: the first three lines.
std::vector<std::string> lines_of(const Report& r) {
  std::vector<std::string> lines;
  for (const Status wanted : {Status::fail, Status::inconclusive, Status::pass}) {
    for (const auto& c : r.criteria) {
      if (c.finding.status == wanted) lines.push_back(c.finding.sentence);
    }
    if (wanted == Status::fail && !r.causes.empty()) {
      lines.insert(lines.begin() + std::min<std::ptrdiff_t>(1, std::ssize(lines)),
                   fmt::format("Why: {}. {}", r.causes.front().sentence, r.causes.front().remedy));
    }
  }
  if (lines.size() > kLines) lines.resize(kLines);
  return lines;
}

}  // namespace

std::string chat_message(const Report& r, const std::string& link) {
  std::string text = fmt::format("{} *{}*: {}, {}", emoji_of(r.status), escaped(shortened(r.name)), word_of(r.status),
                                 escaped(r.headline));
  for (const auto& line : lines_of(r)) text += "\n• " + escaped(shortened(line));
  if (link.starts_with("http://") || link.starts_with("https://")) {
    text += fmt::format("\n<{}|Report>", escaped(link));
  } else if (!link.empty()) {
    text += "\nReport: " + escaped(link);
  }
  const boost::json::object message{
      {"text", fmt::format("{}: {}, {}", cleaned(r.name), word_of(r.status), cleaned(r.headline))},
      {"blocks", {{{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}}}}}},
  };
  return boost::json::serialize(message);
}

}  // namespace surgeproof::reports
