#include "reports/live.h"

#include <algorithm>
#include <utility>

#include "base/duration.h"
#include "reports/terminal.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

// What goes first when the terminal is too small, the last one here; the header never does.
enum class Weight : std::uint8_t {
  header,
  criterion,
  load,
  replicas,
  ready,
  metric,
  decision,
  stages,
  desired,
  current,
  condition,
  hint,
  blank,
};

constexpr int kLabel = 10;           ///< columns of " Latency  "
constexpr int kNarrowestChart = 60;  ///< terminals of fewer columns get no charts
constexpr int kApart = 4;            ///< lines of a chart that leaves its last one empty, so that it ends visibly
constexpr int kWidestText = 110;     ///< farther apart, the eye does not find from a criterion to its figure

double seconds(std::chrono::nanoseconds d) { return std::chrono::duration<double>(d).count(); }

std::string latency_text(std::optional<std::chrono::microseconds> latency) {
  return latency ? format_duration(*latency) : "–";
}

std::string whole(std::optional<int> n) { return n ? fmt::format("{}", *n) : "–"; }

/// Some lines of text, and beside them a chart that may grow to `most` lines.
struct Block {
  Weight weight{};
  std::vector<std::string> text;
  std::vector<Ink> inks;  ///< of the lines of text; the last one holds for the rest
  const LiveSeries* series = nullptr;
  const LiveSeries* wanted = nullptr;
  double top = 0;
  std::optional<double> limit{};
  Ink ink = Ink::cyan;
  Ink over = Ink::red;  ///< above the limit
  int most = 1;
  int height = 1;
};

class LivePage {
 public:
  LivePage(const LiveView& view, int width, bool colour)
      : view_(view),
        width_(width),
        text_width_(width < kNarrowestChart ? width
                    : width < 100           ? 44
                                            : 46),
        chart_width_(width < kNarrowestChart ? 0 : width - text_width_ - 1),
        axis_end_(std::max(view.total, view.elapsed)),
        colour_(colour) {}

  std::vector<std::string> lines(int height) {
    header();
    load();
    for (const LiveHpa& hpa : view_.hpas) replicas(hpa);
    actions();
    criteria();
    if (!view_.hint.empty()) {
      blank();
      say(Weight::hint, " " + cleaned(view_.hint), Ink::dim);
    }
    shrink(height);
    grow(height);
    std::vector<std::string> out;
    for (const Block& b : blocks_) draw(b, out);
    return out;
  }

 private:
  std::string paint(std::string_view text, Ink ink) const { return painted(text, ink, colour_); }
  void blank() { blocks_.push_back({.weight = Weight::blank, .text = {""}, .inks = {}, .most = 1}); }
  void say(Weight weight, std::string text, Ink ink = Ink::plain) {
    blocks_.push_back({.weight = weight, .text = {cut(text, width_)}, .inks = {ink}});
  }

  // ---- fitting --------------------------------------------------------------------------------------------------

  void shrink(int height) {
    while (blocks_.size() > static_cast<std::size_t>(std::max(height, 1))) {
      // The last one among those of the least weight.
      auto victim = blocks_.begin();
      for (auto it = blocks_.begin(); it != blocks_.end(); ++it) {
        if (it->weight >= victim->weight) victim = it;
      }
      blocks_.erase(victim);
    }
  }

  /// Lines that are left over go to the charts in turns.
  void grow(int height) {
    int left = height - static_cast<int>(blocks_.size());
    for (bool grew = true; grew && left > 0;) {
      grew = false;
      for (Block& b : blocks_) {
        if (b.height >= b.most || left == 0) continue;
        ++b.height;
        --left;
        grew = true;
      }
    }
  }

  void draw(const Block& b, std::vector<std::string>& out) const {
    std::vector<std::string> rows;
    if (b.series != nullptr && chart_width_ > 0) {
      const auto values = b.series->columns({}, axis_end_, chart_width_);
      const auto wanted = b.wanted != nullptr ? b.wanted->columns({}, axis_end_, chart_width_) : decltype(values){};
      const bool apart = b.height >= kApart;
      rows = chart(values, wanted,
                   {.height = b.height - (apart ? 1 : 0),
                    .top = b.top,
                    .limit = b.limit,
                    .ascii = view_.ascii,
                    .colour = colour_,
                    .ink = b.ink,
                    .over = b.over});
      if (apart) rows.emplace_back();
    }
    for (int i = 0; i < b.height; ++i) {
      const auto line = static_cast<std::size_t>(i);
      const std::string text = line < b.text.size() ? b.text[line] : "";
      const Ink ink = b.inks.empty() ? Ink::plain : b.inks[std::min(line, b.inks.size() - 1)];
      if (rows.empty()) {
        out.push_back(paint(text, ink));
      } else {
        out.push_back(paint(padded(text, text_width_), ink) + rows[line]);
      }
    }
  }

  // ---- what stands where ----------------------------------------------------------------------------------------

  void header() {
    const std::string clock =
        fmt::format("  {} / {} ", clock_text(seconds(view_.elapsed)), clock_text(seconds(view_.total)));
    std::string title = " " + cleaned(view_.name);
    if (!view_.state.empty()) title += ": " + cleaned(view_.state);
    const std::string target = "  " + cleaned(view_.target);
    if (!view_.target.empty() && columns(title + target + clock) <= width_) title += target;
    say(Weight::header, padded(title, width_ - columns(clock)) + clock, Ink::bold);
    const int bar_width = chart_width_ > 0 ? chart_width_ : width_ - 2;
    const double share = axis_end_.count() > 0 ? seconds(view_.elapsed) / seconds(axis_end_) : 0;
    const std::string progress = paint(bar(share, bar_width, view_.ascii), Ink::cyan);
    const std::string lead =
        chart_width_ > 0 ? padded(" " + padded("Stage", kLabel - 1) + stage_now(), text_width_) : " ";
    blocks_.push_back({.weight = Weight::header, .text = {lead + progress}, .inks = {Ink::plain}});
    if (chart_width_ > 0) {
      const std::string names = std::string(static_cast<std::size_t>(text_width_), ' ') + stage_names();
      say(Weight::stages, names, Ink::dim);
    }
    blank();
  }

  /// "surge, 0:35 of 3:00"
  std::string stage_now() const {
    for (const LiveStage& s : view_.stages) {
      if (view_.elapsed < s.begin || view_.elapsed >= s.end) continue;
      const std::string clock =
          fmt::format(", {} of {}", clock_text(seconds(view_.elapsed - s.begin)), clock_text(seconds(s.end - s.begin)));
      return cut(cleaned(s.name), text_width_ - kLabel - 1 - columns(clock)) + clock;
    }
    return "";
  }

  /// Each name below the place where its stage begins; too narrow a stage shows what fits.
  std::string stage_names() const {
    std::string out;
    for (const LiveStage& stage : view_.stages) {
      if (axis_end_.count() <= 0) break;
      const auto column = [&](std::chrono::nanoseconds t) {
        return static_cast<int>(seconds(t) / seconds(axis_end_) * chart_width_);
      };
      const int room = column(stage.end) - column(stage.begin);
      const bool now = view_.elapsed >= stage.begin && view_.elapsed < stage.end;
      const std::string mark = now ? (view_.ascii ? ">" : "▸") : "";
      out += padded(cut(mark + cleaned(stage.name), std::max(0, room - 1)), room);
    }
    return cut(out, chart_width_);
  }

  Block& lane(Weight weight, std::string_view label, const std::string& text, const LiveSeries& series, int most) {
    Block b{.weight = weight, .text = {cut(fmt::format(" {:<9}{}", label, text), text_width_)}, .inks = {Ink::plain}};
    b.series = &series;
    b.top = series.peak();
    b.most = chart_width_ > 0 ? most : 1;
    blocks_.push_back(std::move(b));
    return blocks_.back();
  }

  void also(Block& b, const std::string& text) {
    b.text.push_back(std::string(kLabel, ' ') + cut(text, text_width_ - kLabel));
  }

  void load() {
    Block& rate = lane(Weight::load, "Load",
                       fmt::format("offered {}/s  served {}/s", rate_text(view_.offered_per_second),
                                   rate_text(view_.served_per_second)),
                       view_.served_history, 8);
    rate.wanted = &view_.offered_history;
    rate.top = std::max(view_.served_history.peak(), view_.offered_history.peak());
    also(rate, fmt::format("sent {}/s", rate_text(view_.sent_per_second)));
    also(rate, fmt::format("top of the chart {}/s", rate_text(rate.top)));
    Block& latency = lane(
        Weight::load, "Latency",
        fmt::format("p50 {} p95 {} p99 {}", latency_text(view_.p50), latency_text(view_.p95), latency_text(view_.p99)),
        view_.p99_ms_history, 8);
    latency.limit = view_.p99_limit_ms;
    // As near to the limit as four times the worst: low stays low, and nothing is flat on the ground.
    latency.top = std::max(latency.top, std::min(view_.p99_limit_ms.value_or(0), 4 * latency.top));
    if (!view_.p99_ms_history.empty()) {
      also(latency, fmt::format("chart: p99, top {}", words_for_ms(latency.top)));
    }
    if (view_.p99_limit_ms) also(latency, fmt::format("limit {}", words_for_ms(*view_.p99_limit_ms)));
    errors();
    say(Weight::load,
        fmt::format(" {:<9}{} ok  {} dropped  {} unsent  {} in flight  {} connections", "Requests",
                    grouped(view_.answered_well), grouped(view_.dropped), grouped(view_.unsent),
                    grouped(view_.in_flight), grouped(view_.connections)),
        view_.dropped > 0 ? Ink::red : Ink::plain);
  }

  void errors() {
    if (view_.errors.empty()) {
      say(Weight::load, fmt::format(" {:<9}none", "Errors"));
      return;
    }
    std::vector<std::string> words;
    for (const LiveErrors& e : view_.errors) {
      words.push_back(fmt::format("{} {}", words_for(e.outcome), grouped(e.count)));
    }
    std::string all = fmt::format("{}", fmt::join(words, ", "));
    Block& b = lane(Weight::load, "Errors", all, view_.failed_history, 4);
    b.ink = Ink::red;
    b.inks = {Ink::yellow};
    if (columns(b.text.front()) < text_width_) return;
    // What the first line has no room for stands below it, where the chart grows.
    b.text.clear();
    for (const std::string& part : wrapped(all, text_width_ - kLabel - 1)) {
      b.text.push_back(padded(b.text.empty() ? " Errors" : "", kLabel) + part);
    }
    if (b.most > 1) b.most = std::max(b.most, static_cast<int>(b.text.size()));
  }

  void replica_lane(Weight weight, std::string_view label, std::optional<int> value, const LiveSeries& series,
                    const LiveHpa& hpa) {
    Block& b = lane(weight, "", fmt::format("{:<8} {:>3}", label, whole(value)), series, 1);
    b.top = std::max<double>(std::max(1, hpa.max_replicas), series.peak());
  }

  void replicas(const LiveHpa& hpa) {
    blank();
    const bool at_max = hpa.desired && *hpa.desired >= hpa.max_replicas;
    std::string text = fmt::format(" {}  {} ready of {} current, {} desired ({} to {}{})", cleaned(hpa.name),
                                   whole(hpa.ready), whole(hpa.current), whole(hpa.desired), hpa.min_replicas,
                                   hpa.max_replicas, at_max ? ", at max" : "");
    if (hpa.utilization_percent) {
      text += fmt::format("  {} {:.0f}%", cleaned(hpa.metric), *hpa.utilization_percent);
      if (hpa.target_percent) text += fmt::format("/{:.0f}%", *hpa.target_percent);
    }
    say(Weight::replicas, text, Ink::bold);
    replica_lane(Weight::desired, "desired", hpa.desired, hpa.desired_history, hpa);
    replica_lane(Weight::current, "current", hpa.current, hpa.current_history, hpa);
    replica_lane(Weight::ready, "ready", hpa.ready, hpa.ready_history, hpa);
    blocks_.back().wanted = &hpa.desired_history;
    blocks_.back().ink = Ink::green;
    if (hpa.utilization_percent) {
      Block& b = lane(Weight::metric, "",
                      fmt::format("{:<7} {:>3.0f}%", cut(cleaned(hpa.metric), 7), *hpa.utilization_percent),
                      hpa.utilization_history, 5);
      b.top = std::max(b.top, hpa.target_percent.value_or(0) * 1.25);
      if (hpa.target_percent) {
        b.limit = *hpa.target_percent * 1.1;  // there the HPA acts
        b.over = Ink::yellow;
        also(b, fmt::format("target {:.0f}%, top of the chart {:.0f}%", *hpa.target_percent, b.top));
      }
    }
    if (hpa.decision) {
      say(Weight::decision,
          fmt::format("{:10}decided {} {} {} at {}: {}", "", hpa.decision->from, view_.ascii ? "->" : "→",
                      hpa.decision->to, clock_text(seconds(hpa.decision->at)), cleaned(hpa.decision->why)));
    }
    if (!hpa.last_message.empty()) {
      say(Weight::condition, fmt::format("{:10}{}", "", cleaned(hpa.last_message)), Ink::dim);
    }
  }

  void actions() {
    if (view_.actions.empty()) return;
    blank();
    for (const LiveAction& a : view_.actions) {
      const Ink ink = a.is_bad ? Ink::red : a.is_over ? Ink::plain : Ink::dim;
      const std::string text = fmt::format(" {:<9}{} {}", "Action", cleaned(a.name), cleaned(a.words));
      // What went wrong stays when room is short; what went well may go.
      say(a.is_bad ? Weight::criterion : Weight::condition, cut(text, width_), ink);
    }
  }

  void criteria() {
    if (view_.criteria.empty()) return;
    blank();
    const int width = std::min(width_, kWidestText);
    for (const LiveCriterion& c : view_.criteria) {
      // A red "so far" is worth seeing before it is final.
      const Ink ink = c.decided || c.status == Status::fail ? ink_of(c.status) : Ink::dim;
      const std::string mark = !c.decided                         ? (view_.ascii ? ".." : "…")
                               : c.status == Status::inconclusive ? "?"
                                                                  : std::string(word_of(c.status));
      std::string right = c.observed.empty() ? "" : fmt::format("{} of {} ", cleaned(c.observed), cleaned(c.limit));
      right = cut(right, width / 2);
      const int room = width - 7 - columns(right) - 1;
      blocks_.push_back(
          {.weight = Weight::criterion,
           .text = {" " + paint(padded(mark, 5), ink) + " " + padded(cleaned(c.title), room) + " " + right},
           .inks = {Ink::plain}});
    }
  }

  const LiveView& view_;
  int width_;
  int text_width_;
  int chart_width_;
  std::chrono::nanoseconds axis_end_;
  bool colour_;
  std::vector<Block> blocks_;
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

}  // namespace

std::string render_live(const LiveView& view, int width, int height, bool colour) {
  std::string out;
  bool first = true;
  for (const std::string& line : LivePage(view, std::max(width, 20), colour).lines(height)) {
    if (!std::exchange(first, false)) out += '\n';
    out += line;
  }
  return view.ascii ? ascii_only(out) : out;
}

}  // namespace surgeproof::reports
