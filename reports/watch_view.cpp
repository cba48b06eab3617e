#include "reports/watch_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "base/wall_time.h"
#include "reports/screen_layout.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr RunTime kShortestAxis = std::chrono::minutes{2};
constexpr std::size_t kMostPods = 4;  ///< lines for pods of one HPA
constexpr int kLeastNews = 3;
constexpr int kNewsColumn = 33;     ///< where the text of most begins
constexpr double kActsAbove = 110;  ///< percent of the target; within a tenth of it the HPA does nothing

/// All that there is, once it is more than two minutes, and at most the last ten; with an end that is near, up to it.
ScreenAxis watch_axis(const WatchView& view) {
  const bool ends_soon = view.length && *view.length <= kWatchWindow;
  if (ends_soon) return {{}, std::max<RunTime>(*view.length, view.now)};
  return {std::max(RunTime{}, view.now - kWatchWindow), std::max(kShortestAxis, view.now)};
}

std::string in_whole_seconds(RunTime t) {
  return format_duration(std::chrono::floor<std::chrono::seconds>(std::max(t, RunTime{})));
}

std::string number_or_dash(std::optional<int> n) { return n ? fmt::format("{}", *n) : "–"; }

class WatchPage {
 public:
  WatchPage(const WatchView& view, int width, bool colour)
      : view_(view), axis_(watch_axis(view)), screen_(width, axis_, view.ascii, colour) {}

  std::vector<std::string> lines(int height) {
    header();
    gaps();
    for (const WatchedHpa& h : view_.hpas) hpa(h);
    signals();
    news(height);
    if (!view_.hint.empty()) {
      screen_.blank();
      screen_.say(Weight::hint, " " + cleaned(view_.hint), Ink::dim);
    }
    return screen_.lines(height);
  }

 private:
  [[nodiscard]] std::string clock(RunTime t) const { return format_rfc3339(view_.begun + t, 0).substr(11, 8); }

  void header() {
    const int width = screen_.width();
    const auto text_of = [](RunTime t) { return clock_text(std::chrono::duration<double>(t).count()); };
    std::string right = fmt::format("  {} UTC  {}", clock(view_.now), text_of(view_.now));
    if (view_.length) right += " / " + text_of(*view_.length);
    right += ' ';
    std::string title = view_.hpas.size() == 1
                            ? fmt::format(" Watching {}/{}", cleaned(view_.hpas[0].ns), cleaned(view_.hpas[0].name))
                            : fmt::format(" Watching {} HPAs", view_.hpas.size());
    const std::string cluster = "  " + cleaned(view_.cluster);
    if (!view_.cluster.empty() && columns(title + cluster + right) <= width) title += cluster;
    screen_.say(Weight::header, padded(title, width - columns(right)) + right, Ink::bold);
    if (screen_.chart_width() > 0) axis();
  }

  /// "14:00:49          14:02:49" above the charts.
  void axis() {
    const std::string begin = clock(axis_.begin);
    const std::string end = clock(axis_.end);
    const std::string gap(static_cast<std::size_t>(std::max(1, screen_.chart_width() - columns(begin + end))), ' ');
    screen_.say(Weight::stages, std::string(static_cast<std::size_t>(screen_.text_width()), ' ') + begin + gap + end,
                Ink::dim);
  }

  void gaps() {
    for (const WatchedGap& g : view_.gaps) {
      screen_.say(Weight::trouble,
                  fmt::format(" Not seen {} for {}: {}", cleaned(g.resource), in_whole_seconds(view_.now - g.since),
                              cleaned(g.message)),
                  Ink::yellow);
    }
  }

  void hpa(const WatchedHpa& h) {
    screen_.blank();
    screen_.say(Weight::replicas, headline(h), Ink::bold);
    add_replica_lanes(screen_, {h.desired, h.current, h.ready, h.max_replicas, h.desired_history, h.current_history,
                                h.ready_history});
    for (const WatchedMetric& m : h.metrics) metric(m);
    if (h.decision) {
      const auto& d = *h.decision;
      screen_.say(Weight::decision,
                  indented(fmt::format("decided {} {} {} at {}, {} ago: {}", d.from, view_.ascii ? "->" : "→", d.to,
                                       clock(d.at), in_whole_seconds(view_.now - d.at), cleaned(d.why))));
    }
    conditions(h);
    pods(h);
  }

  static std::string indented(const std::string& text) {
    return std::string(static_cast<std::size_t>(ScreenLayout::kLabel), ' ') + text;
  }

  [[nodiscard]] std::string headline(const WatchedHpa& h) const {
    const std::string name = view_.hpas.size() == 1 ? cleaned(h.target) : cleaned(h.ns + "/" + h.name);
    if (h.deleted) return fmt::format(" {}  the HPA was deleted", name);
    if (h.target.empty()) return fmt::format(" {}/{}  the HPA was not seen yet", cleaned(h.ns), cleaned(h.name));
    const bool at_max = h.desired && *h.desired >= h.max_replicas;
    return fmt::format(" {}  {} ready of {} current, {} desired ({} to {}{})", name, number_or_dash(h.ready),
                       number_or_dash(h.current), number_or_dash(h.desired), h.min_replicas, h.max_replicas,
                       at_max ? ", at max" : "");
  }

  void metric(const WatchedMetric& m) {
    const std::string text = m.now.target.empty()
                                 ? cleaned(m.now.name)
                                 : fmt::format("{} {} of {}", cleaned(m.now.name), m.now.value, m.now.target);
    ScreenBlock& b = screen_.lane(Weight::metric, "", text, m.percent_of_target_history, 5);
    b.top = std::max(screen_.highest(m.percent_of_target_history), 125.0);
    b.limit = kActsAbove;
    b.over = Ink::yellow;
    screen_.also(b, fmt::format("top of the chart {:.0f} % of target", b.top));
  }

  /// What is wrong a line each; of the rest the reasons, which name themselves, on one.
  void conditions(const WatchedHpa& h) {
    std::string well;
    for (const Condition& c : h.conditions) {
      if (!is_bad(c)) {
        well += (well.empty() ? "" : " · ") + cleaned(c.reason);
        continue;
      }
      screen_.say(Weight::trouble,
                  indented(fmt::format("{} {}: {}", cleaned(c.type), cleaned(c.reason), cleaned(c.message))),
                  Ink::yellow);
    }
    if (!well.empty()) screen_.say(Weight::condition, indented(well), Ink::dim);
  }

  void pods(const WatchedHpa& h) {
    const std::size_t shown = h.pods.size() > kMostPods ? kMostPods - 1 : h.pods.size();
    for (std::size_t i = 0; i < shown; ++i) {
      const WatchedPod& p = h.pods[i];
      std::string text = fmt::format("{} {}", p.state, cleaned(p.name));
      if (p.since) text += " for " + in_whole_seconds(view_.now - *p.since);
      if (!p.more.empty()) text += (p.state == "ending" ? " " : ": ") + cleaned(p.more);
      screen_.say(Weight::pods, indented(text), p.ink);
    }
    if (shown == h.pods.size()) return;
    screen_.say(Weight::pods, indented(fmt::format("and {} more pods are starting or ending", h.pods.size() - shown)));
  }

  void signals() {
    if (!view_.signals.empty()) screen_.blank();
    bool first = true;
    for (const WatchedSignal& s : view_.signals) {
      const std::string text = fmt::format("{} {}", cleaned(s.name), s.value ? fmt::format("{:.6g}", *s.value) : "–");
      ScreenBlock& b = screen_.lane(Weight::signal, first ? "Signals" : "", text, s.history, 3);
      b.top = screen_.highest(s.history);
      if (b.top > 0) screen_.also(b, fmt::format("top of the chart {:.6g}", b.top));
      first = false;
    }
  }

  /// The latest that there is room for, a line each; charts get a third of what is left over.
  void news(int height) {
    screen_.blank();
    if (view_.news.empty()) screen_.say(Weight::news, " Nothing has changed since.", Ink::dim);
    const int spare = height - screen_.size() - (view_.hint.empty() ? 0 : 2);
    const int room = std::max(kLeastNews, spare - std::min(screen_.room_to_grow(), spare / 3));
    const auto shown = std::min(view_.news.size(), static_cast<std::size_t>(room));
    for (std::size_t i = view_.news.size() - shown; i < view_.news.size(); ++i) {
      const Told& told = view_.news[i];
      std::string lead = fmt::format(" {}  {} ", clock(told.at), cleaned(told.subject));
      if (columns(lead) < kNewsColumn) lead = padded(lead, kNewsColumn);
      lead = cut(lead, screen_.width());
      const std::string text = cut(cleaned(told.text), screen_.width() - columns(lead));
      screen_.put(Weight::news, lead + screen_.paint(text, told.ink));
    }
  }

  const WatchView& view_;
  ScreenAxis axis_;
  ScreenLayout screen_;
};

}  // namespace

std::string render_watch(const WatchView& view, int width, int height, bool colour) {
  return screen_text(WatchPage(view, width, colour).lines(height), view.ascii);
}

}  // namespace surgeproof::reports
