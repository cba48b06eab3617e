#include "reports/live_series.h"

#include <algorithm>

namespace surgeproof::reports {
namespace {

/// Twice as many as the widest terminal has columns. When they are full, each two neighbours become one.
constexpr std::size_t kMostSamples = 1000;

}  // namespace

LiveSeries::Sample LiveSeries::folded(const Sample& a, const Sample& b) const {
  const double weight = a.weight + b.weight;
  switch (fold_) {
    case Fold::mean:
      return {a.at, (a.value * a.weight + b.value * b.weight) / weight, weight};
    case Fold::peak:
      return {a.at, std::max(a.value, b.value), weight};
    case Fold::last:
      return {a.at, b.value, weight};
  }
  return b;
}

void LiveSeries::add(std::chrono::nanoseconds at, double value) {
  peak_ = std::max(peak_, value);
  // All stand for as many as the first does, so that a long run's beginning is as sharp as its end.
  if (!samples_.empty() && samples_.back().weight < samples_.front().weight) {
    samples_.back() = folded(samples_.back(), {at, value, 1});
    return;
  }
  if (samples_.size() == kMostSamples) {
    for (std::size_t i = 0; i < kMostSamples / 2; ++i) samples_[i] = folded(samples_[2 * i], samples_[2 * i + 1]);
    samples_.resize(kMostSamples / 2);
  }
  samples_.push_back({at, value, 1});
}

void LiveSeries::forget_before(std::chrono::nanoseconds t) {
  const auto first = std::ranges::find_if(samples_, [&](const Sample& s) { return s.at >= t; });
  if (first - samples_.begin() > 1) samples_.erase(samples_.begin(), first - 1);
}

std::vector<std::optional<double>> LiveSeries::columns(std::chrono::nanoseconds begin, std::chrono::nanoseconds end,
                                                       int width) const {
  std::vector<std::optional<double>> out;
  if (samples_.empty() || width <= 0 || end <= begin) return out;
  const auto column_of = [&](std::chrono::nanoseconds t) {
    const double share = static_cast<double>((t - begin).count()) / static_cast<double>((end - begin).count());
    return static_cast<std::size_t>(std::clamp(share * width, 0.0, static_cast<double>(width - 1)));
  };
  out.resize(column_of(samples_.back().at) + 1);
  std::vector<Sample> sums(out.size());
  for (const Sample& s : samples_) {
    const std::size_t column = column_of(s.at);
    sums[column] = out[column] ? folded(sums[column], s) : s;
    out[column] = sums[column].value;
  }
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (!out[i]) out[i] = out[i - 1];
  }
  return out;
}

}  // namespace surgeproof::reports
