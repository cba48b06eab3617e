// The result of `surgeproof load` on a terminal: gates first, then what was measured, then how well it was measured.
#include <ostream>

#include "reports/load_summary.h"
#include "reports/terminal.h"
#include "reports/text.h"
#include "reports/text_table.h"

namespace surgeproof::reports {
namespace {

constexpr int kNarrowest = 76;
constexpr int kWidestLoad = 110;
constexpr int kLabel = 13;
constexpr std::size_t kMostPeers = 8;
constexpr std::size_t kMostFailures = 8;

std::string bytes_text(double bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < std::size(kUnits)) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 99.5 ? 0 : 1, kUnits[unit]);
}

std::string percent_text(double share) {
  const double percent = share * 100;
  if (percent == 0) return "0 %";
  return percent < 0.01 ? "<0.01 %" : fmt::format("{:.{}f} %", percent, percent < 1 ? 2 : 1);
}

class LoadPage {
 public:
  LoadPage(const LoadSummary& summary, std::ostream& out, const ConsoleOptions& options, bool ascii)
      : s_(summary),
        out_(out),
        colour_(options.colour),
        ascii_(ascii),
        width_(std::clamp(options.width, kNarrowest, kWidestLoad)) {}

  void write() {
    line(paint(cut(cleaned(fmt::format("{} of {}", s_.request, s_.target)), width_), Ink::bold));
    paragraph(s_.plan, "", 0, Ink::dim);
    gates();
    line("");
    paragraph(s_.headline, "", 0, s_.interrupted ? Ink::yellow : ink_of(s_.status));
    rates();
    latency();
    histogram();
    answers();
    generator();
  }

 private:
  void line(const std::string& text) { out_ << text << '\n'; }
  std::string paint(std::string_view text, Ink ink) const { return painted(text, ink, colour_); }

  void paragraph(std::string_view text, std::string_view first, int indent, Ink ink) {
    std::string lead(first);
    for (const std::string& part : wrapped(cleaned(text), width_ - indent)) {
      line(padded(lead, indent) + paint(part, ink));
      lead.clear();
    }
  }

  void labelled(std::string_view label, std::string_view text, Ink ink = Ink::plain) {
    std::string lead = paint(padded(std::string(label), kLabel), Ink::bold);
    for (const std::string& part : wrapped(cleaned(text), width_ - kLabel)) {
      line(lead + paint(part, ink));
      lead = std::string(kLabel, ' ');
    }
  }

  void gates() {
    if (s_.gates.empty()) return;
    line("");
    TextTable table({{"", false}, {"", false}, {"measured"}, {"limit"}});
    for (const Finding& f : s_.gates) {
      table.add({{std::string(word_of(f.status)), ink_of(f.status)},
                 {cleaned(f.title)},
                 {cleaned(f.observed), f.status == Status::pass ? Ink::plain : ink_of(f.status)},
                 {cleaned(f.limit)}});
    }
    for (const std::string& text : table.lines(width_ - 2, 1, colour_)) line("  " + text);
    for (const Finding& f : s_.gates) {
      if (f.status != Status::pass) paragraph(f.sentence, ascii_ ? "  !" : "  ✗", 4, ink_of(f.status));
    }
  }

  void rates() {
    line("");
    labelled("Requests", fmt::format("{} planned, {} sent, {} ok, {} with errors, {} dropped{}{}", grouped(s_.planned),
                                     grouped(s_.sent), grouped(s_.ok), grouped(s_.errors), grouped(s_.dropped),
                                     s_.unsent > 0 ? fmt::format(", {} unsent", grouped(s_.unsent)) : "",
                                     s_.generator_errors > 0
                                         ? fmt::format(", {} lost to generator errors", grouped(s_.generator_errors))
                                         : ""));
    const std::string wanted = s_.closed_loop ? "" : fmt::format("wanted {}/s, ", rate_text(s_.wanted_per_second));
    labelled("Rate", fmt::format("{}sent {}/s, answered {}/s, ok {}/s", wanted, rate_text(s_.sent_per_second),
                                 rate_text(s_.answered_per_second), rate_text(s_.ok_per_second)));
    labelled("Received", fmt::format("{}, {}/s", bytes_text(static_cast<double>(s_.bytes_received)),
                                     bytes_text(s_.bytes_per_second)));
  }

  void latency() {
    line("");
    if (s_.latency.requests == 0) {
      labelled("Latency", "nothing was answered, so there is none");
      return;
    }
    // A closed loop plans nothing: each request is due when it is sent.
    const std::vector<const LatencySummary*> columns =
        s_.closed_loop ? std::vector{&s_.latency} : std::vector{&s_.latency, &s_.service_time};
    std::string head = paint(padded("Latency", kLabel), Ink::bold);
    head += paint(s_.closed_loop ? "from the send" : "from the planned instant    from the actual send", Ink::dim);
    line(head);
    const auto row = [&](std::string_view name, auto value) {
      std::string text = "  " + padded(std::string(name), kLabel - 2);
      for (const LatencySummary* c : columns) text += padded(right_aligned(words_for_ms(value(*c)), 9), 28);
      while (text.ends_with(' ')) text.pop_back();
      line(text);
    };
    for (std::size_t i = 0; i < s_.latency.percentiles_ms.size(); ++i) {
      row(s_.latency.percentiles_ms[i].first, [i](const LatencySummary& c) { return c.percentiles_ms[i].second; });
    }
    row("mean", [](const LatencySummary& c) { return c.mean_ms; });
  }

  void histogram() {
    if (s_.histogram.empty()) return;
    line("");
    TextTable table({{"", true}, {"", false}, {"", true}, {"", true}});
    for (const HistogramRow& r : s_.histogram) {
      const int length = r.requests == 0 ? 0 : std::max(1, static_cast<int>(std::lround(r.share_of_most * kBar)));
      std::string bar;
      for (int i = 0; i < length; ++i) bar += ascii_ ? "#" : "█";
      table.add({{(ascii_ ? "from " : "≥ ") + words_for_ms(r.from_ms)},
                 {padded(bar, kBar), Ink::cyan},
                 {grouped(r.requests), r.requests == 0 ? Ink::dim : Ink::plain},
                 {percent_text(r.share), Ink::dim}});
    }
    for (const std::string& text : table.lines(width_ - 2, 1, colour_)) line("  " + text);
  }

  void answers() {
    line("");
    std::string statuses;
    for (const auto& [status, count] : s_.statuses) {
      statuses += fmt::format("{}{}: {}", statuses.empty() ? "" : "; ", status, grouped(count));
    }
    if (!s_.slowest.empty()) {
      const SlowRow& r = s_.slowest.front();
      labelled("Slowest",
               fmt::format("{} at {:.1f}s, {} {}{}{}", words_for_ms(r.latency_ms), r.planned_s, r.request, r.status,
                           r.pod.empty() ? "" : " from " + r.pod, r.trace_id.empty() ? "" : ", trace " + r.trace_id));
    }
    labelled("Statuses", statuses.empty() ? "none" : statuses);
    std::string_view label = "Failures";
    for (std::size_t i = 0; i < std::min(s_.failures.size(), kMostFailures); ++i) {
      const FailureRow& f = s_.failures[i];
      std::string text = fmt::format("{} {}", grouped(f.count), words_for(f.outcome));
      if (f.first_s) text += fmt::format(", first at {:.1f}s", *f.first_s);
      if (!f.example.empty()) text += ": " + f.example;
      labelled(std::exchange(label, ""), text, is_generator_fault(f.outcome) ? Ink::yellow : Ink::red);
    }
    label = "Answered by";
    for (std::size_t i = 0; i < std::min(s_.peers.size(), kMostPeers); ++i) {
      const PeerRow& p = s_.peers[i];
      labelled(std::exchange(label, ""),
               fmt::format("{}{}: {}", p.peer, p.pod.empty() ? "" : " " + p.pod, grouped(p.answered)));
    }
    if (s_.peers.size() > kMostPeers) labelled("", fmt::format("and {} more", s_.peers.size() - kMostPeers));
  }

  void generator() {
    const GeneratorHealth& g = s_.generator;
    std::string text;
    if (g.schedule_error_p50_ms && !s_.closed_loop) {
      text += fmt::format("sent {} late at the median, p99 {}, max {}; ", words_for_ms(g.schedule_error_p50_ms),
                          words_for_ms(g.schedule_error_p99_ms), words_for_ms(g.schedule_error_max_ms));
    }
    text += fmt::format("busiest thread {:.0f} % of a core", g.busiest_worker_percent);
    if (s_.cpu_us_per_request) text += fmt::format(", {:.1f}µs of CPU a request", *s_.cpu_us_per_request);
    text += fmt::format("; {} connections", grouped(g.most_connections));
    labelled("Generator", text);
    if (!s_.bottleneck.empty()) labelled("", s_.bottleneck, s_.generator_is_bottleneck ? Ink::yellow : Ink::plain);
  }

  static constexpr int kBar = 40;

  const LoadSummary& s_;
  std::ostream& out_;
  bool colour_;
  bool ascii_;
  int width_;
};

}  // namespace

void write_load_text(const LoadSummary& summary, std::ostream& out, const ConsoleOptions& options, bool ascii) {
  LoadPage(summary, out, options, ascii).write();
}

}  // namespace surgeproof::reports
