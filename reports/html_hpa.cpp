// What the HPA decided and why, and how well the replicas followed the demand.
#include <ostream>

#include "reports/html_parts.h"
#include "reports/html_table.h"
#include "reports/report.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMostOpen = 40;  // a longer log is folded

void write_decision(const HpaReport& hpa, const DecisionRow& row, Anchors& anchors, std::ostream& out) {
  out << fmt::format(
      "<li id=\"{}\"><details class=\"decision{}\"><summary><span class=\"num\">{}</span> <b>{} → {}</b> "
      "<span>{}{}</span></summary>\n<p data-link=\"the decision at {}\">At {}{}</p>\n",
      anchors.take("decision", fmt::format("{} {:.0f}s", hpa.name, row.t_s)), row.explained ? "" : " warning",
      clock_text(row.t_s), row.from, row.to,
      row.explained ? "" : "<span class=\"pill inconclusive\">unexplained</span> ", escaped_xml(row.text),
      clock_text(row.t_s), moment_link(row.t_s),
      row.steps.empty() ? "." : ", as the controller's own steps, recomputed from what was seen:");
  if (!row.steps.empty()) {
    out << "<ol>";
    for (const std::string& step : row.steps) out << fmt::format("<li>{}</li>", escaped_xml(step));
    out << "</ol>";
  }
  out << "</details></li>\n";
}

}  // namespace

void write_html_decisions(const Report& r, std::ostream& out) {
  Anchors anchors;
  for (const HpaReport& hpa : r.hpas) {
    const Decisions& d = hpa.decisions;
    if (d.syncs_seen == 0) continue;
    open_details(fmt::format("Decisions of {}", hpa.name),
                 fmt::format("{} syncs seen, {} with the replicas that the controller's model says, {} unexplained",
                             d.syncs_seen, d.equal, d.unexplained),
                 !d.rows.empty() && d.rows.size() <= kMostOpen, out);
    out << "<ol class=\"decisions\">\n";
    for (const DecisionRow& row : d.rows) write_decision(hpa, row, anchors, out);
    out << "</ol>\n";
    if (hpa.own_simulation) {
      out << fmt::format("<p class=\"inset muted\">{}.</p>\n", escaped_xml(hpa.own_simulation->sentence));
    }
    out << "</details>\n";
  }
}

void write_html_scores(const Report& r, std::ostream& out) {
  bool begun = false;
  for (const HpaReport& hpa : r.hpas) {
    const auto score = hpa.scores.find("replica_seconds");
    if (score == hpa.scores.end()) continue;
    if (!begun) out << "<h2 id=\"elasticity\">Elasticity</h2>\n";
    begun = true;
    std::vector<std::pair<std::string, std::string>> pairs{
        {"Replica-seconds", fmt::format("{:.0f} (ready pods, summed over the recording)", score->second)}};
    pairs.insert(pairs.end(), hpa.score_rows.begin(), hpa.score_rows.end());
    if (!hpa.demand_from.empty()) pairs.emplace_back("Demand", hpa.demand_from);
    out << fmt::format("<div class=\"card\">\n<h3 class=\"inset\">{}</h3>\n", escaped_xml(hpa.name));
    write_html_pairs(pairs, out);
    out << "</div>\n";
  }
}

}  // namespace surgeproof::reports
