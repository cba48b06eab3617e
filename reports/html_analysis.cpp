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

void write_path(const PathReport& path, std::ostream& out) {
  out << fmt::format("<h2>Where the time went: {}</h2>\n<div class=\"card\">", escaped_xml(path.title));
  open_table({{"Stage"}, {"From", "num"}, {"To", "num"}, {"Took", "num"}, {"Evidence"}, {"To shorten it"}}, out);
  for (const PathStage& s : path.stages) {
    write_row({{s.name + (s.slowest ? " (the slowest)" : "")},
               {clock_text(s.begin_s), "num"},
               {clock_text(s.end_s), "num"},
               {words_for_ms((s.end_s - s.begin_s) * 1e3), s.slowest ? "num bad" : "num"},
               {s.evidence, "wrap"},
               {s.remedy, "wrap"}},
              "", out);
  }
  close_table(out);
  if (!path.sentence.empty()) out << fmt::format("<p>{}.</p>\n", escaped_xml(path.sentence));
  for (const std::string& text : path.unseen)
    out << fmt::format("<p class=\"muted\">Not seen: {}.</p>\n", escaped_xml(text));
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

}  // namespace

void write_html_paths(const Report& r, std::ostream& out) {
  for (const HpaReport& hpa : r.hpas) {
    for (const PathReport& path : hpa.paths) write_path(path, out);
  }
}

void write_html_drops(const Report& r, std::ostream& out) {
  const DropSection& d = r.drops;
  if (d.causes.empty() && d.lost_here.empty()) return;
  out << "<h2>Why requests failed</h2>\n<div class=\"card\">";
  open_table({{"Cause"}, {"Requests", "num"}, {"Confidence"}, {"Pod"}, {"When"}, {"Evidence"}, {"Remedy"}}, out);
  for (const DropCauseRow& c : d.causes) {
    write_row({{c.code}, {grouped(c.count), "num"}, {c.confidence}, {}, {}, {c.sentence, "wrap"}, {c.remedy, "wrap"}},
              "sum", out);
    for (const DropCauseRow::Pod& p : c.pods) {
      const std::string pod = p.pod.empty() ? "not known" : p.node.empty() ? p.pod : p.pod + " on " + p.node;
      write_row({{}, {grouped(p.count), "num"}, {}, {pod, "mono"}, {p.bursts, "wrap"}, {p.example, "wrap"}, {}}, "",
                out);
    }
  }
  close_table(out);
  if (!d.prestop.empty()) out << fmt::format("<p>Measured: {}.</p>\n", escaped_xml(d.prestop));
  for (const std::string& lost : d.lost_here) {
    out << fmt::format("<p class=\"muted\">Lost in the generator, not counted against the service: {}.</p>\n",
                       escaped_xml(lost));
  }
  out << "</div>\n";
}

}  // namespace surgeproof::reports
