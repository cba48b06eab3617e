#include "reports/chat.h"

#include <boost/json.hpp>
#include <utility>

#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kLines = 3;
constexpr std::size_t kLineBytes = 600;
constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kLinkBytes = 400;

/// Slack's own escapes for text that is not markup; at most `limit` bytes of it, cut between characters.
std::string escaped(std::string_view text, std::size_t limit) {
  std::string e;
  std::string character;  // a whole one, escaped
  const std::string clean = cleaned(text);
  for (std::size_t i = 0; i <= clean.size(); ++i) {
    const bool continues = i < clean.size() && (static_cast<unsigned char>(clean[i]) & 0xC0U) == 0x80U;
    if (!continues) {
      if (e.size() + character.size() > limit) return e + "…";
      e += std::exchange(character, {});
    }
    if (i == clean.size()) break;
    const char c = clean[i];
    character += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return e;
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
  std::string text = fmt::format("{} *{}*: {}, {}", emoji_of(r.status), escaped(r.name, kNameBytes), word_of(r.status),
                                 escaped(r.headline, kLineBytes));
  for (const auto& line : lines_of(r)) text += "\n• " + escaped(line, kLineBytes);
  if (link.starts_with("http://") || link.starts_with("https://")) {
    text += fmt::format("\n<{}|Report>", escaped(link, kLinkBytes));
  } else if (!link.empty()) {
    text += "\nReport: " + escaped(link, kLinkBytes);
  }
  const boost::json::object message{
      // What notifications show: markup like the rest, so nobody is mentioned by a name.
      {"text",
       fmt::format("{}: {}, {}", escaped(r.name, kNameBytes), word_of(r.status), escaped(r.headline, kLineBytes))},
      {"blocks", {{{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}}}}}},
  };
  return boost::json::serialize(message);
}

}  // namespace surgeproof::reports
