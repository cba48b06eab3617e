#include "reports/checks.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "reports/json_text.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

namespace json = boost::json;
using Level = Check::Level;

constexpr int kSchemaVersion = 1;
constexpr int kWidestChecks = 110;
constexpr int kWordWidth = 6;

std::string_view word_of_level(Level level) {
  switch (level) {
    case Level::ok:
      return "ok";
    case Level::note:
      return "note";
    case Level::warning:
      return "warn";
    case Level::unseen:
      return "?";
    case Level::failure:
      return "FAIL";
  }
  return {};
}

Ink ink_of_level(Level level) {
  switch (level) {
    case Level::ok:
      return Ink::green;
    case Level::note:
      return Ink::plain;
    case Level::warning:
    case Level::unseen:
      return Ink::yellow;
    case Level::failure:
      return Ink::red;
  }
  return Ink::plain;
}

/// "pre_stop" as people read it.
std::string label_of(const Check& check) {
  std::string text = cleaned(check.id);
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace

void write_checks(const CheckList& list, std::ostream& out, const ConsoleOptions& options) {
  const int width = std::clamp(options.width, 40, kWidestChecks);
  int label = 0;
  for (const Check& c : list.checks) label = std::max(label, columns(label_of(c)));
  label = std::min(label, 26) + 2;
  const int indent = 2 + kWordWidth + label;
  std::string group;
  for (const Check& c : list.checks) {
    if (c.group != group) {
      out << (group.empty() ? "" : "\n") << painted(cleaned(c.group), Ink::bold, options.colour) << '\n';
      group = c.group;
    }
    out << "  " << painted(padded(word_of_level(c.level), kWordWidth), ink_of_level(c.level), options.colour)
        << padded(label_of(c), label);
    bool first = true;
    for (const auto& part : wrapped(cleaned(c.sentence), width - indent)) {
      out << (first ? "" : std::string(static_cast<std::size_t>(indent), ' ')) << part << '\n';
      first = false;
    }
    if (c.remedy.empty()) continue;
    first = true;
    for (const auto& part : wrapped(cleaned(c.remedy), width - indent - 2)) {
      out << std::string(static_cast<std::size_t>(indent), ' ') << (first ? "→ " : "  ")
          << painted(part, Ink::cyan, options.colour) << '\n';
      first = false;
    }
  }
  out << '\n';
  const Ink ink = list.exit_code == 0 ? Ink::green : list.exit_code == 4 ? Ink::yellow : Ink::red;
  for (const auto& part : wrapped(cleaned(list.headline), width)) out << painted(part, ink, options.colour) << '\n';
}

void write_checks_json(const CheckList& list, std::ostream& out) {
  json::array checks;
  for (const Check& c : list.checks) {
    checks.push_back(json::object{{"group", cleaned(c.group)},
                                  {"id", cleaned(c.id)},
                                  {"level", name_of(c.level)},
                                  {"sentence", cleaned(c.sentence)},
                                  {"remedy", cleaned(c.remedy)}});
  }
  out << pretty_json(json::object{{"schema_version", kSchemaVersion},
                                  {"command", cleaned(list.command)},
                                  {"subject", cleaned(list.subject)},
                                  {"headline", cleaned(list.headline)},
                                  {"exit_code", list.exit_code},
                                  {"checks", std::move(checks)}})
      << '\n';
}

}  // namespace surgeproof::reports
