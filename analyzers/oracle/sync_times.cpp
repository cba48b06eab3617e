#include "analyzers/oracle/sync_times.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

bool same_status(const HpaSample& a, const HpaSample& b) {
  if (a.current_replicas != b.current_replicas || a.desired_replicas != b.desired_replicas) return false;
  if (a.last_scale_time != b.last_scale_time || a.conditions != b.conditions) return false;
  const auto same_values = [](const HpaMetric& x, const HpaMetric& y) {
    return x.current_utilization_percent == y.current_utilization_percent &&
           x.current_average_milli == y.current_average_milli && x.current_value_milli == y.current_value_milli;
  };
  return std::ranges::equal(a.metrics, b.metrics, same_values);
}

/// How far `gap` is from the nearest whole multiple of `period`, as a share of the period.
double misfit(RunTime gap, RunTime period) {
  const double n = static_cast<double>(gap.count()) / static_cast<double>(period.count());
  return n < 0.5 ? 1.0 : std::abs(n - std::round(n));
}

}  // namespace

std::vector<std::size_t> syncs_seen(const HpaTrack& track) {
  std::vector<std::size_t> seen;
  for (std::size_t i = 1; i < track.samples.size(); ++i) {
    const HpaSample& s = track.samples[i];
    if (!s.deleted && !track.samples[i - 1].deleted && !same_status(track.samples[i - 1], s)) seen.push_back(i);
  }
  return seen;
}

SyncGrid find_sync_grid(const HpaTrack& track) {
  SyncGrid grid;
  std::vector<RunTime> instants;
  for (const std::size_t i : syncs_seen(track)) instants.push_back(track.samples[i].at.observed);
  if (!track.samples.empty()) grid.anchor = track.samples.front().at.observed;
  if (instants.size() < 2) return grid;
  std::vector<RunTime> gaps;
  for (std::size_t i = 1; i < instants.size(); ++i) {
    if (instants[i] - instants[i - 1] >= 200ms) gaps.push_back(instants[i] - instants[i - 1]);
  }
  if (gaps.empty()) return grid;
  std::ranges::sort(gaps);
  // The longest of the gaps seen that four fifths of all are multiples of.
  const auto fits = [&](RunTime period) {
    const auto n = std::ranges::count_if(gaps, [&](RunTime gap) { return misfit(gap, period) < 0.1; });
    return static_cast<double>(n) >= 0.8 * static_cast<double>(gaps.size());
  };
  const auto period = std::ranges::find_if(gaps.rbegin(), gaps.rend(), fits);
  const RunTime found = period == gaps.rend() ? gaps[gaps.size() / 2] : *period;
  // Each gap is late or early by a little; together they are not.
  RunTime sum{};
  double periods = 0;
  for (const RunTime gap : gaps) {
    if (misfit(gap, found) >= 0.1) continue;
    sum += gap;
    periods += std::round(static_cast<double>(gap.count()) / static_cast<double>(found.count()));
  }
  const RunTime mean = periods > 0 ? RunTime{std::llround(static_cast<double>(sum.count()) / periods)} : found;
  // Two or three gaps could all be multiples of more than one period: Kubernetes' own is the likelier.
  grid.period = gaps.size() < 4 && misfit(mean, 15s) < 0.1 ? 15s : mean;
  const RunTime tenth = 100ms;
  grid.period = std::max(tenth, (grid.period + tenth / 2) / tenth * tenth);
  grid.measured = true;
  grid.anchor = phase_of(instants, grid.period);
  return grid;
}

RunTime phase_of(const std::vector<RunTime>& instants, RunTime period) {
  double x = 0;
  double y = 0;
  for (const RunTime t : instants) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>((t % period).count()) / static_cast<double>(period.count());
    x += std::cos(angle);
    y += std::sin(angle);
  }
  if (instants.empty() || (x == 0 && y == 0)) return RunTime{0};
  double turn = std::atan2(y, x) / (2 * std::numbers::pi);
  if (turn < 0) turn += 1;
  return RunTime{std::llround(turn * static_cast<double>(period.count()))} % period;
}

}  // namespace surgeproof
