#include "reports/live.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/duration.h"
#include "base/run_time.h"
#include "reports/screen_layout.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr int kWidestText = 110;  ///< farther apart, the eye does not find from a criterion to its figure

std::string latency_text(std::optional<std::chrono::microseconds> latency) {
  return latency ? format_duration(*latency) : "–";
}

std::string whole(std::optional<int> n) { return n ? fmt::format("{}", *n) : "–"; }

class LivePage {
 public:
  LivePage(const LiveView& view, int width, bool colour)
      : view_(view),
        axis_end_(std::max(view.total, view.elapsed)),
        screen_(width, {.begin = {}, .end = axis_end_}, view.ascii, colour) {}

  std::vector<std::string> lines(int height) {
    header();
    load();
    for (const LiveHpa& hpa : view_.hpas) replicas(hpa);
    actions();
    criteria();
    if (!view_.hint.empty()) {
      screen_.blank();
      screen_.say(Weight::hint, " " + cleaned(view_.hint), Ink::dim);
    }
    return screen_.lines(height);
  }

 private:
  static constexpr int kLabel = ScreenLayout::kLabel;
  [[nodiscard]] int width() const { return screen_.width(); }
  [[nodiscard]] int text_width() const { return screen_.text_width(); }
  [[nodiscard]] int chart_width() const { return screen_.chart_width(); }

  void header() {
    const std::string clock =
        fmt::format("  {} / {} ", clock_text(to_seconds(view_.elapsed)), clock_text(to_seconds(view_.total)));
    std::string title = " " + cleaned(view_.name);
    if (!view_.state.empty()) title += ": " + cleaned(view_.state);
    const std::string target = "  " + cleaned(view_.target);
    if (!view_.target.empty() && columns(title + target + clock) <= width()) title += target;
    screen_.say(Weight::header, padded(title, width() - columns(clock)) + clock, Ink::bold);
    const int bar_width = chart_width() > 0 ? chart_width() : width() - 2;
    const double share = axis_end_.count() > 0 ? to_seconds(view_.elapsed) / to_seconds(axis_end_) : 0;
    const std::string progress = screen_.paint(bar(share, bar_width, view_.ascii), Ink::cyan);
    const std::string lead =
        chart_width() > 0 ? padded(" " + padded("Stage", kLabel - 1) + stage_now(), text_width()) : " ";
    screen_.put(Weight::header, lead + progress);
    if (chart_width() > 0) {
      const std::string names = std::string(static_cast<std::size_t>(text_width()), ' ') + stage_names();
      screen_.say(Weight::stages, names, Ink::dim);
    }
    screen_.blank();
  }

  /// "surge, 0:35 of 3:00"
  std::string stage_now() const {
    for (const LiveStage& s : view_.stages) {
      if (view_.elapsed < s.begin || view_.elapsed >= s.end) continue;
      const std::string clock = fmt::format(", {} of {}", clock_text(to_seconds(view_.elapsed - s.begin)),
                                            clock_text(to_seconds(s.end - s.begin)));
      return cut(cleaned(s.name), text_width() - kLabel - 1 - columns(clock)) + clock;
    }
    return "";
  }

  /// Each name below the place where its stage begins; too narrow a stage shows what fits.
  std::string stage_names() const {
    std::string out;
    for (const LiveStage& stage : view_.stages) {
      if (axis_end_.count() <= 0) break;
      const auto column = [&](std::chrono::nanoseconds t) {
        return static_cast<int>(to_seconds(t) / to_seconds(axis_end_) * chart_width());
      };
      const int room = column(stage.end) - column(stage.begin);
      const bool now = view_.elapsed >= stage.begin && view_.elapsed < stage.end;
      const std::string mark = now ? (view_.ascii ? ">" : "▸") : "";
      out += padded(cut(mark + cleaned(stage.name), std::max(0, room - 1)), room);
    }
    return cut(out, chart_width());
  }

  void load() {
    ScreenBlock& rate = screen_.lane(Weight::load, "Load",
                                     fmt::format("offered {}/s  served {}/s", rate_text(view_.offered_per_second),
                                                 rate_text(view_.served_per_second)),
                                     view_.served_history, 8);
    rate.wanted = &view_.offered_history;
    rate.top = std::max(view_.served_history.peak(), view_.offered_history.peak());
    screen_.also(rate, fmt::format("sent {}/s", rate_text(view_.sent_per_second)));
    screen_.also(rate, fmt::format("top of the chart {}/s", rate_text(rate.top)));
    ScreenBlock& latency = screen_.lane(
        Weight::load, "Latency",
        fmt::format("p50 {} p95 {} p99 {}", latency_text(view_.p50), latency_text(view_.p95), latency_text(view_.p99)),
        view_.p99_ms_history, 8);
    latency.limit = view_.p99_limit_ms;
    // As near to the limit as four times the worst: low stays low, and nothing is flat on the ground.
    latency.top = std::max(latency.top, std::min(view_.p99_limit_ms.value_or(0), 4 * latency.top));
    if (!view_.p99_ms_history.empty()) {
      screen_.also(latency, fmt::format("chart: p99, top {}", words_for_ms(latency.top)));
    }
    if (view_.p99_limit_ms) screen_.also(latency, fmt::format("limit {}", words_for_ms(*view_.p99_limit_ms)));
    errors();
    screen_.say(Weight::load,
                fmt::format(" {:<9}{} ok  {} dropped  {} unsent  {} in flight  {} connections", "Requests",
                            grouped(view_.answered_well), grouped(view_.dropped), grouped(view_.unsent),
                            grouped(view_.in_flight), grouped(view_.connections)),
                view_.dropped > 0 ? Ink::red : Ink::plain);
  }

  void errors() {
    if (view_.errors.empty()) {
      screen_.say(Weight::load, fmt::format(" {:<9}none", "Errors"));
      return;
    }
    std::vector<std::string> words;
    for (const LiveErrors& e : view_.errors) {
      words.push_back(fmt::format("{} {}", words_for(e.outcome), grouped(e.count)));
    }
    std::string all = fmt::format("{}", fmt::join(words, ", "));
    ScreenBlock& b = screen_.lane(Weight::load, "Errors", all, view_.failed_history, 4);
    b.ink = Ink::red;
    b.inks = {Ink::yellow};
    if (columns(b.text.front()) < text_width()) return;
    // What the first line has no room for stands below it, where the chart grows.
    b.text.clear();
    for (const std::string& part : wrapped(all, text_width() - kLabel - 1)) {
      b.text.push_back(padded(b.text.empty() ? " Errors" : "", kLabel) + part);
    }
    if (b.most > 1) b.most = std::max(b.most, static_cast<int>(b.text.size()));
  }

  void replicas(const LiveHpa& hpa) {
    screen_.blank();
    const bool at_max = hpa.desired && *hpa.desired >= hpa.max_replicas;
    std::string text = fmt::format(" {}  {} ready of {} current, {} desired ({} to {}{})", cleaned(hpa.name),
                                   whole(hpa.ready), whole(hpa.current), whole(hpa.desired), hpa.min_replicas,
                                   hpa.max_replicas, at_max ? ", at max" : "");
    if (hpa.utilization_percent) {
      text += fmt::format("  {} {:.0f}%", cleaned(hpa.metric), *hpa.utilization_percent);
      if (hpa.target_percent) text += fmt::format("/{:.0f}%", *hpa.target_percent);
    }
    screen_.say(Weight::replicas, text, Ink::bold);
    add_replica_lanes(screen_, {hpa.desired, hpa.current, hpa.ready, hpa.max_replicas, hpa.desired_history,
                                hpa.current_history, hpa.ready_history});
    if (hpa.utilization_percent) {
      ScreenBlock& b = screen_.lane(
          Weight::metric, "", fmt::format("{:<7} {:>3.0f}%", cut(cleaned(hpa.metric), 7), *hpa.utilization_percent),
          hpa.utilization_history, 5);
      b.top = std::max(b.top, hpa.target_percent.value_or(0) * 1.25);
      if (hpa.target_percent) {
        b.limit = *hpa.target_percent * 1.1;  // there the HPA acts
        b.over = Ink::yellow;
        screen_.also(b, fmt::format("target {:.0f}%, top of the chart {:.0f}%", *hpa.target_percent, b.top));
      }
    }
    if (hpa.decision) {
      screen_.say(Weight::decision,
                  fmt::format("{:10}decided {} {} {} at {}: {}", "", hpa.decision->from, view_.ascii ? "->" : "→",
                              hpa.decision->to, clock_text(to_seconds(hpa.decision->at)), cleaned(hpa.decision->why)));
    }
    if (!hpa.last_message.empty()) {
      screen_.say(Weight::condition, fmt::format("{:10}{}", "", cleaned(hpa.last_message)), Ink::dim);
    }
  }

  void actions() {
    if (view_.actions.empty()) return;
    screen_.blank();
    for (const LiveAction& a : view_.actions) {
      const Ink ink = a.is_bad ? Ink::red : a.is_over ? Ink::plain : Ink::dim;
      const std::string text = fmt::format(" {:<9}{} {}", "Action", cleaned(a.name), cleaned(a.words));
      // What went wrong stays when room is short; what went well may go.
      screen_.say(a.is_bad ? Weight::criterion : Weight::condition, cut(text, width()), ink);
    }
  }

  void criteria() {
    if (view_.criteria.empty()) return;
    screen_.blank();
    const int width = std::min(screen_.width(), kWidestText);
    for (const LiveCriterion& c : view_.criteria) {
      // A red "so far" is worth seeing before it is final.
      const Ink ink = c.decided || c.status == Status::fail ? ink_of(c.status) : Ink::dim;
      const std::string mark = !c.decided                         ? (view_.ascii ? ".." : "…")
                               : c.status == Status::inconclusive ? "?"
                                                                  : std::string(word_of(c.status));
      const std::string title = cleaned(c.title);
      const auto room_beside = [&](const std::string& figure) { return width - 7 - columns(figure) - 1; };
      std::string right = c.observed.empty() ? "" : fmt::format("{}, limit {} ", cleaned(c.observed), cleaned(c.limit));
      // The title tells the limit, too.
      if (!right.empty() && room_beside(right) < columns(title)) right = cleaned(c.observed) + " ";
      right = cut(right, width / 2);
      const int room = room_beside(right);
      screen_.put(Weight::criterion,
                  " " + screen_.paint(padded(mark, 5), ink) + " " + padded(title, room) + " " + right);
    }
  }

  const LiveView& view_;
  std::chrono::nanoseconds axis_end_;
  ScreenLayout screen_;
};

}  // namespace

std::string render_live(const LiveView& view, int width, int height, bool colour) {
  return screen_text(LivePage(view, width, colour).lines(height), view.ascii);
}

}  // namespace surgeproof::reports
