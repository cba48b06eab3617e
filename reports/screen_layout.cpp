#include "reports/screen_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/text.h"

namespace surgeproof::reports {
namespace {

constexpr int kNarrowestChart = 60;  ///< terminals of fewer columns get no charts
constexpr int kApart = 4;            ///< lines of a chart that leaves its last one empty, so that it ends visibly

int text_columns(int width) { return width < kNarrowestChart ? width : width < 100 ? 44 : 46; }

/// Of the least weight the last one goes, until `height` are left.
std::vector<ScreenBlock> without_lightest(std::vector<ScreenBlock> blocks, int height) {
  while (blocks.size() > static_cast<std::size_t>(std::max(height, 1))) {
    auto victim = blocks.begin();
    for (auto it = blocks.begin(); it != blocks.end(); ++it) {
      if (it->weight >= victim->weight) victim = it;
    }
    blocks.erase(victim);
  }
  return blocks;
}

/// Lines that are left over go to the charts in turns.
void grow_charts(std::vector<ScreenBlock>& blocks, int height) {
  int left = height - static_cast<int>(blocks.size());
  for (bool grew = true; grew && left > 0;) {
    grew = false;
    for (ScreenBlock& b : blocks) {
      if (b.height >= b.most || left == 0) continue;
      ++b.height;
      --left;
      grew = true;
    }
  }
}

// One character for one, so that widths stay.
std::string screen_in_ascii(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += text[i];
    } else if (lead >= 0xC0) {
      const std::string_view rest = std::string_view(text).substr(i);
      out += rest.starts_with("–") ? '-' : rest.starts_with("…") ? '~' : rest.starts_with("·") ? ',' : '?';
    }
  }
  return out;
}

}  // namespace

ScreenLayout::ScreenLayout(int width, ScreenAxis axis, bool ascii, bool colour)
    : width_(std::max(width, 20)),
      text_width_(text_columns(width_)),
      chart_width_(width_ < kNarrowestChart ? 0 : width_ - text_width_ - 1),
      axis_(axis),
      ascii_(ascii),
      colour_(colour) {}

void ScreenLayout::put(Weight weight, std::string line) {
  blocks_.push_back({.weight = weight, .text = {std::move(line)}, .inks = {Ink::plain}});
}

void ScreenLayout::blank() { blocks_.push_back({.weight = Weight::blank, .text = {""}, .inks = {}, .most = 1}); }

void ScreenLayout::say(Weight weight, const std::string& text, Ink ink) {
  blocks_.push_back({.weight = weight, .text = {cut(text, width_)}, .inks = {ink}});
}

ScreenBlock& ScreenLayout::lane(Weight weight, std::string_view label, const std::string& text,
                                const LiveSeries& series, int most) {
  ScreenBlock b{
      .weight = weight, .text = {cut(fmt::format(" {:<9}{}", label, text), text_width_)}, .inks = {Ink::plain}};
  b.series = &series;
  b.top = series.peak();
  b.most = chart_width_ > 0 ? most : 1;
  blocks_.push_back(std::move(b));
  return blocks_.back();
}

void ScreenLayout::also(ScreenBlock& block, const std::string& text) const {
  block.text.push_back(std::string(kLabel, ' ') + cut(text, text_width_ - kLabel));
}

double ScreenLayout::highest(const LiveSeries& series) const {
  double most = 0;
  for (const auto& value : series.columns(axis_.begin, axis_.end, std::max(chart_width_, 1))) {
    most = std::max(most, value.value_or(0));
  }
  return most;
}

int ScreenLayout::room_to_grow() const {
  int room = 0;
  for (const ScreenBlock& b : blocks_) room += b.most - b.height;
  return room;
}

std::vector<std::string> ScreenLayout::lines(int height) const {
  auto blocks = without_lightest(blocks_, height);
  grow_charts(blocks, height);
  std::vector<std::string> out;
  for (const ScreenBlock& b : blocks) draw(b, b.height, out);
  return out;
}

void ScreenLayout::draw(const ScreenBlock& b, int height, std::vector<std::string>& out) const {
  std::vector<std::string> rows;
  if (b.series != nullptr && chart_width_ > 0) {
    const auto values = b.series->columns(axis_.begin, axis_.end, chart_width_);
    const auto wanted =
        b.wanted != nullptr ? b.wanted->columns(axis_.begin, axis_.end, chart_width_) : decltype(values){};
    const bool apart = height >= kApart;
    rows = chart(values, wanted,
                 {.height = height - (apart ? 1 : 0),
                  .top = b.top,
                  .limit = b.limit,
                  .ascii = ascii_,
                  .colour = colour_,
                  .ink = b.ink,
                  .over = b.over});
    if (apart) rows.emplace_back();
  }
  for (int i = 0; i < height; ++i) {
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

std::string screen_text(const std::vector<std::string>& lines, bool ascii) {
  const std::string text = fmt::format("{}", fmt::join(lines, "\n"));
  return ascii ? screen_in_ascii(text) : text;
}

void add_replica_lanes(ScreenLayout& screen, const ReplicaLanes& lanes) {
  const auto add = [&](Weight weight, std::string_view label, std::optional<int> value,
                       const LiveSeries& series) -> ScreenBlock& {
    const std::string text = fmt::format("{:<8} {:>3}", label, value ? fmt::format("{}", *value) : "–");
    ScreenBlock& b = screen.lane(weight, "", text, series, 1);
    b.top = std::max<double>(std::max(1, lanes.max_replicas), series.peak());
    return b;
  };
  add(Weight::desired, "desired", lanes.desired, lanes.desired_history);
  add(Weight::current, "current", lanes.current, lanes.current_history);
  ScreenBlock& ready = add(Weight::ready, "ready", lanes.ready, lanes.ready_history);
  ready.wanted = &lanes.desired_history;
  ready.ink = Ink::green;
}

}  // namespace surgeproof::reports
