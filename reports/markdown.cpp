// Markdown for a step summary or a pull request: the verdict, the criteria, why, and the figures by stage.
#include <ostream>
#include <sstream>
#include <utility>

#include "reports/formats.h"
#include "reports/log_words.h"
#include "reports/report.h"
#include "reports/terminal.h"
#include "reports/text.h"
#include "reports/watched.h"

namespace surgeproof::reports {
namespace {

constexpr std::size_t kMostRows = 50;
constexpr std::size_t kLongestText = 2000;

std::string cell(std::string_view text) {
  return escaped_markdown(text.size() > kLongestText ? cut(cleaned(text), static_cast<int>(kLongestText)) : text);
}

std::string_view mark(Status s) {
  switch (s) {
    case Status::pass:
      return "✅ pass";
    case Status::fail:
      return "❌ **fail**";
    case Status::inconclusive:
      return "⚠️ inconclusive";
  }
  return "?";
}

void write_criteria(const Report& r, std::ostream& out) {
  out << "| | Criterion | Measured | Limit | Margin |\n|---|---|---:|---:|---:|\n";
  const std::span shown = std::span(r.criteria).first(std::min(r.criteria.size(), kMostRows));
  for (const FindingLine& line : shown) {
    const Finding& f = line.finding;
    out << fmt::format("| {} | {} | {} | {} | {} |\n", mark(f.status), cell(f.title), cell(f.observed), cell(f.limit),
                       cell(f.margin));
  }
  out << "\n";
  for (const FindingLine& line : shown) {
    if (line.finding.status == Status::pass) continue;
    out << fmt::format("- {}: {}\n", cell(line.finding.title), cell(line.finding.sentence));
  }
}

void write_causes(const Report& r, std::ostream& out) {
  if (r.causes.empty()) return;
  out << "\n### Why\n\n";
  std::size_t number = 0;
  for (const Cause& c : r.causes) {
    if (++number > kMostRows) break;
    out << fmt::format("{}. {} *(confidence: {})*\n", number, cell(c.sentence), name_of(c.confidence));
    if (!c.remedy.empty()) out << fmt::format("   - **Remedy:** {}\n", cell(c.remedy));
  }
}

std::string ready_words(const SpanSummary& s) {
  std::string text;
  for (const ReplicaRange& r : s.replicas) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", cell(r.hpa), r.lowest_ready);
    if (r.highest_ready != r.lowest_ready) text += fmt::format("–{}", r.highest_ready);
  }
  return text;
}

void write_rows(std::string_view heading, std::span<const SpanSummary> rows, std::ostream& out) {
  if (rows.empty()) return;
  out << fmt::format(
      "\n| {} | Offered/s | Served/s | p50 | p95 | p99 | Errors | Dropped | Ready pods |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---|\n",
      heading);
  for (const SpanSummary& s : rows.first(std::min(rows.size(), kMostRows))) {
    out << fmt::format("| {} ({}–{}) | {} | {} | {} | {} | {} | {} | {} | {} |\n", cell(s.span.name),
                       clock_text(s.span.begin_s), clock_text(s.span.end_s), rate_text(s.offered_per_second),
                       rate_text(s.served_per_second), words_for_ms(s.p50_ms), words_for_ms(s.p95_ms),
                       words_for_ms(s.p99_ms), grouped(s.errors), grouped(s.dropped), ready_words(s));
  }
}

void write_failures(const Report& r, std::ostream& out) {
  if (r.failures.empty()) return;
  out << "\n### Failed requests\n\n| Outcome | Requests | First | Last | Example |\n|---|---:|---:|---:|---|\n";
  for (const FailureRow& f : r.failures) {
    out << fmt::format("| {} | {} | {} | {} | {} |\n", words_for(f.outcome), grouped(f.count),
                       clock_text(f.first_s.value_or(0)), clock_text(f.last_s.value_or(0)), cell(f.example));
  }
}

void write_decisions(const Report& r, std::ostream& out) {
  for (const HpaReport& hpa : r.hpas) {
    const Decisions& d = hpa.decisions;
    if (d.syncs_seen == 0) continue;
    out << fmt::format(
        "\n### Decisions of HPA {}\n\n{} syncs seen, {} with the replicas that the model says, {} unexplained.\n",
        cell(hpa.name), d.syncs_seen, d.equal, d.unexplained);
    if (hpa.own_simulation) out << cell(hpa.own_simulation->sentence) << ".\n";
    if (d.rows.empty()) continue;
    out << "\n| Time | Replicas | Why |\n|---:|---|---|\n";
    for (const DecisionRow& row : std::span(d.rows).first(std::min(d.rows.size(), kMostRows))) {
      out << fmt::format("| {} | {} → {} | {}{} |\n", clock_text(row.t_s), row.from, row.to,
                         row.explained ? "" : "**unexplained**: ", cell(row.text));
    }
  }
}

void write_drops(const Report& r, std::ostream& out) {
  if (r.drops.causes.empty() && r.drops.lost_here.empty()) return;
  out << "\n### Why requests failed\n\n| Cause | Requests | Confidence | Pods | Remedy |\n|---|---:|---|---|---|\n";
  for (const DropCauseRow& c : r.drops.causes) {
    std::string pods;
    for (std::size_t i = 0; i < std::min<std::size_t>(c.pods.size(), 5); ++i) {
      const DropCauseRow::Pod& p = c.pods[i];
      pods += fmt::format("{}{}: {} ({}–{})", i == 0 ? "" : "; ", p.pod.empty() ? "not known" : p.pod, grouped(p.count),
                          clock_text(p.first_s), clock_text(p.last_s));
    }
    out << fmt::format("| {} | {} | {} | {} | {} |\n", cell(c.code), grouped(c.count), c.confidence, cell(pods),
                       cell(c.remedy));
  }
  if (!r.drops.prestop.empty()) out << fmt::format("\n{}\n", cell(r.drops.prestop));
  for (const std::string& lost : r.drops.lost_here) out << fmt::format("\nLost in the generator: {}\n", cell(lost));
}

void write_paths(const Report& r, std::ostream& out) {
  for (const HpaReport& hpa : r.hpas) {
    for (const PathReport& p : hpa.paths) {
      out << fmt::format(
          "\n### Where the time went: {}\n\n| Stage | From | Took | Evidence | To shorten it |\n"
          "|---|---:|---:|---|---|\n",
          cell(p.title));
      for (const PathStage& s : p.stages) {
        out << fmt::format("| {}{} | {} | {} | {} | {} |\n", cell(s.name), s.slowest ? " **(the slowest)**" : "",
                           clock_text(s.begin_s), words_for_ms((s.end_s - s.begin_s) * 1e3), cell(s.evidence),
                           cell(s.remedy));
      }
      if (!p.sentence.empty()) out << fmt::format("\n{}\n", cell(p.sentence));
    }
  }
}

void write_logs(const Report& r, std::ostream& out) {
  if (r.log_texts.empty()) return;
  out << "\n### Logs\n\n| Text | Looked for in | Wanted | Found | First |\n|---|---|---|---|---|\n";
  for (const LogTextRow& row : std::span(r.log_texts).first(std::min(r.log_texts.size(), kMostRows))) {
    const std::string first =
        row.examples.empty() ? "" : row.examples[0].pod + "/" + row.examples[0].container + ": " + row.examples[0].line;
    out << fmt::format("| {} | {} | {} | {} | {} |\n", cell(row.text), cell(row.pods), cell(row.wanted),
                       cell(log_words(row)), cell(first));
  }
}

void write_elasticity(const Report& r, std::ostream& out) {
  bool first = true;
  for (const HpaReport& hpa : r.hpas) {
    if (hpa.scores_text.empty()) continue;
    if (std::exchange(first, false)) out << "\n### Elasticity\n\n";
    out << fmt::format("- {}: {} (demand: {})\n", cell(hpa.name), cell(hpa.scores_text), cell(hpa.demand_from));
  }
}

void write_health(const Report& r, std::ostream& out) {
  if (r.health.empty() && r.notes.empty()) return;
  out << "\n### The measurement itself\n\n";
  for (const FindingLine& h : r.health)
    out << fmt::format("- {}: {}\n", mark(h.finding.status), cell(h.finding.title + ": " + h.finding.sentence));
  for (const std::string& note : r.notes) out << fmt::format("- {}\n", cell(note));
}

}  // namespace

namespace {

/// GitHub refuses a step summary over 1 MiB altogether.
constexpr std::size_t kLongestPage = 900'000;

/// Whole lines of `page`, as many as fit.
std::string_view fitting(std::string_view page) {
  return page.size() <= kLongestPage ? page : page.substr(0, page.rfind('\n', kLongestPage) + 1);
}

void write_page(const Report& r, std::ostream& out) {
  out << fmt::format("## {}: {}\n\n{}\n\n", word_of(r.status), cell(r.name), cell(r.headline));
  write_criteria(r, out);
  write_causes(r, out);
  if (r.total.planned > 0) {
    out << "\n### Load, latency and replicas\n";
    write_rows("Stage", r.by_stage, out);
    write_rows("Phase", r.by_phase, out);
  }
  write_decisions(r, out);
  write_failures(r, out);
  write_drops(r, out);
  write_logs(r, out);
  write_paths(r, out);
  write_elasticity(r, out);
  write_health(r, out);
  const std::string begin = r.without_load ? "Watched from " : fmt::format("Target {}, load began ", cell(r.target));
  out << fmt::format("\n{}{}, {} recorded, surgeproof {}.\n", begin, cell(r.load_started), cell(r.duration),
                     cell(r.tool_version));
}

}  // namespace

void write_markdown(const Report& r, std::ostream& out) {
  std::ostringstream page;
  r.watched_only ? write_markdown_watched(r, page) : write_page(r, page);
  const std::string_view shown = fitting(page.view());
  out << shown;
  if (shown.size() < page.view().size()) out << "\nThe page is cut here; report.html holds the rest.\n";
}

}  // namespace surgeproof::reports
