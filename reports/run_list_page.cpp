// The list of past runs as a page: a chart for each figure of a scenario, and a table with a link to each report.
#include <ostream>

#include "reports/assets.h"
#include "reports/run_list.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

// Of a trend's picture, in its own units.
constexpr double kTrendWidth = 300;
constexpr double kHeight = 56;
constexpr double kEdge = 5;

std::string link_of(const PastRun& run) { return "run/" + url_segment(run.directory) + "/report.html"; }

double x_of(const Trend::Point& p) { return kEdge + p.x_share * (kTrendWidth - 2 * kEdge); }
double y_of(const Trend::Point& p) { return kHeight - kEdge - p.y_share * (kHeight - 2 * kEdge); }

void write_trend(const Trend& trend, const RunGroup& group, std::ostream& out) {
  out << fmt::format(
      "<figure class=\"card trend\"><figcaption>{} <b>{}</b></figcaption>\n"
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}: {}, last {}\"><polyline points=\"",
      escaped_xml(trend.title), escaped_xml(trend.last), kTrendWidth, kHeight, escaped_xml(trend.title),
      escaped_xml(trend.range), escaped_xml(trend.last));
  for (const Trend::Point& p : trend.points) out << fmt::format("{:.1f},{:.1f} ", x_of(p), y_of(p));
  out << "\"/>\n";
  for (const Trend::Point& p : trend.points) {
    const PastRun& run = group.runs[p.run];
    out << fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>{}: {}</title></circle>\n",
                       run.status, x_of(p), y_of(p), escaped_xml(run.load_started), escaped_xml(p.words));
  }
  out << fmt::format("</svg><p class=\"muted\">{}</p></figure>\n", escaped_xml(trend.range));
}

std::string pill(const PastRun& run) {
  if (run.status.empty()) return "<span class=\"pill open\">none</span>";
  return fmt::format("<span class=\"pill {0}\">{0}</span>", run.status);
}

void write_run(const PastRun& run, std::ostream& out) {
  const std::string began = escaped_xml(run.load_started.empty() ? run.directory : run.load_started);
  const auto count = [](const std::optional<std::uint64_t>& n) { return n ? grouped(*n) : std::string{"–"}; };
  out << fmt::format("<tr><td>{}</td><td class=\"began\">", pill(run));
  if (run.has_report) {
    out << fmt::format("<a href=\"{}\">{}</a>", escaped_xml(link_of(run)), began);
  } else {
    out << began;
  }
  out << fmt::format(
      "</td><td class=\"num\">{}</td><td class=\"num{}\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>"
      "<td class=\"wrap\">{}<div class=\"muted mono\">{}</div></td></tr>\n",
      words_for_ms(run.p99_ms), run.dropped.value_or(0) > 0 ? " bad" : "", count(run.dropped),
      words_for_ms(run.time_to_n_s ? std::optional{*run.time_to_n_s * 1e3} : std::nullopt), count(run.planned),
      escaped_xml(run.headline), escaped_xml(run.directory));
}

void write_group(const RunGroup& group, std::ostream& out) {
  const std::string name = escaped_xml(group.name.empty() ? "without a name" : group.name);
  out << fmt::format("<h2>{}</h2>\n", name);
  if (!group.trends.empty()) {
    out << "<div class=\"trends\">\n";
    for (const Trend& trend : group.trends) write_trend(trend, group, out);
    out << "</div>\n";
  }
  out << fmt::format("<div class=\"card scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Runs of {}\">", name)
      << "<table><thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">Load began</th>"
         "<th scope=\"col\" class=\"num\">p99</th><th scope=\"col\" class=\"num\">Dropped</th>"
         "<th scope=\"col\" class=\"num\">Time to N</th><th scope=\"col\" class=\"num\">Requests</th>"
         "<th scope=\"col\">What was found</th></tr></thead><tbody>\n";
  for (const PastRun& run : group.runs) write_run(run, out);
  out << "</tbody></table></div>\n";
}

}  // namespace

void write_run_list(const RunList& list, std::ostream& out) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "script-src 'unsafe-inline'\">\n<title>Past runs: surgeproof</title>\n<style>\n"
      << assets::report_css() << assets::runs_css()
      << "</style>\n<script>\n\"use strict\";\nconst dark = matchMedia(\"(prefers-color-scheme: dark)\");\n"
         "const show = () => { document.documentElement.dataset.theme = dark.matches ? \"dark\" : \"light\"; };\n"
         "dark.addEventListener(\"change\", show);\nshow();\n</script>\n</head>\n<body>\n"
         "<header class=\"masthead\"><div><h1>Past runs</h1>\n";
  out << fmt::format("<ul class=\"facts\"><li>{} in {}</li>", list.count == 1 ? "1 run" : grouped(list.count) + " runs",
                     escaped_xml(list.directory));
  if (list.left_out > 0) out << fmt::format("<li>{} older ones are not listed</li>", grouped(list.left_out));
  out << "</ul></div></header>\n<main>\n";
  if (list.groups.empty()) {
    out << "<p class=\"muted empty\">No run directory is here yet. surgeproof run and surgeproof demo make them below "
           "./runs; reload this page afterwards.</p>\n";
  }
  for (const RunGroup& group : list.groups) write_group(group, out);
  out << "</main>\n</body>\n</html>\n";
}

}  // namespace surgeproof::reports
