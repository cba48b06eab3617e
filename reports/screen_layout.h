// What the live screens are laid out with: lines of text that go by their weight when the terminal is small, and charts
// beside them, all on one time axis, that grow when it is large. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/live_series.h"
#include "reports/terminal.h"

namespace surgeproof::reports {

/// What goes first when the terminal is too small, the last one here; the header never does.
enum class Weight : std::uint8_t {
  header,
  criterion,
  load,
  replicas,
  ready,
  metric,
  decision,
  trouble,  ///< what keeps an HPA from scaling, what cannot be seen
  news,
  pods,
  signal,
  stages,
  desired,
  current,
  condition,
  hint,
  blank,
};

/// Some lines of text, and beside them a chart that may grow to `most` lines.
struct ScreenBlock {
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

/// The time that charts show.
struct ScreenAxis {
  std::chrono::nanoseconds begin{};
  std::chrono::nanoseconds end{};
};

class ScreenLayout {
 public:
  static constexpr int kLabel = 10;  ///< columns of " Latency  "

  /// Terminals of fewer than 60 columns get no charts.
  ScreenLayout(int width, ScreenAxis axis, bool ascii, bool colour);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int text_width() const { return text_width_; }    ///< left of the charts
  [[nodiscard]] int chart_width() const { return chart_width_; }  ///< 0: there are none
  [[nodiscard]] bool ascii() const { return ascii_; }
  [[nodiscard]] int size() const { return static_cast<int>(blocks_.size()); }
  [[nodiscard]] std::string paint(std::string_view text, Ink ink) const { return painted(text, ink, colour_); }

  /// A line as it is, which may hold colours.
  void put(Weight weight, std::string line);
  void blank();
  void say(Weight weight, const std::string& text, Ink ink = Ink::plain);
  /// A chart of up to `most` lines, scaled to the series' peak. The reference holds until the next call of any.
  ScreenBlock& lane(Weight weight, std::string_view label, const std::string& text, const LiveSeries& series, int most);
  /// Another line of text, shown where the chart has grown.
  void also(ScreenBlock& block, const std::string& text) const;

  /// The highest value that a chart of `series` shows.
  [[nodiscard]] double highest(const LiveSeries& series) const;
  /// Lines that the charts would still take.
  [[nodiscard]] int room_to_grow() const;

  /// At most `height` lines.
  [[nodiscard]] std::vector<std::string> lines(int height) const;

 private:
  void draw(const ScreenBlock& block, int height, std::vector<std::string>& out) const;

  int width_;
  int text_width_;
  int chart_width_;
  ScreenAxis axis_;
  bool ascii_;
  bool colour_;
  std::vector<ScreenBlock> blocks_;
};

/// Lines as one text, without the last line's end; with `ascii` one character for one, so that widths stay.
std::string screen_text(const std::vector<std::string>& lines, bool ascii);

/// Desired, current and ready replicas, a line each, the last one with what is missing.
struct ReplicaLanes {
  std::optional<int> desired;
  std::optional<int> current;
  std::optional<int> ready;
  int max_replicas = 0;
  const LiveSeries& desired_history;
  const LiveSeries& current_history;
  const LiveSeries& ready_history;
};
void add_replica_lanes(ScreenLayout& screen, const ReplicaLanes& lanes);

}  // namespace surgeproof::reports
