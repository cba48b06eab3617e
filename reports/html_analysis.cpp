// The critical paths and the drop forensics as tables.
#include <ostream>

#include "reports/html_parts.h"
#include "reports/html_table.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

std::string took(const std::optional<double>& seconds) {
  return words_for_ms(seconds ? std::optional{*seconds * 1e3} : std::nullopt);
}

/// "the HPA's decision took…" → "The HPA's decision took…": as a sentence of its own.
std::string sentence_of(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text.ends_with('.') || text.ends_with(')') ? text : text + ".";
}

void write_path(const PathReport& path, const std::string& anchor, std::ostream& out) {
  out << fmt::format("<h2 id=\"{0}\" data-link=\"{1}\">Where the time went: {1}</h2>\n<div class=\"card\">\n", anchor,
                     escaped_xml(path.title));
  if (!path.sentence.empty())
    out << fmt::format("<p class=\"inset\">{}</p>\n", escaped_xml(sentence_of(path.sentence)));
  open_table({{"Stage"}, {"From", "num"}, {"Took", "num"}, {"Waterfall"}, {"Evidence"}, {"To shorten it"}}, out);
  for (const PathStage& s : path.stages) {
    write_row({{s.name + (s.slowest ? " (the slowest)" : "")},
               {"", "num fine", s.begin_s},
               {words_for_ms((s.end_s - s.begin_s) * 1e3), s.slowest ? "num bad" : "num"},
               {"", "fall", std::nullopt, s.length_share, s.begin_share},
               {s.evidence, "wrap"},
               {s.remedy, "wrap"}},
              s.slowest ? "slowest" : "", out);
  }
  close_table(out);
  for (const std::string& text : path.unseen)
    out << fmt::format("<p class=\"inset muted\">Not seen: {}.</p>\n", escaped_xml(text));
  if (!path.pods.empty()) {
    open_table({{"New pod"},
                {"Node"},
                {"Scheduled", "num"},
                {"Started", "num"},
                {"Ready", "num"},
                {"In endpoints", "num"},
                {"First request", "num"}},
               out);
    for (const PodPathRow& p : path.pods) {
      write_row({{p.pod, "mono"},
                 {p.node},
                 {took(p.scheduling_s), "num"},
                 {took(p.start_s), "num"},
                 {took(p.readiness_s), "num"},
                 {took(p.endpoints_s), "num"},
                 {took(p.first_request_s), "num"}},
                "", out);
    }
    close_table(out);
  }
  out << "</div>\n";
}

void write_drop_cause(const DropCauseRow& c, Anchors& anchors, std::ostream& out) {
  out << fmt::format(
      "<div class=\"drop\" id=\"{}\"><h3 data-link=\"{}\">{} <span class=\"tag\">{}, confidence: {}</span></h3>\n",
      anchors.take("drop", c.code), escaped_xml(c.sentence), escaped_xml(sentence_of(c.sentence)), escaped_xml(c.code),
      escaped_xml(c.confidence));
  if (!c.remedy.empty()) out << fmt::format("<p class=\"remedy\">{}</p>\n", escaped_xml(sentence_of(c.remedy)));
  if (!c.pods.empty()) {
    open_table({{"Pod"}, {"Node"}, {"Requests", "num"}, {"From", "num"}, {"To", "num"}, {"When"}, {"For example"}},
               out);
    for (const DropCauseRow::Pod& p : c.pods) {
      write_row({{p.pod.empty() ? "not known" : p.pod, "mono"},
                 {p.node},
                 {grouped(p.count), "num"},
                 {"", "num", p.first_s},
                 {"", "num", p.last_s},
                 {p.bursts, "wrap"},
                 {p.example, "wrap"}},
                "", out);
    }
    close_table(out);
  }
  out << "</div>\n";
}

}  // namespace

void write_html_paths(const Report& r, std::ostream& out) {
  Anchors anchors;
  for (const HpaReport& hpa : r.hpas) {
    for (const PathReport& path : hpa.paths) write_path(path, anchors.take("path", hpa.name), out);
  }
}

void write_html_drops(const Report& r, std::ostream& out) {
  const DropSection& d = r.drops;
  if (d.causes.empty() && d.lost_here.empty()) return;
  out << "<h2 id=\"drops\">Why requests failed</h2>\n<div class=\"card\">\n";
  Anchors anchors;
  for (const DropCauseRow& c : d.causes) write_drop_cause(c, anchors, out);
  if (!d.prestop.empty()) out << fmt::format("<p class=\"inset\">Measured: {}.</p>\n", escaped_xml(d.prestop));
  for (const std::string& lost : d.lost_here) {
    out << fmt::format("<p class=\"inset muted\">Lost in the generator, not counted against the service: {}.</p>\n",
                       escaped_xml(lost));
  }
  out << "</div>\n";
}

}  // namespace surgeproof::reports
