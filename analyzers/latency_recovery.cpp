#include "analyzers/latency_recovery.h"

#include <algorithm>

#include "analyzers/load_sum.h"
#include "analyzers/timeline.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

using std::chrono::microseconds;

constexpr double kGoodShare = 0.95;
constexpr int kMostBins = 300;
constexpr RunTime kCalm = std::chrono::seconds{10};

std::optional<RunTime> limit_of_criteria(const Scenario& scenario) {
  std::optional<RunTime> limit;
  for (const Criterion& c : scenario.criteria) {
    const auto* latency = std::get_if<LatencyCriterion>(&c.rule);
    if (latency && latency->percentile < 100) limit = std::min(limit.value_or(latency->limit), latency->limit);
  }
  return limit;
}

bool is_good(const LoadSum& load, RunTime limit) {
  const std::uint64_t n = load.latency.count() + load.drops();
  const std::uint64_t bad = load.latency.count_above(std::chrono::floor<microseconds>(limit)) + load.drops();
  return static_cast<double>(bad) <= (1 - kGoodShare) * static_cast<double>(n);
}

}  // namespace

std::optional<Recovery> latency_recovery(const Scenario& scenario, const Timeline& timeline, Interval look) {
  Recovery r;
  if (const auto limit = limit_of_criteria(scenario)) {
    r.limit = *limit;
    r.from_criterion = true;
  } else {
    const RunTime begin = timeline.load_started.value_or(RunTime{});
    const auto before = sum_latency(timeline, {{begin, look.begin}}).latency.quantile(kGoodShare);
    if (!before) return std::nullopt;
    r.limit = 2 * *before;
  }
  const RunTime bin = std::max<RunTime>(std::chrono::seconds{1}, look.length() / kMostBins);
  std::optional<RunTime> good_since;
  bool any = false;
  for (RunTime t = look.begin; t < look.end; t += bin) {
    const LoadSum load = sum_latency(timeline, {{t, std::min(t + bin, look.end)}});
    any = any || load.latency.count() > 0;
    if (is_good(load, r.limit)) {
      if (!good_since) good_since = t;
      if (r.ever_bad && t + bin - *good_since >= kCalm) break;
    } else {
      r.ever_bad = true;
      good_since.reset();
    }
  }
  if (!any) return std::nullopt;
  if (r.ever_bad) r.recovered = good_since;
  return r;
}

}  // namespace surgeproof
