#include "reports/live.h"

#include "base/duration.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

// What goes first when the terminal is too small; the header is never dropped.
enum class Weight : std::uint8_t { header, criterion, load, replicas, detail, history, blank };

struct Line {
  Weight weight{};
  std::string text;
};

double seconds(std::chrono::nanoseconds d) { return std::chrono::duration<double>(d).count(); }

std::string latency_text(std::optional<std::chrono::microseconds> latency) {
  return latency ? format_duration(*latency) : "–";
}

std::string whole(std::optional<int> n) { return n ? fmt::format("{}", *n) : "–"; }

class LivePage {
 public:
  LivePage(const LiveView& view, int width, bool colour) : view_(view), width_(width), colour_(colour) {}

  std::vector<Line> lines() {
    header();
    load();
    for (const LiveHpa& hpa : view_.hpas) replicas(hpa);
    actions();
    criteria();
    if (!view_.hint.empty()) {
      add(Weight::blank, "");
      add(Weight::history, painted(cut(" " + cleaned(view_.hint), width_), Ink::dim, colour_));
    }
    return std::move(lines_);
  }

 private:
  void add(Weight weight, std::string text) { lines_.push_back({weight, std::move(text)}); }
  std::string paint(std::string_view text, Ink ink) const { return painted(text, ink, colour_); }

  void header() {
    const std::string clock =
        fmt::format(" {} / {} ", clock_text(seconds(view_.elapsed)), clock_text(seconds(view_.total)));
    const int room = width_ - columns(clock);
    std::string title = " " + cleaned(view_.name);
    if (!view_.state.empty()) title += ": " + cleaned(view_.state);
    title = padded(title, room);
    add(Weight::header, paint(title, Ink::bold) + clock);
    add(Weight::header, " " + progress(width_ - 2));
    add(Weight::load, paint(stage_names(), Ink::dim));
    add(Weight::blank, "");
  }

  std::string progress(int width) const {
    const double total = seconds(view_.total);
    return paint(bar(total > 0 ? seconds(view_.elapsed) / total : 0, width, view_.ascii), Ink::cyan);
  }

  // Each name below the place where its stage begins; too narrow a stage shows what fits.
  std::string stage_names() const {
    const double total = seconds(view_.total);
    std::string out = " ";
    for (std::size_t i = 0; i < view_.stages.size() && total > 0; ++i) {
      const LiveStage& stage = view_.stages[i];
      const auto column = [&](std::chrono::nanoseconds t) {
        return static_cast<int>(seconds(t) / total * (width_ - 2));
      };
      const int room = column(stage.end) - column(stage.begin);
      const bool now = view_.elapsed >= stage.begin && view_.elapsed < stage.end;
      const std::string mark = now ? (view_.ascii ? "> " : "▸ ") : "";
      std::string cell = cut(mark + cleaned(stage.name), std::max(0, room - 1));
      out += padded(cell, room);
    }
    return cut(out, width_);
  }

  // "Load     offered 400/s …" with a sparkline at the right where there is room.
  void measured(std::string_view label, const std::string& text, std::span<const double> history) {
    std::string left = fmt::format(" {:<9}{}", label, text);
    const int text_room = std::min(width_, 54);
    if (history.empty() || columns(left) > text_room) {
      add(Weight::load, cut(left, width_));
      return;
    }
    const double top = *std::ranges::max_element(history);
    const int room = width_ - text_room - 2;
    add(Weight::load, padded(left, text_room) + " " + paint(sparkline(history, room, top, view_.ascii), Ink::cyan));
  }

  void load() {
    measured("Load",
             fmt::format("offered {}/s  sent {}/s  served {}/s", rate_text(view_.offered_per_second),
                         rate_text(view_.sent_per_second), rate_text(view_.served_per_second)),
             view_.served_history);
    measured("Latency",
             fmt::format("p50 {}  p95 {}  p99 {}", latency_text(view_.p50), latency_text(view_.p95),
                         latency_text(view_.p99)),
             view_.p99_ms_history);
    const std::string counts = fmt::format(" {:<9}{} ok  {} dropped  {} unsent  {} in flight  {} connections",
                                           "Requests", grouped(view_.answered_well), grouped(view_.dropped),
                                           grouped(view_.unsent), grouped(view_.in_flight), grouped(view_.connections));
    add(Weight::load, paint(cut(counts, width_), view_.dropped > 0 ? Ink::red : Ink::plain));
    std::string errors;
    for (const LiveErrors& e : view_.errors) {
      errors += fmt::format("{}{} {}", errors.empty() ? "" : "  ", words_for(e.outcome), grouped(e.count));
    }
    const std::string text = fmt::format(" {:<9}{}", "Errors", errors.empty() ? "none" : errors);
    add(Weight::load, paint(cut(text, width_), errors.empty() ? Ink::plain : Ink::yellow));
  }

  void history_row(std::string_view label, std::string value, std::span<const double> history, double top) {
    std::string left = fmt::format("   {:<8} {:>5} ", label, value);
    const int room = width_ - columns(left) - 1;
    add(Weight::history, cut(left, width_) + paint(sparkline(history, room, top, view_.ascii), Ink::cyan));
  }

  void replicas(const LiveHpa& hpa) {
    add(Weight::blank, "");
    const bool at_max = hpa.desired && *hpa.desired >= hpa.max_replicas;
    std::string text = fmt::format(" {}  {} ready of {} current, {} desired ({} to {}{})", cleaned(hpa.name),
                                   whole(hpa.ready), whole(hpa.current), whole(hpa.desired), hpa.min_replicas,
                                   hpa.max_replicas, at_max ? ", at max" : "");
    if (hpa.utilization_percent && hpa.target_percent) {
      text += fmt::format("  {} {:.0f}%/{:.0f}%", cleaned(hpa.metric), *hpa.utilization_percent, *hpa.target_percent);
    }
    add(Weight::replicas, paint(cut(text, width_), Ink::bold));
    const auto doubles = [](const std::vector<int>& v) { return std::vector<double>(v.begin(), v.end()); };
    const double top = std::max(1, hpa.max_replicas);
    history_row("desired", whole(hpa.desired), doubles(hpa.desired_history), top);
    history_row("current", whole(hpa.current), doubles(hpa.current_history), top);
    history_row("ready", whole(hpa.ready), doubles(hpa.ready_history), top);
    if (hpa.utilization_percent) {
      const double peak = hpa.utilization_history.empty() ? 0.0 : *std::ranges::max_element(hpa.utilization_history);
      history_row(cleaned(hpa.metric), fmt::format("{:.0f}%", *hpa.utilization_percent), hpa.utilization_history,
                  std::max(peak, hpa.target_percent.value_or(0) * 1.25));
    }
    if (!hpa.last_message.empty()) {
      add(Weight::detail, paint(cut("   " + cleaned(hpa.last_message), width_), Ink::dim));
    }
  }

  void actions() {
    if (view_.actions.empty()) return;
    add(Weight::blank, "");
    for (const LiveAction& a : view_.actions) {
      const Ink ink = a.is_bad ? Ink::red : a.is_over ? Ink::plain : Ink::dim;
      const std::string text = fmt::format(" {:<9}{} {}", "Action", cleaned(a.name), cleaned(a.words));
      // What went wrong stays when room is short; what went well may go.
      add(a.is_bad ? Weight::criterion : Weight::detail, paint(cut(text, width_), ink));
    }
  }

  void criteria() {
    if (view_.criteria.empty()) return;
    add(Weight::blank, "");
    for (const LiveCriterion& c : view_.criteria) {
      const std::string_view word = c.decided ? word_of(c.status) : "…";
      // A red "so far" is worth seeing before it is final.
      const Ink ink = c.decided || c.status == Status::fail ? ink_of(c.status) : Ink::dim;
      const std::string mark = c.decided && c.status == Status::inconclusive ? "?" : std::string(word);
      std::string right = c.observed.empty() ? "" : fmt::format("{} of {} ", cleaned(c.observed), cleaned(c.limit));
      right = cut(right, width_ / 2);
      const int room = width_ - 7 - columns(right) - 1;
      add(Weight::criterion, " " + paint(padded(view_.ascii && !c.decided ? ".." : mark, 5), ink) + " " +
                                 padded(cleaned(c.title), room) + " " + right);
    }
  }

  const LiveView& view_;
  int width_;
  bool colour_;
  std::vector<Line> lines_;
};

// One character for one, so that widths stay.
std::string ascii_only(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += text[i];
    } else if (lead >= 0xC0) {
      const std::string_view rest = std::string_view(text).substr(i);
      out += rest.starts_with("–") ? '-' : rest.starts_with("…") ? '~' : '?';
    }
  }
  return out;
}

std::string token(std::string_view text) {
  std::string out = cleaned(text);
  std::ranges::replace(out, ' ', '_');
  return out;
}

}  // namespace

std::string render_live(const LiveView& view, int width, int height, bool colour) {
  std::vector<Line> lines = LivePage(view, std::max(width, 20), colour).lines();
  while (lines.size() > static_cast<std::size_t>(std::max(height, 1))) {
    // The last one among those of the least weight.
    const auto least = std::max_element(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return a.weight <= b.weight && a.weight != b.weight;
    });
    auto victim = least;
    for (auto it = least; it != lines.end(); ++it) {
      if (it->weight == least->weight) victim = it;
    }
    lines.erase(victim);
  }
  std::string out;
  for (const Line& line : lines) out += (out.empty() ? "" : "\n") + line.text;
  return view.ascii ? ascii_only(out) : out;
}

std::string render_plain_line(const LiveView& view) {
  // Whole seconds as integers: half a second before the start is "0s", not "-0s".
  const auto whole = [](std::chrono::nanoseconds t) { return std::chrono::round<std::chrono::seconds>(t).count(); };
  std::string out = fmt::format("t={}s/{}s", whole(view.elapsed), whole(view.total));
  for (const LiveStage& stage : view.stages) {
    if (view.elapsed >= stage.begin && view.elapsed < stage.end) out += " stage=" + token(stage.name);
  }
  const auto latency = [](std::optional<std::chrono::microseconds> l) { return l ? format_duration(*l) : "-"; };
  std::uint64_t errors = 0;
  for (const LiveErrors& e : view.errors) errors += e.count;
  out += fmt::format(" offered={:.0f}/s served={:.0f}/s p50={} p95={} p99={} ok={} dropped={} unsent={} errors={}",
                     view.offered_per_second, view.served_per_second, latency(view.p50), latency(view.p95),
                     latency(view.p99), view.answered_well, view.dropped, view.unsent, errors);
  for (const LiveHpa& hpa : view.hpas) {
    const auto count = [](std::optional<int> n) { return n ? fmt::format("{}", *n) : std::string("-"); };
    out += fmt::format(" {}={}/{}/{}", token(hpa.name), count(hpa.ready), count(hpa.current), count(hpa.desired));
    if (hpa.utilization_percent && hpa.target_percent) {
      out += fmt::format(" {}={:.0f}%/{:.0f}%", token(hpa.metric), *hpa.utilization_percent, *hpa.target_percent);
    }
  }
  return out;
}

}  // namespace surgeproof::reports
