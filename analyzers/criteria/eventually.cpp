// Something becomes true within a time of an instant: a signal passes a limit, or a text comes up in a log.
//
//   after ─────── seen ─── within     pass: in_time
//   after ─────── within ─── seen     fail: too_late, or never
//
// A signal is known at samples only. It was true in time if a sample says so that was answered in time. It was not if
// a sample asked after the deadline says so, and it was known throughout; a change between the last sample before the
// deadline and the first one after it may have come in time or not. What was true at the instant already shows nothing.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/criteria/outcome.h"
#include "analyzers/log_track.h"
#include "analyzers/moment.h"
#include "analyzers/signal_track.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

constexpr RunTime kDelivery = std::chrono::seconds{2};  // of a log line, from its writing to the record

struct EventuallyCase {
  const Facts& facts;
  const EventuallyCriterion& rule;
  RunTime from{};
  RunTime deadline{};

  [[nodiscard]] const Timeline& timeline() const { return facts.timeline; }
  [[nodiscard]] bool holds(const SignalSample& s) const {
    return rule.above ? s.value > rule.above->value : s.value < rule.below->value;
  }
  [[nodiscard]] std::string value(const SignalSample& s) const {
    return format_value({s.value, (rule.above ? *rule.above : *rule.below).unit});
  }
  [[nodiscard]] std::string limit() const {
    return rule.above ? "above " + format_value(*rule.above) : "below " + format_value(*rule.below);
  }
  [[nodiscard]] std::string took(RunTime t) const { return format_duration(t - from); }
};

// ---- a signal -----------------------------------------------------------------------------------------------------

Finding judge_true(const EventuallyCase& c, const SignalTrack& track, const SignalSample& seen, Finding f) {
  put_durations(f, seen.observed - c.from, c.rule.within);
  f.evidence = {c.from, seen.observed};
  const std::string sentence = fmt::format("{} was {} after {} (limit {}): {}", c.rule.signal, c.limit(),
                                           c.took(seen.observed), f.limit, c.value(seen));
  if (seen.observed <= c.deadline) return passed(std::move(f), "in_time", sentence);
  if (const std::string why = track.unknown_in({c.from, c.deadline}); !why.empty()) {
    return inconclusive(std::move(f), "signal_gap", fmt::format("{}, but {}", sentence, why));
  }
  const SignalSample* before = nullptr;
  for (const SignalSample* s : track.all()) {
    if (s->observed <= seen.asked && !c.holds(*s)) before = s;
  }
  if (before != nullptr && before->asked >= c.deadline) return failed(std::move(f), "too_late", sentence);
  const std::string since = before != nullptr ? c.took(before->asked) : "0s";
  return inconclusive(
      std::move(f), "sampled_too_seldom",
      fmt::format("{} became {} between {} and {} after {}, and the limit {} lies between", c.rule.signal, c.limit(),
                  since, c.took(seen.observed), c.rule.after ? describe(*c.rule.after) : "the start", f.limit));
}

Finding judge_untrue(const EventuallyCase& c, const SignalTrack& track, Finding f) {
  const Timeline& t = c.timeline();
  const auto& all = track.all();
  const SignalSample* last = all.empty() ? nullptr : all.back();
  f.evidence = {c.from, std::min(t.end, c.deadline)};
  if (last != nullptr) f.observed = c.rule.signal + " " + c.value(*last);
  const std::string state = last == nullptr
                                ? fmt::format("{} has no value", c.rule.signal)
                                : fmt::format("{} is {}, not {}, {} after the instant", c.rule.signal, c.value(*last),
                                              c.limit(), format_duration(std::max(last->observed - c.from, RunTime{})));
  const bool told = last != nullptr && last->asked >= c.deadline;
  const bool waited = told || t.complete || t.end >= c.deadline + track.longest_silence();
  if (t.end < c.deadline || !waited) return open_ended(std::move(f), t, state);
  if (const std::string why = track.unknown_in({c.from, c.deadline}); !why.empty()) {
    const bool never = last == nullptr || last->observed < c.from;
    return inconclusive(std::move(f), never ? "no_samples" : "signal_gap", fmt::format("{}: {}", state, why));
  }
  if (!told) return open_ended(std::move(f), t, state);
  return failed(std::move(f), "never",
                fmt::format("{} was not {} within {}: {} at {}", c.rule.signal, c.limit(), f.limit, c.value(*last),
                            c.took(last->observed)));
}

Finding judge_signal_of(const EventuallyCase& c, Finding f) {
  const SignalTrack track(c.facts, c.rule.signal);
  if (const SignalSample* before = track.at(c.from); before != nullptr && c.holds(*before)) {
    f.observed = c.rule.signal + " " + c.value(*before);
    f.evidence = {before->asked, c.from};
    return inconclusive(
        std::move(f), "already_so",
        fmt::format("{} was {} already: {}; nothing was shown", c.rule.signal, c.limit(), c.value(*before)));
  }
  for (const SignalSample* s : track.all()) {
    if (s->asked >= c.from && c.holds(*s)) return judge_true(c, track, *s, std::move(f));
  }
  return judge_untrue(c, track, std::move(f));
}

// ---- a text in a log ----------------------------------------------------------------------------------------------

Finding judge_log_of(const EventuallyCase& c, const LogText& text, Finding f) {
  const Timeline& t = c.timeline();
  const LogTrack track(c.facts, c.rule.scope);
  const auto lines = track.lines(text, {c.from, t.end + RunTime{1}});
  const std::string where = fmt::format("\"{}\" in the logs of {}", text.shown, describe(c.rule.scope));
  f.evidence = {c.from, std::min(t.end, c.deadline)};
  if (!lines.empty()) {
    const RunTime seen = lines.front()->observed;
    put_durations(f, seen - c.from, c.rule.within);
    f.evidence.end = seen;
    const std::string words = first_words(lines);
    const std::string sentence =
        fmt::format("{} came after {} (limit {}){}", where, f.observed, f.limit, words.empty() ? "" : "; " + words);
    if (seen <= c.deadline) return passed(std::move(f), "in_time", sentence);
    if (const WatchGap* gap = track.gap_in({c.from, c.deadline})) return with_log_gap(std::move(f), *gap, sentence);
    return failed(std::move(f), "too_late", sentence);
  }
  const bool over = t.end >= c.deadline + kDelivery || (t.complete && t.end >= c.deadline);
  if (!track.read_by(t.end)) return without_logs(std::move(f), t, c.rule.scope, over);
  if (!over) return open_ended(std::move(f), t, where + " has not come");
  if (const WatchGap* gap = track.gap_in({c.from, c.deadline})) {
    return with_log_gap(std::move(f), *gap, where + " was not seen");
  }
  return failed(std::move(f), "never", fmt::format("{} did not come within {}", where, f.limit));
}

}  // namespace

Finding judge_eventually(const Facts& facts, const EventuallyCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  f.limit = format_duration(rule.within);
  f.limit_value = to_seconds(rule.within);
  f.unit = "seconds";
  if (!t.load_started) return open_ended(std::move(f), t, "the load has not started");
  const Moment moment = rule.after ? moment_of(facts.scenario, t, *rule.after) : Moment{t.load_started, true, {}, {}};
  if (!moment.at) return without_moment(std::move(f), t, moment);
  const RunTime from = *moment.at;
  if (t.interrupted && t.load_finished && *t.load_finished < from) {
    return inconclusive(std::move(f), "cut_off", "the load was interrupted before the instant it counts from");
  }
  if (t.end < from) return open_ended(std::move(f), t, "the instant it counts from has not come");
  const EventuallyCase c{facts, rule, from, from + rule.within};
  if (rule.log) return judge_log_of(c, *rule.log, std::move(f));
  return judge_signal_of(c, std::move(f));
}

}  // namespace surgeproof
