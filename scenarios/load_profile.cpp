#include "scenarios/load_profile.h"
#include "base/run_time.h"

#include <algorithm>
#include <cmath>

namespace surgeproof {
namespace {

using std::chrono::nanoseconds;

/// λ at offset x into a segment.
double rate_within(const LoadProfile::Segment& s, nanoseconds x) {
  const auto length = to_seconds(s.end - s.begin);
  return length <= 0 ? s.rate_end : s.rate_begin + (s.rate_end - s.rate_begin) * (to_seconds(x) / length);
}

/// The offset x into a segment at which `count` requests are due: r₀·x + a·x²/2 = count with a = (r₁ − r₀)/length.
///
/// Of the two forms of the solution the one without a difference in it: 2·count / (r₀ + √(r₀² + 2·a·count)). It holds
/// for rising, falling and level segments alike, a → 0 included.
nanoseconds offset_of(const LoadProfile::Segment& s, double count) {
  const auto length = to_seconds(s.end - s.begin);
  if (count <= 0 || length <= 0) return nanoseconds{0};
  const double slope = (s.rate_end - s.rate_begin) / length;
  const double root = std::sqrt(std::max(0.0, s.rate_begin * s.rate_begin + 2 * slope * count));
  const double below = s.rate_begin + root;
  if (below <= 0) return s.end - s.begin;
  const double x = 2 * count / below;
  if (!(x < length)) return s.end - s.begin;
  return nanoseconds{std::llround(x * 1e9)};
}

}  // namespace

LoadProfile::LoadProfile(std::span<const Stage> stages) {
  nanoseconds at{0};
  double rate = 0;
  double count = 0;
  segments_.reserve(stages.size());
  for (const auto& stage : stages) {
    const double wanted = stage.shape == Stage::Shape::pause ? 0 : stage.rate.per_second;
    Segment s;
    s.begin = at;
    s.end = at + stage.duration;
    s.rate_begin = stage.shape == Stage::Shape::ramp ? rate : wanted;
    s.rate_end = wanted;
    s.count_before = count;
    s.count_after = count + (s.rate_begin + s.rate_end) / 2 * to_seconds(stage.duration);
    at = s.end;
    rate = wanted;
    count = s.count_after;
    segments_.push_back(s);
  }
}

nanoseconds LoadProfile::duration() const { return segments_.empty() ? nanoseconds{0} : segments_.back().end; }

double LoadProfile::total() const { return segments_.empty() ? 0 : segments_.back().count_after; }

std::size_t LoadProfile::stage_at(nanoseconds t) const {
  const auto after = std::upper_bound(segments_.begin(), segments_.end(), t,
                                      [](nanoseconds x, const Segment& s) { return x < s.begin; });
  return after == segments_.begin() ? 0 : static_cast<std::size_t>(after - segments_.begin()) - 1;
}

Rate LoadProfile::rate_at(nanoseconds t) const {
  if (t < nanoseconds{0} || t >= duration()) return {};
  const auto& s = segments_[stage_at(t)];
  return {rate_within(s, t - s.begin)};
}

Rate LoadProfile::peak() const {
  double most = 0;
  for (const auto& s : segments_) most = std::max({most, s.rate_begin, s.rate_end});
  return {most};
}

double LoadProfile::expected_until(nanoseconds t) const {
  if (segments_.empty() || t <= nanoseconds{0}) return 0;
  if (t >= duration()) return total();
  const auto& s = segments_[stage_at(t)];
  const auto x = t - s.begin;
  return s.count_before + (s.rate_begin + rate_within(s, x)) / 2 * to_seconds(x);
}

std::optional<nanoseconds> LoadProfile::instant_of(double count) const {
  // A whole number of requests may miss the sum of fractions by rounding alone.
  const double slack = 1e-9 + total() * 1e-14;
  if (segments_.empty() || !(count <= total() + slack)) return std::nullopt;
  const auto found = std::lower_bound(segments_.begin(), segments_.end(), std::min(count, total()),
                                      [](const Segment& s, double c) { return s.count_after < c; });
  return found->begin + offset_of(*found, count - found->count_before);
}

}  // namespace surgeproof
