// Ready pods of the HPA's target reach `to` within a time from an instant of the plan.
//
//   from ─────────── reached ── deadline        pass: in_time
//   from ── deadline ──────────────── reached   fail: too_late, or never
//
// Observed time: what is seen at t happened at t or before. So a pass is a proof even behind a gap; a fail is none when
// the pods were not seen at the deadline.
#include <fmt/format.h>

#include "analyzers/criteria/outcome.h"
#include "analyzers/health.h"
#include "analyzers/moment.h"
#include "analyzers/scale_up_path.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

constexpr double kLoadIsMissing = 0.01;  // of the planned requests

// "metric 12s, decision 3s, …": where the time went.
std::string breakdown(const ScaleUpPath& path) {
  std::string text;
  for (const PathStep& s : path.steps) {
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", s.code, s.open ? "≥ " : "",
                        format_duration(s.interval.length()));
  }
  return text;
}

std::string with_details(std::string sentence, const ScaleUpPath& path, RunTime start) {
  if (path.first_new_ready) {
    sentence += fmt::format("; the first new pod was ready after {}", format_duration(*path.first_new_ready - start));
  }
  const std::string steps = breakdown(path);
  return steps.empty() ? sentence : sentence + " (" + steps + ")";
}

std::string pods_were(int n) { return plural_was(static_cast<std::uint64_t>(n), "pod"); }

struct Case {
  const Facts& facts;
  const ScaleUpCriterion& rule;
  const HpaTrack& hpa;
  RunTime start;
  RunTime deadline;
  ScaleUpPath path;
};

Finding judge_reached(const Case& c, Finding f) {
  const RunTime took = *c.path.reached - c.start;
  f.evidence = {c.start, *c.path.reached};
  if (took == RunTime{} && c.rule.to > c.hpa.min_replicas.at(c.start).value_or(0)) {
    f.observed = "0s";
    return inconclusive(std::move(f), "already_scaled",
                        fmt::format("{} ready before the load rose, so nothing was scaled up", pods_were(c.rule.to)));
  }
  put_durations(f, took, c.rule.within);
  return passed(std::move(f), "in_time",
                with_details(fmt::format("{} ready after {} (limit {})", pods_were(c.rule.to), f.observed, f.limit),
                             c.path, c.start));
}

// The deadline is past and was not met.
Finding judge_missed(const Case& c, Finding f) {
  const Timeline& t = c.facts.timeline;
  f.evidence = {c.start, c.deadline};
  const auto late = c.hpa.ready.first({c.deadline, t.end}, [&](int ready) { return ready >= c.rule.to; });
  const WatchGap* gap = t.gap_in("pods", {c.deadline, c.deadline});
  if (!gap && late) gap = gap_before(t, "pods", *late);
  if (gap && gap->interval.begin <= c.deadline) {
    return inconclusive(
        std::move(f), "watch_gap",
        fmt::format("pods could not be seen for {} around the deadline", format_duration(gap->interval.length())));
  }
  const GeneratorState g = generator_in(c.facts.scenario, t, {c.start, c.deadline});
  std::string sentence;
  if (late) {
    put_durations(f, *late - c.start, c.rule.within);
    f.evidence.end = *late;
    sentence = fmt::format("{} ready only after {} (limit {})", pods_were(c.rule.to), f.observed, f.limit);
  } else {
    f.observed = fmt::format("{} of {} pods", c.path.most_ready, c.rule.to);
    f.limit = format_duration(c.rule.within);
    f.observed_value.reset();
    sentence = fmt::format("no more than {} of {} pods were ready within {}", c.path.most_ready, c.rule.to, f.limit);
  }
  if (g.lost_share() > kLoadIsMissing) {
    return inconclusive(std::move(f), "generator_sick",
                        fmt::format("{}, but {} of the load was never sent", sentence, percent(g.lost_share())));
  }
  return failed(std::move(f), late ? "too_late" : "never", with_details(sentence, c.path, c.start));
}

}  // namespace

Finding judge_scale_up(const Facts& facts, const ScaleUpCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  const std::string name = resolve_hpa(facts.scenario, rule.hpa);
  f.limit = format_duration(rule.within);
  f.limit_value = to_seconds(rule.within);
  f.unit = "seconds";
  if (!t.load_started) return open_ended(std::move(f), t, "the load has not started");
  const HpaTrack* hpa = t.hpa(name);
  if (!hpa) return without_hpa(std::move(f), facts, name);

  if (rule.from) {
    if (const Moment m = moment_of(facts.scenario, t, *rule.from); !m.at) return without_moment(std::move(f), t, m);
  }
  const RunTime start = scale_up_begin(facts.scenario, t, rule);
  if (t.end < start) return open_ended(std::move(f), t, "the load has not risen yet");
  const RunTime deadline = start + rule.within;
  const RunTime until = std::min(deadline, t.end);
  const Case c{facts, rule, *hpa, start, deadline, scale_up_path(t, *hpa, start, rule.to, until)};
  if (c.path.reached) return judge_reached(c, std::move(f));
  f.evidence = {start, until};
  if (hpa->ready.empty()) {
    if (!t.complete) return open_ended(std::move(f), t, "no pod was seen yet");
    return inconclusive(std::move(f), "no_samples", "no pod of " + name + " was ever seen");
  }
  const bool load_cut = t.interrupted && t.load_finished && *t.load_finished < deadline;
  if (t.end < deadline || load_cut) {
    f.observed = fmt::format("{} of {} pods", c.path.most_ready, rule.to);
    return open_ended(
        std::move(f), t,
        fmt::format("{} of {} pods are ready after {}", c.path.most_ready, rule.to, format_duration(until - start)));
  }
  return judge_missed(c, std::move(f));
}

}  // namespace surgeproof
