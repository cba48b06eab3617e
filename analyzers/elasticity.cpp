#include "analyzers/elasticity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzers/load_sum.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

using std::chrono::microseconds;

constexpr int kMostBins = 600;
constexpr std::uint64_t kFewest = 20;   // requests in a bin that can tell of its latency
constexpr double kGoodShare = 0.95;     // of a bin's requests within the limit
constexpr std::size_t kFewestBins = 5;  // good ones, before a capacity is believed

struct Bin {
  Interval at;
  double rate = 0;      // offered, per second
  double replicas = 0;  // ready, mean
  bool told = false;    // enough requests
  bool good = false;
};

std::optional<RunTime> limit_of(const Scenario& scenario) {
  std::optional<RunTime> limit;
  for (const Criterion& c : scenario.criteria) {
    const auto* latency = std::get_if<LatencyCriterion>(&c.rule);
    if (latency && latency->percentile < 100) limit = std::min(limit.value_or(latency->limit), latency->limit);
  }
  return limit;
}

double mean_of(const Steps<int>& steps, Interval at) {
  double sum = 0;
  steps.each(at, [&](Interval i, int n) { sum += n * to_seconds(i.length()); });
  return sum / to_seconds(at.length());
}

std::vector<Bin> bins_of(const Timeline& t, const HpaTrack& hpa, Interval span, RunTime limit) {
  std::vector<Bin> bins;
  const RunTime width = std::max<RunTime>(std::chrono::seconds{5}, span.length() / kMostBins);
  for (RunTime begin = span.begin; begin + width <= span.end; begin += width) {
    Bin bin{{begin, begin + width}, 0, mean_of(hpa.ready, {begin, begin + width}), false, false};
    const LoadSum load = sum_latency(t, {bin.at});
    bin.rate = static_cast<double>(load.planned) / to_seconds(width);
    const std::uint64_t n = load.latency.count() + load.drops();
    const std::uint64_t bad = load.latency.count_above(std::chrono::floor<microseconds>(limit)) + load.drops();
    bin.told = n >= kFewest;
    bin.good = bin.told && static_cast<double>(bad) <= (1 - kGoodShare) * static_cast<double>(n);
    bins.push_back(bin);
  }
  return bins;
}

// The most that a replica served well: the second best bin, so that one lucky moment is not it.
std::optional<double> capacity_of(const std::vector<Bin>& bins) {
  std::vector<double> per_replica;
  for (const Bin& b : bins) {
    if (b.good && b.replicas >= 1) per_replica.push_back(b.rate / b.replicas);
  }
  if (per_replica.size() < kFewestBins) return std::nullopt;
  std::sort(per_replica.begin(), per_replica.end(), std::greater{});
  return per_replica[1] > 0 ? std::optional{per_replica[1]} : std::nullopt;
}

int demand_at(double rate, double capacity, const HpaTrack& hpa, RunTime t) {
  const int least = hpa.min_replicas.at(t).value_or(1);
  const int most = std::max(least, hpa.max_replicas.at(t).value_or(INT32_MAX));
  const double exact = std::ceil(rate / capacity - 1e-6);
  return static_cast<int>(std::clamp(exact, static_cast<double>(least), static_cast<double>(most)));
}

Elasticity::Scores score(const std::vector<Bin>& bins, double capacity, const HpaTrack& hpa, double replica_seconds) {
  Elasticity::Scores s;
  double total = 0;
  double demanded = 0;
  int demand_changes = 0;
  std::optional<int> before;
  for (const Bin& bin : bins) {
    const int d = demand_at(bin.rate, capacity, hpa, bin.at.begin);
    demand_changes += before && *before != d ? 1 : 0;
    before = d;
    hpa.ready.each(bin.at, [&](Interval i, int n) {
      const double length = to_seconds(i.length());
      total += length;
      demanded += d * length;
      s.under_replicas += std::max(d - n, 0) * length;
      s.over_replicas += std::max(n - d, 0) * length;
      s.under_time_share += n < d ? length : 0;
      s.over_time_share += n > d ? length : 0;
    });
  }
  if (total <= 0) return s;
  if (demanded > 0) {
    s.under_percent_of_demand = 100 * s.under_replicas / demanded;
    s.over_percent_of_demand = 100 * s.over_replicas / demanded;
  }
  if (replica_seconds > 0) s.over_provisioned_share = std::min(1.0, s.over_replicas / replica_seconds);
  for (double* v : {&s.under_replicas, &s.over_replicas, &s.under_time_share, &s.over_time_share}) *v /= total;
  const int supply_changes = hpa.ready.changes_in({bins.front().at.begin, bins.back().at.end});
  s.jitter_per_minute = 60.0 * (supply_changes - demand_changes) / total;
  return s;
}

Elasticity measure(const Scenario& scenario, const Timeline& t, const HpaTrack& hpa, Interval span) {
  Elasticity e;
  e.ns = hpa.ns;
  e.hpa = hpa.name;
  e.span = span;
  hpa.ready.each(span, [&](Interval i, int n) { e.replica_seconds += n * to_seconds(i.length()); });
  if (scenario.price) {
    constexpr double kHour = 3600;
    e.cost = e.replica_seconds / kHour * scenario.price->per_replica_hour;
    e.currency = scenario.price->currency;
  }
  const auto limit = limit_of(scenario);
  if (!limit) {
    e.demand_from = "not known: no latency criterion says what well served is";
    return e;
  }
  const std::vector<Bin> bins = bins_of(t, hpa, span, *limit);
  const auto capacity = capacity_of(bins);
  if (!capacity) {
    e.demand_from =
        fmt::format("not known: too few spans kept 95 % of the requests within {}", format_duration(*limit));
    return e;
  }
  const bool overrun = std::any_of(bins.begin(), bins.end(), [](const Bin& b) { return b.told && !b.good; });
  e.per_replica = capacity;
  e.demand_from =
      fmt::format("the offered load by {:.3g}/s for each replica, {} served with 95 % of the requests within {}{}",
                  *capacity, overrun ? "the most that one" : "at least what one", format_duration(*limit),
                  overrun ? "" : " (no span was overloaded: the demand may be lower)");
  e.scores = score(bins, *capacity, hpa, e.replica_seconds);
  if (e.cost) e.wasted = *e.cost * e.scores->over_provisioned_share;
  return e;
}

}  // namespace

std::vector<Elasticity> elasticity_of(const Scenario& scenario, const Timeline& timeline) {
  std::vector<Elasticity> all;
  const auto load = timeline.load_interval();
  if (!load) return all;
  const Interval span{load->begin, std::min(load->end, timeline.end)};
  if (span.begin >= span.end) return all;
  for (const HpaTrack& hpa : timeline.hpas) {
    if (!hpa.ready.empty()) all.push_back(measure(scenario, timeline, hpa, span));
  }
  return all;
}

double elastic_speedup(const Elasticity::Scores& without, const Elasticity::Scores& with, double floor) {
  const auto ratio = [&](double a, double b) { return std::max(a, floor) / std::max(b, floor); };
  return std::pow(
      ratio(without.under_replicas, with.under_replicas) * ratio(without.over_replicas, with.over_replicas) *
          ratio(without.under_time_share, with.under_time_share) * ratio(without.over_time_share, with.over_time_share),
      0.25);
}

}  // namespace surgeproof
