#include "reports/simulation_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr double kChartWidth = 1000;
constexpr double kLeft = 48;
constexpr std::array<const char*, 4> kInks{"#2a6fdb", "#d1591f", "#2b8a3e", "#8a4fbf"};

/// A step curve as an SVG path within (kLeft, top) to (kChartWidth, top + height).
std::string path_of(const SimulationPage::Curve& curve, double end_s, double most, double top, double height) {
  const auto x = [&](double t) {
    return kLeft + (kChartWidth - kLeft) * std::clamp(t / std::max(end_s, 1e-9), 0.0, 1.0);
  };
  const auto y = [&](double v) { return top + height * (1 - v / std::max(most, 1e-9)); };
  std::string path;
  for (const auto& [t, v] : curve.steps) {
    path += path.empty() ? fmt::format("M{:.1f} {:.1f}", x(t), y(v)) : fmt::format("H{:.1f}V{:.1f}", x(t), y(v));
  }
  return path.empty() ? path : path + fmt::format("H{:.1f}", x(end_s));
}

double most_of(const SimulationPage::Curve& curve) {
  double most = 0;
  for (const auto& [t, v] : curve.steps) most = std::max(most, v);
  return most;
}

void write_axis(double most, double top, double height, std::string_view unit, std::ostream& out) {
  for (const double share : {0.0, 0.5, 1.0}) {
    const double y = top + height * (1 - share);
    out << fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" class=\"grid\"/>", kLeft, kChartWidth, y,
                       y);
    out << fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.3g}</text>", kLeft - 6, y + 4, most * share);
  }
  out << fmt::format("<text x=\"{}\" y=\"{:.1f}\">{}</text>\n", kLeft, top - 8, unit);
}

void write_picture(const SimulationPage& p, std::ostream& out) {
  double most = 1;
  for (const auto& curve : p.replicas) most = std::max(most, most_of(curve));
  out << "<svg viewBox=\"0 0 1000 470\" role=\"img\" aria-label=\"Replicas recorded and simulated, and the load\">\n";
  write_axis(most, 30, 230, "ready pods", out);
  for (std::size_t i = 0; i < p.replicas.size(); ++i) {
    const auto& curve = p.replicas[i];
    out << fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\"{}/>\n",
                       path_of(curve, p.end_s, most, 30, 230), kInks[i % kInks.size()],
                       curve.dashed ? " stroke-dasharray=\"7 5\"" : "");
  }
  const double load = std::max(most_of(p.load), 1.0);
  write_axis(load, 310, 110, "requests per second", out);
  out << fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#777\" stroke-width=\"2\"/>\n",
                     path_of(p.load, p.end_s, load, 310, 110));
  for (int i = 0; i <= 5; ++i) {
    const double t = p.end_s * i / 5;
    out << fmt::format("<text x=\"{:.1f}\" y=\"445\" text-anchor=\"{}\">{}</text>",
                       kLeft + (kChartWidth - kLeft) * i / 5, i == 5 ? "end" : "middle", clock_text(t));
  }
  out << "\n</svg>\n<p>";
  for (std::size_t i = 0; i < p.replicas.size(); ++i) {
    out << fmt::format("<span class=\"key\" style=\"border-color:{}\">{}</span> ", kInks[i % kInks.size()],
                       escaped_xml(p.replicas[i].name));
  }
  out << "</p>\n";
}

void write_side(const SimulationPage::Outlook::Side& side, std::ostream& out) {
  using Status = SimulationPage::Outlook::Status;
  const char* name = side.status == Status::met ? "met" : side.status == Status::not_met ? "broken" : "open";
  out << fmt::format("<td><span class=\"{}\">{}</span></td>", name, escaped_xml(side.text));
}

void write_outlooks(const SimulationPage& p, std::ostream& out) {
  if (p.outlooks.empty()) return;
  out << "<h2>Criteria, as far as a simulation can tell</h2>\n";
  out << fmt::format("<p>{}</p>\n", escaped_xml(p.outlook_sentence));
  out << "<table class=\"criteria\"><thead><tr><th>Criterion</th><th>As it "
         "is</th><th>Simulated</th></tr></thead><tbody>\n";
  for (const auto& o : p.outlooks) {
    out << fmt::format("<tr><td>{}", escaped_xml(o.criterion));
    if (!o.note.empty()) out << fmt::format("<small>{}</small>", escaped_xml(o.note));
    out << "</td>";
    write_side(o.as_it_is, out);
    write_side(o.simulated, out);
    out << "</tr>\n";
  }
  out << "</tbody></table>\n";
}

}  // namespace

void write_simulation_page(const SimulationPage& p, std::ostream& out) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
  out << fmt::format("<title>{}</title>\n", escaped_xml(p.title));
  out << "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:1040px;margin:2rem auto;padding:0 "
         "1rem;color:#1c1e21;"
         "background:#fff}svg{width:100%;height:auto}svg text{font-size:13px;fill:currentColor}.grid{stroke:#8884}"
         "table{border-collapse:collapse}td,th{padding:.25rem .9rem .25rem "
         "0;text-align:right}td:first-child,th:first-child"
         "{text-align:left}tr{border-bottom:1px solid #8884}.key{border-left:18px "
         "solid;padding-left:6px;margin-right:18px}"
         ".criteria :is(td,th){vertical-align:top;text-align:left}.criteria "
         "small{display:block;opacity:.75}.met::before{content:'\\2713\\a0'}"
         ".broken::before{content:'\\2717\\a0'}.open::before{content:'? '}.met{color:#1f7a34}.broken{color:#b3261e;"
         "font-weight:600}.wide{overflow-x:auto}"
         "@media(prefers-color-scheme:dark){body{background:#16181c;color:#e6e8eb}.met{color:#7fd896}.broken{color:#"
         "ff9a92}}"
         "</style>\n</head>\n<body>\n";
  out << fmt::format("<h1>{}</h1>\n", escaped_xml(p.title));
  write_picture(p, out);
  write_outlooks(p, out);
  out << "<h2>Figures</h2>\n<div class=\"wide\"><table><thead><tr><th></th>";
  for (const auto& c : p.columns) out << fmt::format("<th>{}</th>", escaped_xml(c));
  out << "</tr></thead><tbody>\n";
  for (const auto& row : p.rows) {
    out << fmt::format("<tr><td>{}</td>", escaped_xml(row.what));
    for (const auto& v : row.values) out << fmt::format("<td>{}</td>", escaped_xml(v));
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n<h2>How it was simulated</h2>\n";
  for (const auto& s : p.sentences) out << fmt::format("<p>{}</p>\n", escaped_xml(s));
  out << "</body>\n</html>\n";
}

}  // namespace surgeproof::reports
