#include "analyzers/compare/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyzers/compare/compare_criteria.h"
#include "analyzers/compare/time_bins.h"
#include "analyzers/samples.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

constexpr double kFamilyRisk = 0.05;     // of a false alarm over all comparisons together
constexpr double kMustBeSeen = 0.5;      // an interval that reaches higher could hide a change of half as much again
constexpr std::size_t kFewestBins = 16;  // of each run: fewer say nothing of chance
constexpr double kSameLoad = 0.1;        // relative difference of the offered rates
constexpr double kPercentiles[] = {0.5, 0.95, 0.99};

struct Side {
  Interval span;
  std::vector<TimeBin> bins;
  std::uint64_t requests = 0;
  double rate = 0;
};

Side side_of(const JudgedRun& run, const Phase& phase) {
  Side side;
  side.span = phase.interval;
  if (const auto load = run.timeline.load_interval()) side.span.end = std::min(side.span.end, load->end);
  side.bins = time_bins(run.timeline, side.span, run.scenario.client.timeout);
  for (const TimeBin& b : side.bins) side.requests += b.requests;
  const double length = to_seconds(side.span.length());
  side.rate = length > 0 ? static_cast<double>(count_load(run.timeline, {side.span}).planned) / length : 0;
  return side;
}

std::string in_ms(double us) {
  return format_duration(std::chrono::microseconds{static_cast<std::int64_t>(std::llround(us))});
}

std::string signed_percent(double share) { return fmt::format("{:+.1f} %", share * 100); }

struct Pair {
  std::string name;  // of the phase
  Side before;
  Side after;
};

bool loads_differ(const Pair& p) {
  return std::abs(p.after.rate - p.before.rate) > kSameLoad * std::max(p.before.rate, 1e-9);
}

Comparison unclear(Comparison c, std::string reason, std::string sentence) {
  c.change = Change::unclear;
  c.reason = std::move(reason);
  c.sentence = std::move(sentence);
  return c;
}

// The interval of a relative change decides.
Comparison decided(Comparison c, double low, double high, double change, double tolerance) {
  c.effect = change;
  c.effect_low = low;
  c.effect_high = high;
  const std::string interval =
      fmt::format("{} (by chance {} to {})", signed_percent(change), signed_percent(low), signed_percent(high));
  const std::string values = fmt::format("{} → {}, {}", c.before, c.after, interval);
  if (low > tolerance) {
    c.change = Change::worse;
    c.reason = "beyond_noise";
    c.sentence = values + ": more than chance and the tolerance explain";
  } else if (high < -tolerance) {
    c.change = Change::better;
    c.reason = "beyond_noise";
    c.sentence = values + ": better than chance explains";
  } else if (high > kMustBeSeen && high > 2 * tolerance) {
    return unclear(std::move(c), "too_noisy", values + ": too noisy to tell");
  } else {
    c.change = Change::same;
    c.reason = std::abs(change) <= tolerance ? "within_tolerance" : "within_noise";
    c.sentence = values;
  }
  return c;
}

Comparison compare_percentile(const Pair& p, double q, double z, const CompareOptions& options) {
  Comparison c;
  c.id = fmt::format("phase {} p{:g}", p.name, q * 100);
  c.title = fmt::format("p{:g} latency in {}", q * 100, p.name);
  const std::uint64_t fewest = std::min(p.before.requests, p.after.requests);
  if (fewest < samples_needed(q) || std::min(p.before.bins.size(), p.after.bins.size()) < kFewestBins) {
    return unclear(std::move(c), "too_few_samples",
                   fmt::format("{} in {} are too few: {} in {} or more would do", plural(fewest, "request"),
                               plural(std::min(p.before.bins.size(), p.after.bins.size()), "second"), samples_needed(q),
                               kFewestBins));
  }
  const auto shift = shift_of_percentile(p.before.bins, p.after.bins, q, options.seed);
  if (!shift) return unclear(std::move(c), "no_samples", "no latency was measured");
  c.before = in_ms(shift->before);
  c.after = in_ms(shift->after);
  // A percentile moves in steps of its buckets: a spread of none is a resolution of 1 %.
  const double spread = std::max(shift->spread, 0.005);
  return decided(std::move(c), std::expm1(shift->change - z * spread), std::expm1(shift->change + z * spread),
                 std::expm1(shift->change), options.tolerance);
}

Comparison compare_errors(const Pair& p, double z, const CompareOptions& options) {
  Comparison c;
  c.id = fmt::format("phase {} errors", p.name);
  c.title = fmt::format("share of errors in {}", p.name);
  const auto shift = shift_of_errors(p.before.bins, p.after.bins, options.seed);
  if (!shift) return unclear(std::move(c), "no_samples", "no request ended");
  c.before = percent(shift->before);
  c.after = percent(shift->after);
  const double low = shift->change - z * shift->spread;
  const double high = shift->change + z * shift->spread;
  const double matters = options.tolerance * shift->before;  // the tolerance is relative
  // One incident is one: where all errors lie in a few bins, resampling says little of the next run.
  const auto incidents = [](const std::vector<TimeBin>& bins) {
    return std::count_if(bins.begin(), bins.end(), [](const TimeBin& b) { return b.errors > 0; });
  };
  constexpr int kFewIncidents = 4;
  const bool enough = std::max(incidents(p.before.bins), incidents(p.after.bins)) >= kFewIncidents;
  c.sentence =
      fmt::format("{} → {} (by chance {} to {} points)", c.before, c.after, signed_percent(low), signed_percent(high));
  c.change = Change::same;
  c.reason = "within_noise";
  if (enough && low > matters) {
    c.change = Change::worse;
    c.reason = "beyond_noise";
  } else if (enough && high < -matters) {
    c.change = Change::better;
    c.reason = "beyond_noise";
  }
  return c;
}

std::vector<Pair> pairs_of(const JudgedRun& before, const JudgedRun& after, std::vector<std::string>& notes) {
  std::vector<Pair> pairs;
  for (const Phase& p : before.timeline.phases) {
    const auto& others = after.timeline.phases;
    const auto other = std::find_if(others.begin(), others.end(), [&](const Phase& o) { return o.name() == p.name(); });
    if (other == others.end()) {
      notes.push_back(fmt::format("the {} phase is in the baseline only", p.name()));
    } else {
      pairs.push_back({p.name(), side_of(before, p), side_of(after, *other)});
    }
  }
  if (!pairs.empty()) return pairs;
  // Without a watched HPA: the load as a whole.
  const auto a = before.timeline.load_interval();
  const auto b = after.timeline.load_interval();
  if (!a || !b) return pairs;
  Phase whole_a{Phase::Kind::baseline, *a, true, 0};
  Phase whole_b{Phase::Kind::baseline, *b, true, 0};
  pairs.push_back({"the whole load", side_of(before, whole_a), side_of(after, whole_b)});
  return pairs;
}

bool any(const std::vector<Comparison>& all, Change change) {
  return std::any_of(all.begin(), all.end(), [&](const Comparison& c) { return c.change == change; });
}

Change overall(const CompareReport& r) {
  if (any(r.criteria, Change::worse) || any(r.phases, Change::worse)) return Change::worse;
  const bool nothing_told =
      std::all_of(r.phases.begin(), r.phases.end(), [](const Comparison& c) { return c.change == Change::unclear; });
  if (any(r.criteria, Change::unclear) || nothing_told) return Change::unclear;
  const bool better = any(r.criteria, Change::better) || any(r.phases, Change::better);
  return better ? Change::better : Change::same;
}

std::string headline_of(const CompareReport& r) {
  const auto count = [&](Change change) {
    const auto is = [&](const Comparison& c) { return c.change == change; };
    return static_cast<std::uint64_t>(std::count_if(r.criteria.begin(), r.criteria.end(), is) +
                                      std::count_if(r.phases.begin(), r.phases.end(), is));
  };
  const auto first = [&](Change change) -> const Comparison* {
    for (const auto* list : {&r.criteria, &r.phases}) {
      for (const Comparison& c : *list) {
        if (c.change == change) return &c;
      }
    }
    return nullptr;
  };
  const std::size_t all = r.criteria.size() + r.phases.size();
  switch (r.overall) {
    case Change::worse: {
      const Comparison* c = first(Change::worse);
      return fmt::format("worse in {} of {} comparisons; {}: {}", count(Change::worse), all, c->title, c->sentence);
    }
    case Change::unclear: {
      const Comparison* c = first(Change::unclear);
      return fmt::format("cannot say{}", c ? fmt::format("; {}: {}", c->title, c->sentence) : "");
    }
    case Change::better:
      return fmt::format("no worse, and better in {} of {} comparisons", count(Change::better), all);
    case Change::same:
      return fmt::format("no worse in {} comparisons", all);
  }
  return {};
}

}  // namespace

std::string_view name_of(Change c) {
  switch (c) {
    case Change::better:
      return "better";
    case Change::same:
      return "same";
    case Change::worse:
      return "worse";
    case Change::unclear:
      return "unclear";
  }
  return "";
}

int CompareReport::exit_code() const { return overall == Change::worse ? 1 : overall == Change::unclear ? 4 : 0; }

CompareReport compare_runs(const JudgedRun& before, const JudgedRun& after, const CompareOptions& options) {
  CompareReport r;
  r.tolerance = options.tolerance;
  const std::vector<Pair> pairs = pairs_of(before, after, r.notes);
  const double tests = static_cast<double>(std::max<std::size_t>(1, pairs.size() * (std::size(kPercentiles) + 1)));
  const double z = normal_quantile(1 - kFamilyRisk / tests);
  for (const Pair& p : pairs) {
    if (loads_differ(p)) {
      Comparison c;
      c.id = "phase " + p.name;
      c.title = "load in " + p.name;
      r.phases.push_back(unclear(std::move(c), "different_load",
                                 fmt::format("{:.4g}/s → {:.4g}/s: not the same load", p.before.rate, p.after.rate)));
      continue;
    }
    for (const double q : kPercentiles) r.phases.push_back(compare_percentile(p, q, z, options));
    r.phases.push_back(compare_errors(p, z, options));
  }
  r.criteria = compare_criteria(before, after, r.phases, options);
  for (const auto* run : {&before, &after}) {
    for (const Finding& f : run->verdict.health) {
      if (f.status != Status::pass) {
        r.notes.push_back(fmt::format("{}: {}", run == &before ? "baseline" : "candidate", f.sentence));
      }
    }
  }
  r.overall = overall(r);
  r.headline = headline_of(r);
  return r;
}

}  // namespace surgeproof
