#include "reports/watched.h"

#include <ostream>

#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMostRows = 50;
constexpr std::size_t kFewChanges = 6;  ///< on the console, at each end

struct Count {
  int lowest = 0;
  int highest = 0;
};

/// Over the values that are known.
std::optional<Count> count_of(const std::vector<std::optional<int>>& values) {
  std::optional<Count> found;
  for (const auto& v : values) {
    if (!v) continue;
    if (!found) found = Count{*v, *v};
    found = Count{std::min(found->lowest, *v), std::max(found->highest, *v)};
  }
  return found;
}

std::string words(const std::optional<Count>& c) {
  if (!c) return "not seen";
  return c->lowest == c->highest ? fmt::format("{}", c->lowest) : fmt::format("{} to {}", c->lowest, c->highest);
}

std::string hpa_words(const HpaReport& h) {
  const auto gone = std::ranges::count_if(h.pods, [](const PodBar& p) { return p.gone_s.has_value(); });
  const auto fresh = std::ranges::count_if(h.pods, [](const PodBar& p) { return !p.before_watch; });
  return fmt::format("{} to {} replicas of {}: wanted {}, ready {}; {} pods came, {} went", h.min_replicas,
                     h.max_replicas, h.target, words(count_of(h.replicas.current)), words(count_of(h.replicas.ready)),
                     fresh, gone);
}

std::string gap_words(const Gap& g) {
  return fmt::format("{} not seen from {} to {}: {}", g.resource, clock_text(g.begin_s), clock_text(g.end_s), g.why);
}

/// The first and the last ones, when there are many.
void write_replica_changes(const Report& r, std::ostream& out) {
  std::vector<const LogLine*> changes;
  for (const LogLine& l : r.log) {
    if (l.reason == "replicas set") changes.push_back(&l);
  }
  if (!changes.empty()) out << '\n';
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes.size() > 2 * kFewChanges && i == kFewChanges) {
      out << fmt::format("  … {} more\n", changes.size() - 2 * kFewChanges);
      i = changes.size() - kFewChanges;
    }
    out << fmt::format("  {:>7}  {}: {} replicas\n", clock_text(changes[i]->t_s), cleaned(changes[i]->object),
                       cleaned(changes[i]->message));
  }
}

bool is_decision(const LogLine& l) { return l.warning || l.reason == "replicas set" || l.reason == "desired replicas"; }

}  // namespace

void write_console_watched(const Report& r, std::ostream& out, const ConsoleOptions& options) {
  const auto paragraph = [&](std::string_view text, int indent, Ink ink) {
    for (const auto& part : wrapped(cleaned(text), options.width - indent)) {
      out << std::string(static_cast<std::size_t>(indent), ' ') << painted(part, ink, options.colour) << '\n';
    }
  };
  paragraph(r.headline, 0, Ink::bold);
  for (const HpaReport& h : r.hpas) {
    out << "\n  " << painted(cleaned(h.ns + "/" + h.name), Ink::bold, options.colour) << '\n';
    paragraph(hpa_words(h), 2, Ink::plain);
  }
  write_replica_changes(r, out);
  if (!r.gaps.empty()) out << '\n';
  for (const Gap& g : r.gaps) paragraph(gap_words(g), 2, Ink::yellow);
  for (const std::string& note : r.notes) paragraph(note, 2, Ink::plain);
}

void write_markdown_watched(const Report& r, std::ostream& out) {
  out << fmt::format("## WATCHED: {}\n\n{}\n\n", escaped_markdown(r.name), escaped_markdown(r.headline));
  for (const HpaReport& h : r.hpas) {
    out << fmt::format("- **{}**: {}\n", escaped_markdown(h.ns + "/" + h.name), escaped_markdown(hpa_words(h)));
  }
  out << "\n| Time | What | |\n|---:|---|---|\n";
  std::size_t rows = 0;
  for (const LogLine& l : r.log) {
    if (!is_decision(l)) continue;
    if (++rows > kMostRows) break;
    out << fmt::format("| {} | {} | {}: {} |\n", clock_text(l.t_s), escaped_markdown(l.object),
                       escaped_markdown(l.reason), escaped_markdown(l.message));
  }
  for (const Gap& g : r.gaps) out << fmt::format("\n- {}\n", escaped_markdown(gap_words(g)));
  out << fmt::format("\nWatched from {} for {}, surgeproof {}.\n", escaped_markdown(r.load_started),
                     escaped_markdown(r.duration), escaped_markdown(r.tool_version));
}

void write_html_watched(const Report& r, std::ostream& out) {
  out << fmt::format(
      "<header class=\"masthead watched\"><div>\n<div class=\"top\"><h1>{}</h1>"
      "<button id=\"theme\" class=\"theme\" type=\"button\" hidden>Light / dark</button></div>\n",
      escaped_xml(r.name));
  out << fmt::format("<p class=\"headline\"><span>{}</span></p>\n<ul class=\"facts\">", escaped_xml(r.headline));
  for (const HpaReport& h : r.hpas) out << fmt::format("<li>{}</li>", escaped_xml(h.ns + "/" + h.name));
  out << fmt::format("<li>Watched from {}</li><li>{} recorded</li><li>surgeproof {}</li></ul>\n</div></header>\n",
                     escaped_xml(r.load_started), escaped_xml(r.duration), escaped_xml(r.tool_version));
  out << "<main>\n";
  for (const HpaReport& h : r.hpas) {
    out << fmt::format("<p class=\"told card\"><strong>{}</strong>: {}</p>\n", escaped_xml(h.ns + "/" + h.name),
                       escaped_xml(hpa_words(h)));
  }
}

}  // namespace surgeproof::reports
