// The HTML report: one file that needs no network. What matters is plain HTML; the charts are drawn by script.
#include <ostream>

#include "reports/assets.h"
#include "reports/formats.h"
#include "reports/html_parts.h"
#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

void write_head(const Report& r, std::ostream& out) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         // Nothing may be loaded from anywhere; a page that follows a run may ask where it came from.
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "script-src 'unsafe-inline'"
      << (r.going_on ? "; connect-src 'self'" : "") << "\">\n";
  out << fmt::format("<title>{}: {}</title>\n",
                     r.going_on       ? "running"
                     : r.watched_only ? "WATCHED"
                                      : word_of(r.status),
                     escaped_xml(r.name));
  out << "<style>\n" << assets::uplot_css() << '\n' << assets::report_css() << "</style>\n";
  out << "<script>document.documentElement.dataset.theme = "
         "matchMedia(\"(prefers-color-scheme: dark)\").matches ? \"dark\" : \"light\";</script>\n</head>\n<body>\n";
}

void write_charts(std::ostream& out) {
  out << R"(<h2 id="timeline">Timeline</h2>
<div class="toolbar"><div class="buttons" role="group" aria-label="Zoom">
<button type="button" data-zoom="in" aria-label="Zoom in">+</button>
<button type="button" data-zoom="out" aria-label="Zoom out">−</button>
<button type="button" data-zoom="left" aria-label="Earlier">◀</button>
<button type="button" data-zoom="right" aria-label="Later">▶</button>
<button type="button" data-zoom="all">Whole run</button></div>
<button type="button" id="copy-moment" title="Copy a link to this moment and zoom; key c on a chart">Copy link</button>
<output id="at"></output></div>
<p class="visually-hidden" id="lane-keys">Left and right arrow move the cursor over all charts, with Shift ten times as
far; Home and End go to the first and last instant shown; plus and minus zoom, Page Up and Page Down move the view, 0
shows the whole run; c copies a link to the moment. Each chart can be read as a table, too.</p>
<div id="spans" class="spans" aria-hidden="true"></div>
<div id="lanes" class="lanes" role="group" aria-label="Charts over time">
<p class="notice card">The charts need JavaScript. Everything else on this page is complete without it.</p></div>
)";
}

void write_scripts(const Report& r, std::ostream& out) {
  out << "<script type=\"application/octet-stream\" id=\"run-data\">" << html_data(r) << "</script>\n";
  out << "<script>\n/* uPlot\n" << assets::uplot_licence() << "*/\n" << assets::uplot_js() << "</script>\n";
  out << "<script>\n\"use strict\";\n(() => {\n"
      << assets::report_js() << (r.going_on ? assets::follow_js() : "") << "})();\n</script>\n";
}

}  // namespace

void write_html(const Report& r, std::ostream& out) {
  write_head(r, out);
  write_html_verdict(r, out);
  write_charts(out);
  write_html_tables(r, out);
  out << fmt::format(
      "</main>\n<footer>Written by surgeproof {}. Times are seconds since the {}. Charts: uPlot, MIT License, "
      "copyright "
      "Leon Sorokin; its licence is in this page's source.</footer>\n",
      escaped_xml(r.tool_version),
      r.without_load ? "recording began" : "load began, latencies run from the planned instant of each request");
  write_scripts(r, out);
  out << "</body>\n</html>\n";
}

}  // namespace surgeproof::reports
