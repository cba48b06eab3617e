#include "scenarios/surges.h"

#include <algorithm>

namespace surgeproof {
namespace {

constexpr double kSwing = 2;  // up or down, to count as one

double rate_of(const Stage& s) { return s.shape == Stage::Shape::pause ? 0.0 : s.rate.per_second; }

}  // namespace

std::vector<Interval> surges_of(const Load& load) {
  std::vector<Interval> surges;
  bool up = false;
  double lowest = 0;  // since the last surge; no load comes before the plan
  double highest = 0;
  RunTime begin{};
  for (const Stage& s : load.stages) {
    const double rate = rate_of(s);
    const RunTime end = begin + s.duration;
    if (up && rate * kSwing <= highest) {
      up = false;
      lowest = rate;
    }
    if (!up && rate > 0 && rate >= lowest * kSwing) {
      up = true;
      highest = 0;
      surges.emplace_back();
    }
    if (up && rate > highest) {
      highest = rate;
      surges.back() = {begin, end};
    } else if (up && rate >= highest) {
      surges.back().end = end;
    }
    if (!up) lowest = std::min(lowest, rate);
    begin = end;
  }
  return surges;
}

}  // namespace surgeproof
