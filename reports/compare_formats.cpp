#include "reports/compare_formats.h"

#include <boost/json.hpp>
#include <ostream>

#include "analyzers/compare/compare.h"
#include "reports/json_text.h"
#include "reports/terminal.h"
#include "reports/text.h"
#include "reports/text_table.h"

namespace surgeproof::reports {
namespace {

namespace json = boost::json;

Ink ink_of_change(Change c) {
  switch (c) {
    case Change::better:
      return Ink::green;
    case Change::worse:
      return Ink::red;
    case Change::unclear:
      return Ink::yellow;
    case Change::same:
      break;
  }
  return Ink::plain;
}

std::string_view mark(Change c) {
  switch (c) {
    case Change::better:
      return "✅ better";
    case Change::worse:
      return "❌ **worse**";
    case Change::unclear:
      return "⚠️ unclear";
    case Change::same:
      break;
  }
  return "same";
}

// "+12.3 %", or the interval of what chance would do.
std::string percent_text(const std::optional<double>& share) {
  return share ? fmt::format("{:+.1f} %", *share * 100) : "–";
}
std::string interval_text(const Comparison& c) {
  if (!c.effect_low || !c.effect_high) return "–";
  return fmt::format("{:+.1f} … {:+.1f} %", *c.effect_low * 100, *c.effect_high * 100);
}

json::value text(std::string_view s) { return json::string(cleaned(s, true)); }
template <typename T>
json::value or_null(const std::optional<T>& v) {
  return v ? json::value(*v) : json::value(nullptr);
}

json::array rows(const std::vector<Comparison>& all) {
  json::array out;
  for (const Comparison& c : all) {
    out.push_back(json::object{{"id", text(c.id)},
                               {"title", text(c.title)},
                               {"change", name_of(c.change)},
                               {"reason", text(c.reason)},
                               {"sentence", text(c.sentence)},
                               {"before", text(c.before)},
                               {"after", text(c.after)},
                               {"effect_ratio", or_null(c.effect)},
                               {"effect_low_ratio", or_null(c.effect_low)},
                               {"effect_high_ratio", or_null(c.effect_high)}});
  }
  return out;
}

void write_markdown_rows(std::string_view heading, const std::vector<Comparison>& all, std::ostream& out) {
  if (all.empty()) return;
  out << fmt::format("\n| {} | | Before | After | Change | By chance |\n|---|---|---:|---:|---:|---:|\n", heading);
  for (const Comparison& c : all) {
    out << fmt::format("| {} | {} | {} | {} | {} | {} |\n", escaped_markdown(c.title), mark(c.change),
                       escaped_markdown(c.before), escaped_markdown(c.after), percent_text(c.effect), interval_text(c));
  }
  for (const Comparison& c : all) {
    if (c.change != Change::worse && c.change != Change::unclear) continue;
    out << fmt::format("\n- {}: {}", escaped_markdown(c.title), escaped_markdown(c.sentence));
  }
  out << "\n";
}

}  // namespace

void write_compare_console(const CompareReport& r, const ComparedRuns& runs, std::ostream& out,
                           const ConsoleOptions& options) {
  const int width = std::clamp(options.width, 76, 132);
  out << painted(fmt::format("{} → {}", cleaned(runs.before), cleaned(runs.after)), Ink::dim, options.colour) << '\n';
  const auto table = [&](std::string_view heading, const std::vector<Comparison>& all) {
    if (all.empty()) return;
    out << '\n';
    TextTable t({{std::string(heading), false}, {"", false}, {"before"}, {"after"}, {"change"}, {"by chance"}});
    for (const Comparison& c : all) {
      t.add({{cleaned(c.title)},
             {std::string(name_of(c.change)), ink_of_change(c.change)},
             {cleaned(c.before)},
             {cleaned(c.after)},
             {percent_text(c.effect)},
             {interval_text(c)}});
    }
    for (const std::string& line : t.lines(width, 0, options.colour)) out << line << '\n';
  };
  table("Criterion", r.criteria);
  table("Phase", r.phases);
  out << '\n';
  const std::string verdict = fmt::format("{}: {}", name_of(r.overall), r.headline);
  for (const std::string& line : wrapped(cleaned(verdict), width)) {
    out << painted(line, ink_of_change(r.overall), options.colour) << '\n';
  }
  for (const std::string& note : r.notes) {
    for (const std::string& line : wrapped("note: " + cleaned(note), width)) out << line << '\n';
  }
}

void write_compare_markdown(const CompareReport& r, const ComparedRuns& runs, std::ostream& out) {
  out << fmt::format("## {}: {} → {}\n\n{}\n", name_of(r.overall), escaped_markdown(runs.before),
                     escaped_markdown(runs.after), escaped_markdown(r.headline));
  write_markdown_rows("Criterion", r.criteria, out);
  write_markdown_rows("Phase", r.phases, out);
  for (const std::string& note : r.notes) out << fmt::format("\n> {}\n", escaped_markdown(note));
  out << fmt::format(
      "\nBy chance: what equal runs would show, all comparisons together at a risk of 5 % (block bootstrap over time). "
      "Changes below {:.0f} % do not matter.\n",
      r.tolerance * 100);
}

void write_compare_json(const CompareReport& r, const ComparedRuns& runs, std::ostream& out) {
  json::array notes;
  for (const std::string& note : r.notes) notes.push_back(text(note));
  const json::object document{{"schema_version", kCompareSchemaVersion},
                              {"before", text(runs.before)},
                              {"after", text(runs.after)},
                              {"overall", name_of(r.overall)},
                              {"exit_code", r.exit_code()},
                              {"headline", text(r.headline)},
                              {"tolerance_ratio", r.tolerance},
                              {"criteria", rows(r.criteria)},
                              {"phases", rows(r.phases)},
                              {"notes", std::move(notes)}};
  out << pretty_json(document) << '\n';
}

}  // namespace surgeproof::reports
