#include <ostream>

#include "reports/html_parts.h"
#include "reports/html_table.h"
#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

std::string ready_words(const SpanSummary& s) {
  std::string text;
  for (const ReplicaRange& r : s.replicas) {
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", s.replicas.size() > 1 ? r.hpa + " " : "", r.lowest_ready);
    if (r.highest_ready != r.lowest_ready) text += fmt::format("–{}", r.highest_ready);
  }
  return text;
}

void write_summary_rows(const std::vector<SpanSummary>& rows, std::string_view kind, std::ostream& out) {
  for (const SpanSummary& s : rows) {
    write_row({{s.span.name},
               {fmt::format("{} – {}", clock_text(s.span.begin_s), clock_text(s.span.end_s)), "num"},
               {rate_text(s.offered_per_second), "num"},
               {rate_text(s.served_per_second), "num"},
               {words_for_ms(s.p50_ms), "num"},
               {words_for_ms(s.p95_ms), "num"},
               {words_for_ms(s.p99_ms), "num"},
               {words_for_ms(s.max_ms), "num"},
               {grouped(s.errors), s.errors > 0 ? "num bad" : "num"},
               {grouped(s.dropped), s.dropped > 0 ? "num bad" : "num"},
               {grouped(s.lost_here), s.lost_here > 0 ? "num bad" : "num"},
               {ready_words(s), "num"}},
              kind, out);
  }
}

void write_summary(const Report& r, std::ostream& out) {
  if (r.total.planned == 0) return;
  const auto table = [&](std::string_view what, const std::vector<SpanSummary>& rows) {
    out << "<div class=\"card\">";
    open_table({{std::string(what)},
                {"Time", "num"},
                {"Offered/s", "num"},
                {"Served/s", "num"},
                {"p50", "num"},
                {"p95", "num"},
                {"p99", "num"},
                {"Max", "num"},
                {"Errors", "num"},
                {"Dropped", "num"},
                {"Unsent", "num"},
                {"Ready pods", "num"}},
               out);
    write_summary_rows(rows, "", out);
    if (what == "Stage") write_summary_rows({r.total}, "sum", out);
    close_table(out);
    out << "</div>\n";
  };
  out << "<h2 id=\"load\">Load, latency and replicas</h2>\n";
  table("Stage", r.by_stage);
  if (!r.by_phase.empty()) table("Phase", r.by_phase);
}

void write_failures(const Report& r, std::ostream& out) {
  if (r.failures.empty()) return;
  out << "<h2 id=\"failed\">Failed requests</h2>\n<div class=\"card\">";
  open_table({{"Outcome"}, {"Requests", "num"}, {"First", "num"}, {"Last", "num"}, {"Example"}}, out);
  for (const FailureRow& f : r.failures) {
    write_row({{std::string(words_for(f.outcome))},
               {grouped(f.count), is_drop(f.outcome) ? "num bad" : "num"},
               {"–", "num", f.first_s},
               {"–", "num", f.last_s},
               {f.example, "wrap"}},
              "", out);
  }
  close_table(out);
  out << "</div>\n";
  if (r.failure_examples.empty()) return;
  open_details("Failed requests in full", fmt::format("{} shown", r.failure_examples.size()), false, out);
  open_table({{"Planned", "num"},
              {"Ended after", "num"},
              {"Outcome"},
              {"Status", "num"},
              {"Request"},
              {"Stage"},
              {"Peer"},
              {"Pod"},
              {"What happened"},
              {"Trace"}},
             out);
  for (const FailureExample& f : r.failure_examples) {
    write_row({{"", "num", f.planned_s},
               {words_for_ms((f.ended_s - f.planned_s) * 1e3), "num"},
               {std::string(words_for(f.outcome))},
               {f.status ? fmt::format("{}", f.status) : "–", "num"},
               {f.request},
               {f.stage},
               {f.peer, "mono"},
               {f.pod, "mono"},
               {f.text, "wrap"},
               {f.trace_id, "mono"}},
              "", out);
  }
  close_table(out);
  out << "</details>\n";
}

void write_log(const Report& r, std::ostream& out) {
  if (r.log.empty()) return;
  open_details("Events and decisions", fmt::format("{} lines", r.log.size()), r.log.size() <= 40, out);
  open_table({{"Time", "num"}, {"Object"}, {"What"}, {"Message"}}, out);
  for (const LogLine& l : r.log) {
    write_row({{"", "num", l.t_s},
               {l.object},
               {l.count > 1 ? fmt::format("{} (×{})", l.reason, l.count) : l.reason},
               {l.message, "wrap"}},
              l.warning ? "warning" : "", out);
  }
  close_table(out);
  out << "</details>\n";
}

void write_peers(const Report& r, std::ostream& out) {
  if (r.peers.empty()) return;
  open_details("Who answered", fmt::format("{} addresses", r.peers.size()), false, out);
  open_table({{"Address"}, {"Pod"}, {"Answers", "num"}, {"First", "num"}, {"Last", "num"}}, out);
  for (const PeerRow& p : r.peers) {
    write_row({{p.peer, "mono"},
               {p.pod, "mono"},
               {grouped(p.answered), "num"},
               {"", "num", p.first_s},
               {"", "num", p.last_s}},
              "", out);
  }
  close_table(out);
  out << "</details>\n";
}

void write_measurement(const Report& r, std::ostream& out) {
  out << "<h2 id=\"measurement\">The measurement itself</h2>\n<div class=\"card\">";
  if (!r.health.empty()) {
    open_table({{"Result"}, {"Check"}, {"What was seen"}}, out);
    for (const FindingLine& h : r.health) {
      out << fmt::format("<tr><td><span class=\"pill {}\">{}</span></td><td>{}</td><td class=\"wrap\">{}</td></tr>\n",
                         name_of(h.finding.status), word_of(h.finding.status), escaped_xml(h.finding.title),
                         escaped_xml(h.finding.sentence));
    }
    close_table(out);
  }
  const GeneratorHealth& g = r.generator;
  if (!r.without_load)
    write_html_pairs({{"Schedule error p50", words_for_ms(g.schedule_error_p50_ms)},
                      {"Schedule error p99", words_for_ms(g.schedule_error_p99_ms)},
                      {"Schedule error max", words_for_ms(g.schedule_error_max_ms)},
                      {"Busiest generator thread", fmt::format("{}% of a core", g.busiest_worker_percent)},
                      {"Largest backlog", grouped(g.largest_backlog) + " requests"},
                      {"Most in flight", grouped(g.most_in_flight) + " requests"},
                      {"Most connections", grouped(g.most_connections)}},
                     out);
  std::vector<std::pair<std::string, std::string>> remarks;
  for (const std::string& note : r.notes) remarks.emplace_back("Note", note);
  for (const Gap& gap : r.gaps) {
    remarks.emplace_back("Not seen", fmt::format("{} from {} to {}: {}", gap.resource, clock_text(gap.begin_s),
                                                 clock_text(gap.end_s), gap.why));
  }
  if (!remarks.empty()) write_html_pairs(remarks, out);
  if (r.watched_only && r.health.empty() && remarks.empty()) {
    out << "<p class=\"told\">What was watched could be seen all the time.</p>";
  }
  out << "</div>\n";
}

void write_environment(const Report& r, std::ostream& out) {
  std::vector<std::pair<std::string, std::string>> pairs{{"scenario file", r.scenario_file}};
  for (const auto& [name, value] : r.environment) pairs.emplace_back(name, value);
  open_details("Environment", "", false, out);
  write_html_pairs(pairs, out);
  out << "</details>\n";
  if (r.scenario_text.empty()) return;
  open_details("Scenario", "as resolved, without secrets", false, out);
  out << fmt::format("<pre tabindex=\"0\">{}</pre></details>\n", escaped_xml(r.scenario_text, true));
}

}  // namespace

void write_html_tables(const Report& r, std::ostream& out) {
  write_summary(r, out);
  write_html_paths(r, out);
  write_failures(r, out);
  write_html_drops(r, out);
  write_html_logs(r, out);
  write_html_scores(r, out);
  out << "<h2 id=\"cluster\">What the cluster did</h2>\n";
  if (r.log.empty()) out << "<p class=\"muted\">No event was recorded.</p>\n";
  write_html_decisions(r, out);
  write_log(r, out);
  write_peers(r, out);
  write_measurement(r, out);
  write_environment(r, out);
}

}  // namespace surgeproof::reports
