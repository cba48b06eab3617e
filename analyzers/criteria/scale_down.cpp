// Replicas wanted come down to `to`, neither before `not_before` nor after `within`, both from an instant of the plan.
//
//   from ── not_before ─── reached ── within     pass: in_time
//   from ── reached ── not_before                fail: too_early
//   from ── not_before ─── within ──── reached   fail: too_late, or never
//
// The HPA counts its stabilization window from its last *high recommendation*, not from the drop of the load. It may
// give up single replicas early, when the recommendation fell while the load was still high; what counts is when `to`
// is reached. Observed time: "too early" is a proof (it happened even earlier), "too late" only without a gap before.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/criteria/outcome.h"
#include "analyzers/moment.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

// When the last of the surplus pods was gone; empty while there are more than `to`.
std::optional<RunTime> pods_gone(const HpaTrack& hpa, RunTime from, RunTime end, int to) {
  return hpa.pods.first({from, end}, [&](int n) { return n <= to; });
}

std::uint64_t count_of(int n) { return static_cast<std::uint64_t>(std::max(n, 0)); }
std::string replicas_were(int n) { return plural_was(count_of(n), "replica"); }

std::string with_pods(std::string sentence, const HpaTrack& hpa, RunTime start, RunTime reached, RunTime end, int to) {
  if (hpa.pods.empty()) return sentence;
  if (const auto gone = pods_gone(hpa, reached, end, to)) {
    return fmt::format("{}; the last surplus pod was gone after {}", sentence, format_duration(*gone - start));
  }
  return fmt::format("{}; {} still there at the end", sentence,
                     plural_was(count_of(hpa.pods.last().value_or(0)), "pod"));
}

Finding judge_reached(const Facts& facts, const ScaleDownCriterion& rule, const HpaTrack& hpa, RunTime start,
                      RunTime reached, Finding f) {
  const Timeline& t = facts.timeline;
  const RunTime took = reached - start;
  const RunTime earliest_allowed = rule.not_before.value_or(RunTime{});
  f.evidence = {start, reached};
  const WatchGap* gap = gap_before(t, target_resource(hpa), reached);
  const RunTime earliest = gap ? std::max(gap->interval.begin - start, RunTime{}) : took;  // it may have happened then
  const bool before = took < earliest_allowed;
  put_durations(f, took, before ? earliest_allowed : rule.within);
  if (before) {
    f.margin = duration_margin(earliest_allowed, took);
    return failed(std::move(f), "too_early",
                  fmt::format("{} wanted after {} already (not before {})", replicas_were(rule.to),
                              format_duration(took), format_duration(earliest_allowed)));
  }
  const bool doubtful = earliest < earliest_allowed || (took > rule.within && earliest <= rule.within);
  if (doubtful) {
    return inconclusive(std::move(f), "watch_gap",
                        fmt::format("the scale target could not be seen for {} before {} wanted",
                                    format_duration(gap->interval.length()), replicas_were(rule.to)));
  }
  if (took > rule.within) {
    return failed(std::move(f), "too_late",
                  fmt::format("{} wanted only after {} (limit {})", replicas_were(rule.to), f.observed, f.limit));
  }
  return passed(std::move(f), "in_time",
                with_pods(fmt::format("{} wanted after {} (limit {})", replicas_were(rule.to), f.observed, f.limit),
                          hpa, start, reached, t.end, rule.to));
}

Finding judge_unreached(const Facts& facts, const ScaleDownCriterion& rule, const HpaTrack& hpa, RunTime start,
                        Finding f) {
  const Timeline& t = facts.timeline;
  const RunTime deadline = start + rule.within;
  const int wanted = hpa.wanted().at(t.end).value_or(0);
  f.observed = fmt::format("{} wanted", plural(count_of(wanted), "replica"));
  f.evidence = {start, std::min(t.end, deadline)};
  if (t.end < deadline) {
    return open_ended(std::move(f), t,
                      fmt::format("{} wanted {} after the load fell", plural_are(count_of(wanted), "replica"),
                                  format_duration(t.end - start)));
  }
  if (const WatchGap* gap = t.gap_in(target_resource(hpa), {deadline, deadline})) {
    return inconclusive(std::move(f), "watch_gap",
                        fmt::format("the scale target could not be seen for {} around the deadline",
                                    format_duration(gap->interval.length())));
  }
  return failed(std::move(f), "never",
                fmt::format("{} still wanted {} after the load fell (limit: {} within {})", replicas_were(wanted),
                            format_duration(t.end - start), rule.to, f.limit));
}

}  // namespace

Finding judge_scale_down(const Facts& facts, const ScaleDownCriterion& rule, Finding f) {
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
  const RunTime start = scale_down_begin(facts.scenario, t, rule);
  if (t.end < start) return open_ended(std::move(f), t, "the load has not fallen yet");
  if (t.interrupted && t.load_finished && *t.load_finished < start) {
    return inconclusive(std::move(f), "cut_off", "the load was interrupted before it was meant to fall");
  }
  const auto wanted = hpa->wanted().at(start);
  f.evidence = {start, t.end};
  if (!wanted) {
    if (!t.complete) return open_ended(std::move(f), t, "the scale target was not seen yet");
    return inconclusive(std::move(f), "no_samples", "the replicas wanted for " + name + " were never seen");
  }
  if (*wanted <= rule.to) {
    return inconclusive(
        std::move(f), "never_scaled_up",
        fmt::format("only {} wanted when the load fell, so nothing was scaled down", replicas_were(*wanted)));
  }
  const auto reached = hpa->wanted().first({start, t.end}, [&](int n) { return n <= rule.to; });
  if (reached) return judge_reached(facts, rule, *hpa, start, *reached, std::move(f));
  return judge_unreached(facts, rule, *hpa, start, std::move(f));
}

}  // namespace surgeproof
