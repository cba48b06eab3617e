// Bounds on the replicas over a span: ready pods never below `min`, replicas wanted never above `max`, and wanted
// replicas that change at most so often.
//
// A bound that was seen broken is broken, at once. One that was kept is proven only where it was watched throughout.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "analyzers/criteria/outcome.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

void put_numbers(Finding& f, int observed, int limit, int left, const char* unit, const char* what) {
  f.observed = fmt::format("{} {}", observed, what);
  f.limit = std::to_string(limit);
  f.margin = std::to_string(left);
  f.observed_value = observed;
  f.limit_value = limit;
  f.unit = unit;
}

struct ReplicasCase {
  const ReplicasCriterion& rule;
  const HpaTrack& hpa;
  Interval look;
  int least_ready = 0;
  int most_wanted = 0;
  int changes = 0;
};

// "2 to 5 pods ready, …" of what the rule asks for; the first broken bound's numbers stand in the finding.
std::string describe_values(const ReplicasCase& c) {
  std::string text;
  const auto add = [&](std::string part) { text += (text.empty() ? "" : ", ") + std::move(part); };
  if (c.rule.min)
    add(fmt::format("at least {} ready (limit {})", plural(static_cast<std::uint64_t>(c.least_ready), "pod"),
                    *c.rule.min));
  if (c.rule.max)
    add(fmt::format("at most {} wanted (limit {})", plural(static_cast<std::uint64_t>(c.most_wanted), "replica"),
                    *c.rule.max));
  if (c.rule.max_changes) {
    add(fmt::format("{} of the replicas wanted (limit {})", plural(static_cast<std::uint64_t>(c.changes), "change"),
                    *c.rule.max_changes));
  }
  return text;
}

// The bound with the least left is the one that is told. Returns the reason when it is broken.
std::string put_tightest(const ReplicasCase& c, Finding& f) {
  int tightest = std::numeric_limits<int>::max();
  std::string broken;
  const auto look_at = [&](int observed, int limit, int left, const char* unit, const char* what, const char* reason) {
    if (left >= tightest) return;
    tightest = left;
    put_numbers(f, observed, limit, left, unit, what);
    if (left < 0) broken = reason;
  };
  if (c.rule.min)
    look_at(c.least_ready, *c.rule.min, c.least_ready - *c.rule.min, "replicas", "ready", "too_few_ready");
  if (c.rule.max)
    look_at(c.most_wanted, *c.rule.max, *c.rule.max - c.most_wanted, "replicas", "wanted", "too_many_wanted");
  if (c.rule.max_changes) {
    const char* what = c.changes == 1 ? "change" : "changes";
    look_at(c.changes, *c.rule.max_changes, *c.rule.max_changes - c.changes, "changes", what, "flapping");
  }
  return broken;
}

const WatchGap* decisive_gap(const Timeline& t, const ReplicasCase& c) {
  const WatchGap* gap = c.rule.min ? t.gap_in("pods", c.look) : nullptr;
  if (!gap && (c.rule.max || c.rule.max_changes)) gap = t.gap_in(target_resource(c.hpa), c.look);
  return gap;
}

}  // namespace

Finding judge_replicas(const Facts& facts, const ReplicasCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  const std::string name = resolve_hpa(facts.scenario, rule.hpa);
  const HpaTrack* hpa = t.hpa(name);
  if (!hpa) return without_hpa(std::move(f), facts, name);
  const JudgedSpan span = find_span(facts.scenario, t, rule.during);
  if (span.state == JudgedSpan::State::absent) return without_samples(std::move(f), t, span);

  const Interval look{span.interval.begin, std::min(span.interval.end, t.end)};
  const auto ready = hpa->ready.range(look);
  const auto wanted = hpa->wanted().range(look);
  f.evidence = look;
  if ((rule.min && !ready) || ((rule.max || rule.max_changes) && !wanted)) {
    if (!t.complete) return open_ended(std::move(f), t, "the replicas were not seen yet");
    return inconclusive(std::move(f), "no_samples", fmt::format("the replicas of {} were never seen", name));
  }
  const ReplicasCase c{
      rule, *hpa, look, ready ? ready->first : 0, wanted ? wanted->second : 0, hpa->wanted().changes_in(look)};
  const std::string broken = put_tightest(c, f);
  const std::string sentence = fmt::format("{} had {} in {}", name, describe_values(c), span.name);
  if (!broken.empty()) return failed(std::move(f), broken, sentence);
  if (span.state != JudgedSpan::State::settled) return open_ended(std::move(f), t, sentence);
  if (const WatchGap* gap = decisive_gap(t, c)) {
    return inconclusive(std::move(f), "watch_gap",
                        fmt::format("{}, but {} could not be seen for {}", sentence, gap->resource,
                                    format_duration(gap->interval.length())));
  }
  return passed(std::move(f), "within_bounds", sentence);
}

}  // namespace surgeproof
