// Every value of a signal over a span lies within limits.
//
// A value beyond a limit decides at once. That the limits were kept is proven only where the signal was known
// throughout: no failed question, no series missing, no answer that came too late to tell (signal_track.h).
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/criteria/outcome.h"
#include "analyzers/signal_track.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

struct Extremes {
  const SignalSample* least = nullptr;
  const SignalSample* most = nullptr;
};

Extremes extremes_of(const std::vector<const SignalSample*>& samples) {
  const auto [least, most] = std::ranges::minmax_element(samples, {}, [](const SignalSample* s) { return s->value; });
  return {*least, *most};
}

void put_value(Finding& f, double observed, SignalValue limit, double left) {
  f.observed = format_value({observed, limit.unit});
  f.limit = format_value(limit);
  f.margin = format_value({left, limit.unit});
  f.observed_value = observed;
  f.limit_value = limit.value;
  f.unit = name_of(limit.unit);
}

// The limit with the least left is the one that is told. Returns the reason when it is broken.
std::string put_tightest(const SignalCriterion& rule, const Extremes& seen, Finding& f) {
  const double below_max = rule.max ? rule.max->value - seen.most->value : 0;
  const double above_min = rule.min ? seen.least->value - rule.min->value : 0;
  const bool max_is_tighter = rule.max && (!rule.min || below_max <= above_min);
  if (max_is_tighter) {
    put_value(f, seen.most->value, *rule.max, below_max);
    if (below_max < 0) f.evidence = {seen.most->asked, seen.most->observed};
    return below_max < 0 ? "above_max" : "";
  }
  put_value(f, seen.least->value, *rule.min, above_min);
  if (above_min < 0) f.evidence = {seen.least->asked, seen.least->observed};
  return above_min < 0 ? "below_min" : "";
}

std::string describe_values(const SignalCriterion& rule, const Extremes& seen) {
  std::string text;
  if (rule.min) {
    text = fmt::format(" {} at least (limit {})", format_value({seen.least->value, rule.min->unit}),
                       format_value(*rule.min));
  }
  if (rule.max) {
    text += fmt::format("{} {} at most (limit {})", rule.min ? "," : "",
                        format_value({seen.most->value, rule.max->unit}), format_value(*rule.max));
  }
  return text;
}

Finding judge_unseen(const SignalTrack& track, const SignalCriterion& rule, const JudgedSpan& span, const Timeline& t,
                     Finding f) {
  if (span.state != JudgedSpan::State::settled && !t.complete) {
    return open_ended(std::move(f), t, fmt::format("{} has no value in {} yet", rule.signal, span.name));
  }
  std::string why = track.unknown_in(span.interval);
  if (why.empty()) why = fmt::format("it is asked too seldom for {}", format_duration(span.interval.length()));
  return inconclusive(std::move(f), "no_samples",
                      fmt::format("{} has no value in {}, and nothing is no proof: {}", rule.signal, span.name, why));
}

}  // namespace

Finding judge_signal(const Facts& facts, const SignalCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  const SignalValue& limit = rule.max ? *rule.max : *rule.min;
  f.limit = format_value(limit);
  f.limit_value = limit.value;
  f.unit = name_of(limit.unit);
  const JudgedSpan span = find_span(facts.scenario, t, rule.during);
  if (span.state == JudgedSpan::State::absent) return without_span(std::move(f), t, span);

  const SignalTrack track(facts, rule.signal);
  const auto samples = track.within({span.interval.begin, std::min(span.interval.end, t.end)});
  f.evidence = span.interval;
  if (samples.empty()) return judge_unseen(track, rule, span, t, std::move(f));
  const Extremes seen = extremes_of(samples);
  const std::string broken = put_tightest(rule, seen, f);
  const std::string sentence = fmt::format("{} was{} in {} ({})", rule.signal, describe_values(rule, seen), span.name,
                                           plural(samples.size(), "value"));
  if (!broken.empty()) return failed(std::move(f), broken, sentence);
  if (span.state != JudgedSpan::State::settled) return open_ended(std::move(f), t, sentence);
  if (span.blurred_by != nullptr) return with_unknown_edges(std::move(f), span, sentence);
  if (const std::string why = track.unknown_in(span.interval); !why.empty()) {
    return inconclusive(std::move(f), "signal_gap", fmt::format("{}, but {}", sentence, why));
  }
  return passed(std::move(f), "within_limits", sentence);
}

}  // namespace surgeproof
