// GitHub's workflow commands: what is wrong stands beside the scenario's lines and at the top of the run's page.
#include <ostream>

#include "reports/formats.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMost = 10;  ///< GitHub shows no more of a step
constexpr std::size_t kLongestPath = 1000;
constexpr int kLongestTitle = 200;     ///< columns
constexpr int kLongestMessage = 2000;  ///< likewise

/// As GitHub's toolkit escapes a command's data. Line ends are the only ones that end a command.
std::string command_data(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\n') {
      out += "%0A";
    } else if (c == '\r') {
      out += "%0D";
    } else {
      out += c;
    }
  }
  return out;
}

/// Of a property: what separates properties, too.
std::string property(std::string_view text) {
  std::string out;
  for (const char c : command_data(text)) {
    if (c == ':') {
      out += "%3A";
    } else if (c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string place(const Report& r, const Finding& f) {
  const bool named = !r.scenario_file.empty() && r.scenario_file != "-" && r.scenario_file.size() <= kLongestPath;
  const bool in_a_file = f.line > 0 && named;
  return in_a_file ? fmt::format("file={},line={},", property(cleaned(r.scenario_file)), f.line) : "";
}

std::string message(const Finding& f) {
  std::string text = cut(cleaned(f.sentence), kLongestMessage);
  if (!f.causes.empty()) {
    const Cause& c = f.causes.front();
    text += "\nWhy: " + cut(cleaned(c.sentence), kLongestMessage);
    if (!c.remedy.empty()) text += "\nRemedy: " + cut(cleaned(c.remedy), kLongestMessage);
  }
  return text;
}

}  // namespace

void write_github(const Report& r, std::ostream& out) {
  std::size_t failed = 0;
  std::string open;
  std::size_t inconclusive = 0;
  for (const FindingLine& line : r.criteria) {
    const Finding& f = line.finding;
    if (f.status == Status::inconclusive && ++inconclusive <= kMost) {
      open += "\n" + cut(cleaned(f.title + ": " + f.sentence), kLongestMessage / 10);
    }
    if (f.status != Status::fail || ++failed > kMost) continue;
    out << fmt::format("::error {}title={}::{}\n", place(r, f), property(cut(cleaned(f.title), kLongestTitle)),
                       command_data(message(f)));
  }
  const std::string name = property(cut(cleaned(r.name), kLongestTitle));
  if (r.status == Status::inconclusive || inconclusive > 0) {
    out << fmt::format("::warning title={}::{}\n", name + property(": not proven"),
                       command_data(cut(cleaned(r.headline), kLongestMessage) + open));
  }
  if (r.status == Status::pass) out << fmt::format("::notice title={}::{}\n", name, command_data(cleaned(r.headline)));
}

}  // namespace surgeproof::reports
