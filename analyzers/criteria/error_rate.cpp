// The share of requests that did not end as expected: wrong status, too slow for `expect.within`, or dropped.
//
//   e errors, n ended requests without the generator's own faults, l lost in the generator,
//   d errors that a sick generator may have caused itself (timeouts, too slow)
//   holds, proven    (e + l) / (n + l) ≤ max      every lost request might have failed
//   broken, proven   (e − d) / (n + l) > max      every lost request might have gone well
//
// With fewer requests than samples_needed(1 − max) a rate that was kept shows nothing, and one that was broken only if
// chance does not explain it. A limit of 0 % speaks of the requests that were sent, however few.
#include <fmt/format.h>

#include "analyzers/criteria/outcome.h"
#include "analyzers/health.h"
#include "analyzers/load_sum.h"
#include "analyzers/samples.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t doubtful_errors(const LoadSum& load, const GeneratorState& g) {
  return g.timeouts_are_doubtful() ? load.timeouts() + load.count(Outcome::too_slow) : 0;
}

bool too_few(const ErrorRateCriterion& rule, const LoadSum& load, std::uint64_t total) {
  if (rule.max.value <= 0 || total >= samples_needed(1 - rule.max.value)) return false;
  const bool kept = share(load.errors(), total) <= rule.max.value;
  return kept || chance_of_at_least(load.errors(), total, rule.max.value) > kRisk;
}

Finding judge_settled(const ErrorRateCriterion& rule, const LoadSum& load, const GeneratorState& g, Finding f,
                      const std::string& sentence) {
  const std::uint64_t lost = load.lost();
  const std::uint64_t total = load.ended() - lost;
  if (share(load.errors() + lost, total + lost) <= rule.max.value) {
    return passed(std::move(f), "few_errors", sentence);
  }
  if (share(load.errors() - doubtful_errors(load, g), total + lost) > rule.max.value) {
    return failed(std::move(f), "too_many_errors", sentence);
  }
  if (lost > 0 && g.exhausted) {
    return inconclusive(std::move(f), "connections_exhausted",
                        fmt::format("{}, but {} never sent: all connections were waiting for answers", sentence,
                                    plural_was(lost, "request")));
  }
  const std::string why = lost > 0 ? fmt::format("{} lost in the generator", plural_was(lost, "request"))
                                   : "the generator was late, and timeouts may be its own";
  return inconclusive(std::move(f), "generator_sick", fmt::format("{}, but {}", sentence, why));
}

}  // namespace

Finding judge_error_rate(const Facts& facts, const ErrorRateCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  f.limit = percent(rule.max.value);
  f.limit_value = rule.max.value;
  f.unit = "ratio";
  const JudgedSpan span = find_span(facts.scenario, t, rule.during);
  if (span.state == JudgedSpan::State::absent) return without_samples(std::move(f), t, span);
  const LoadSum load = count_load(t, span.load(rule.request));
  const std::uint64_t total = load.ended() - load.lost();
  if (total == 0) return without_samples(std::move(f), t, span);

  const double rate = share(load.errors(), total);
  f.observed = percent(rate);
  f.observed_value = rate;
  f.margin = (rate > rule.max.value ? "-" : "") + percent(std::abs(rule.max.value - rate));
  f.evidence = span.interval;
  const std::string sentence = fmt::format("{} of {} failed in {}: {} (limit {})", load.errors(),
                                           plural(total, "request"), span.name, f.observed, f.limit);
  if (span.state != JudgedSpan::State::settled) return open_ended(std::move(f), t, sentence);
  if (span.blurred_by) return with_unknown_edges(std::move(f), span, sentence);
  if (too_few(rule, load, total)) return with_too_few_samples(std::move(f), 1 - rule.max.value, sentence);
  return judge_settled(rule, load, generator_in(facts.scenario, t, span.interval), std::move(f), sentence);
}

}  // namespace surgeproof
