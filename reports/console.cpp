// The result on a terminal: criteria first, then why, then the figures behind them.
#include <ostream>
#include <utility>

#include "reports/formats.h"
#include "reports/log_words.h"
#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"
#include "reports/text_table.h"
#include "reports/watched.h"

namespace surgeproof::reports {
namespace {

constexpr int kNarrowest = 76;
constexpr int kWidestConsole = 132;
constexpr std::size_t kEvidenceLines = 3;

class ConsolePage {
 public:
  ConsolePage(const Report& report, std::ostream& out, const ConsoleOptions& options)
      : r_(report), out_(out), colour_(options.colour), width_(std::clamp(options.width, kNarrowest, kWidestConsole)) {}

  void write() {
    if (r_.watched_only) return write_console_watched(r_, out_, {colour_, width_});
    header();
    criteria();
    line("");
    paragraph(fmt::format("{}: {}", word_of(r_.status), r_.headline), "", 0, ink_of(r_.status));
    causes();
    health();
    summary();
    failures();
    drops();
    logs();
    replicas();
    notes();
  }

 private:
  void line(const std::string& text) { out_ << text << '\n'; }
  std::string paint(std::string_view text, Ink ink) const { return painted(text, ink, colour_); }

  void heading(std::string_view text) {
    line("");
    line(paint(text, Ink::bold));
  }

  void paragraph(std::string_view text, std::string_view first, int indent, Ink ink) {
    std::string lead(first);
    for (const std::string& part : wrapped(cleaned(text), width_ - indent)) {
      line(padded(lead, indent) + paint(part, ink));
      lead.clear();
    }
  }

  void header() {
    line(paint(cut(cleaned(r_.name), width_), Ink::bold));
    const std::string begin = r_.without_load ? "watched from " : r_.target + ", load began ";
    paragraph(
        fmt::format("{}{}, {} recorded{}", begin, r_.load_started, r_.duration, r_.interrupted ? ", interrupted" : ""),
        "", 0, Ink::dim);
  }

  void criteria() {
    if (r_.criteria.empty()) return;
    heading("Criteria");
    TextTable table({{"", false}, {"", false}, {"measured"}, {"limit"}, {"margin"}});
    for (const FindingLine& c : r_.criteria) {
      const Finding& f = c.finding;
      table.add({{std::string(word_of(f.status)), ink_of(f.status)},
                 {cleaned(f.title)},
                 {cleaned(f.observed), f.status == Status::pass ? Ink::plain : ink_of(f.status)},
                 {cleaned(f.limit)},
                 {cleaned(f.margin)}});
    }
    for (const std::string& text : table.lines(width_ - 2, 1, colour_)) line("  " + text);
    for (const FindingLine& c : r_.criteria) {
      if (c.finding.status == Status::pass) continue;
      line("");
      paragraph(c.finding.sentence, fmt::format("  {} ", c.finding.status == Status::fail ? "✗" : "?"), 4,
                ink_of(c.finding.status));
    }
  }

  void causes() {
    if (r_.causes.empty()) return;
    heading("Why");
    int number = 0;
    for (const Cause& c : r_.causes) {
      std::string text = c.sentence;
      if (c.confidence != Confidence::high) text += fmt::format(" (confidence: {})", name_of(c.confidence));
      paragraph(text, fmt::format("  {}.", ++number), 5, Ink::plain);
      if (!c.remedy.empty()) paragraph(c.remedy, "     →", 7, Ink::cyan);
      for (std::size_t i = 0; i < std::min(c.evidence.size(), kEvidenceLines); ++i) {
        paragraph(c.evidence[i], "     ·", 7, Ink::dim);
      }
    }
  }

  void health() {
    if (r_.health.empty()) return;
    heading("The measurement itself");
    for (const FindingLine& h : r_.health) {
      const bool good = h.finding.status == Status::pass;
      paragraph(fmt::format("{}: {}", h.finding.title, h.finding.sentence), good ? "  ok" : "  !!", 6,
                good ? Ink::plain : Ink::yellow);
    }
  }

  std::vector<TextTable::Cell> row_of(const SpanSummary& s) const {
    std::string ready;
    for (const ReplicaRange& r : s.replicas) {
      ready += (ready.empty() ? "" : " ") + (r.lowest_ready == r.highest_ready
                                                 ? fmt::format("{}", r.lowest_ready)
                                                 : fmt::format("{}-{}", r.lowest_ready, r.highest_ready));
    }
    std::vector<TextTable::Cell> row{{cleaned(s.span.name)},
                                     {fmt::format("{}-{}", clock_text(s.span.begin_s), clock_text(s.span.end_s))},
                                     {rate_text(s.offered_per_second)},
                                     {rate_text(s.served_per_second)},
                                     {words_for_ms(s.p50_ms)},
                                     {words_for_ms(s.p95_ms)},
                                     {words_for_ms(s.p99_ms)},
                                     {grouped(s.errors), s.errors > 0 ? Ink::yellow : Ink::plain},
                                     {grouped(s.dropped), s.dropped > 0 ? Ink::red : Ink::plain},
                                     {ready}};
    if (is_wide()) row.insert(row.begin() + 7, {words_for_ms(s.max_ms)});
    if (is_wide()) row.insert(row.begin() + 10, {grouped(s.lost_here), s.lost_here > 0 ? Ink::yellow : Ink::plain});
    return row;
  }

  bool is_wide() const { return width_ >= 100; }

  TextTable summary_table(std::string_view what) const {
    std::vector<TextTable::Column> columns{{std::string(what), false},
                                           {"time", false},
                                           {"offered/s"},
                                           {"served/s"},
                                           {"p50"},
                                           {"p95"},
                                           {"p99"},
                                           {"errors"},
                                           {"dropped"},
                                           {"ready"}};
    if (is_wide()) columns.insert(columns.begin() + 7, {"max"});
    if (is_wide()) columns.insert(columns.begin() + 10, {"unsent"});
    if (!is_wide()) {
      columns[2].header = "offer/s";
      columns[3].header = "serv/s";
      columns[7].header = "err";
      columns[8].header = "drop";
    }
    return TextTable(std::move(columns));
  }

  void summary() {
    if (r_.total.planned == 0) return;
    line("");
    TextTable stages = summary_table("Stage");
    for (const SpanSummary& s : r_.by_stage) stages.add(row_of(s));
    stages.add(row_of(r_.total));
    for (const std::string& text : stages.lines(width_, 0, colour_)) line(text);
    if (r_.by_phase.empty()) return;
    line("");
    TextTable phases = summary_table("Phase");
    for (const SpanSummary& s : r_.by_phase) phases.add(row_of(s));
    for (const std::string& text : phases.lines(width_, 0, colour_)) line(text);
  }

  void failures() {
    if (r_.failures.empty()) return;
    heading("Failed requests");
    for (const FailureRow& f : r_.failures) {
      std::string text = fmt::format("{} {}, {} to {}", grouped(f.count), words_for(f.outcome),
                                     clock_text(f.first_s.value_or(0)), clock_text(f.last_s.value_or(0)));
      if (!f.example.empty()) text += "; e.g. " + f.example;
      paragraph(text, "", 2, Ink::plain);
    }
  }

  void drops() {
    if (r_.drops.causes.empty() && r_.drops.lost_here.empty()) return;
    heading(fmt::format("Why requests failed ({} dropped)", grouped(r_.drops.total)));
    for (const DropCauseRow& c : r_.drops.causes) {
      paragraph(fmt::format("{} ({}, confidence: {})", c.sentence, c.code, c.confidence), "  •", 4, Ink::plain);
      for (std::size_t i = 0; i < std::min(c.pods.size(), kEvidenceLines); ++i) {
        const DropCauseRow::Pod& p = c.pods[i];
        paragraph(fmt::format("{}: {} from {} to {}, {}", p.pod.empty() ? "pod not known" : "pod " + p.pod,
                              grouped(p.count), clock_text(p.first_s), clock_text(p.last_s), p.example),
                  "     ·", 7, Ink::dim);
      }
    }
    if (!r_.drops.prestop.empty()) paragraph(r_.drops.prestop, "  →", 4, Ink::cyan);
    for (const std::string& lost : r_.drops.lost_here)
      paragraph("lost here, not the service's: " + lost, "  !!", 5, Ink::yellow);
  }

  void path(const PathReport& p) {
    heading("Where the time went: " + cleaned(p.title));
    for (const PathStage& s : p.stages) {
      const std::string text = fmt::format("{:>7}  {:<30}  {}", words_for_ms((s.end_s - s.begin_s) * 1e3),
                                           cleaned(s.name) + (s.slowest ? " (the slowest)" : ""), cleaned(s.evidence));
      line("  " + paint(cut(text, width_ - 2), s.slowest ? Ink::yellow : Ink::plain));
    }
    if (!p.sentence.empty()) paragraph(p.sentence, "  →", 4, Ink::cyan);
    for (const std::string& text : p.unseen) paragraph("not seen: " + text, "  ?", 4, Ink::dim);
    if (p.pods.size() < 2) return;
    TextTable table({{"  new pod", false}, {"scheduled"}, {"started"}, {"ready"}, {"endpoints"}, {"1st request"}});
    const auto took = [](const std::optional<double>& s) {
      return words_for_ms(s ? std::optional{*s * 1e3} : std::nullopt);
    };
    for (const PodPathRow& row : p.pods) {
      table.add({{"  " + cleaned(row.pod)},
                 {took(row.scheduling_s)},
                 {took(row.start_s)},
                 {took(row.readiness_s)},
                 {took(row.endpoints_s)},
                 {took(row.first_request_s)}});
    }
    for (const std::string& text : table.lines(width_, 0, colour_)) line(text);
  }

  void replicas() {
    for (const HpaReport& hpa : r_.hpas) {
      for (const PathReport& p : hpa.paths) path(p);
    }
    bool first = true;
    for (const HpaReport& hpa : r_.hpas) {
      if (hpa.scores_text.empty()) continue;
      if (std::exchange(first, false)) heading("Elasticity");
      paragraph(fmt::format("{}: {}", hpa.name, hpa.scores_text), "", 2, Ink::plain);
      if (!hpa.demand_from.empty()) paragraph("demand: " + hpa.demand_from, "", 4, Ink::dim);
    }
    decisions();
  }

  void decisions() {
    if (std::ranges::all_of(r_.hpas, [](const HpaReport& hpa) { return hpa.decisions.syncs_seen == 0; })) return;
    heading("Decisions of the HPA");
    for (const HpaReport& hpa : r_.hpas) {
      const Decisions& d = hpa.decisions;
      if (d.syncs_seen == 0) continue;
      const auto changed = std::ranges::count_if(d.rows, [](const DecisionRow& row) { return row.from != row.to; });
      paragraph(fmt::format("{}: {} syncs seen, {} changed the replicas; {}", hpa.name, d.syncs_seen, changed,
                            d.unexplained == 0 ? std::string("the model explains all of them")
                                               : fmt::format("{} unexplained (surgeproof explain)", d.unexplained)),
                "", 2, d.unexplained == 0 ? Ink::plain : Ink::yellow);
      if (hpa.own_simulation) paragraph(hpa.own_simulation->sentence, "", 4, Ink::dim);
    }
  }

  void logs() {
    if (r_.log_texts.empty()) return;
    heading("Logs");
    for (const LogTextRow& row : r_.log_texts) {
      const bool bad = row.wanted == "absent" ? row.lines > 0 : row.lines == 0;
      paragraph(fmt::format("\"{}\" in {} ({}): {}", row.text, row.pods, row.wanted, log_words(row)), "", 2,
                bad ? Ink::yellow : Ink::plain);
      for (std::size_t i = 0; i < std::min(row.examples.size(), kEvidenceLines); ++i) {
        const auto& e = row.examples[i];
        paragraph(fmt::format("{} {}/{}: {}", clock_text(e.t_s), e.pod, e.container, e.line), "    ·", 6, Ink::dim);
      }
    }
  }

  void notes() {
    if (r_.notes.empty() && r_.gaps.empty()) return;
    heading("Notes");
    for (const std::string& note : r_.notes) paragraph(note, "", 2, Ink::plain);
    for (const Gap& g : r_.gaps) {
      paragraph(
          fmt::format("{} not seen from {} to {}: {}", g.resource, clock_text(g.begin_s), clock_text(g.end_s), g.why),
          "", 2, Ink::yellow);
    }
  }

  const Report& r_;
  std::ostream& out_;
  bool colour_;
  int width_;
};

}  // namespace

void write_console(const Report& report, std::ostream& out, const ConsoleOptions& options) {
  ConsolePage(report, out, options).write();
}

void write_console(const Report& report, std::ostream& out) { write_console(report, out, ConsoleOptions{}); }

}  // namespace surgeproof::reports
