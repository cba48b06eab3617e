// Requests without a valid answer from the service (is_drop): at most so many.
//
// A drop is a proof, whatever else happens: more than allowed is a fail at once, while the run goes on. Only timeouts
// may be the doing of a sick generator. Fewer is a pass when the requests lost in the generator would fit in, too.
#include <fmt/format.h>

#include "analyzers/criteria/outcome.h"
#include "analyzers/health.h"
#include "analyzers/load_sum.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

// "12 connection reset, 3 timed out"
std::string by_outcome(const LoadSum& load) {
  std::string text;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto o = static_cast<Outcome>(i);
    if (!is_drop(o) || load.outcomes[i] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", load.outcomes[i], words_for(o));
  }
  return text;
}

void put_numbers(Finding& f, std::uint64_t drops, std::uint64_t max) {
  f.observed = std::to_string(drops);
  f.limit = std::to_string(max);
  f.margin = std::to_string(static_cast<std::int64_t>(max) - static_cast<std::int64_t>(drops));
  f.observed_value = static_cast<double>(drops);
  f.limit_value = static_cast<double>(max);
  f.unit = "requests";
}

}  // namespace

Finding judge_dropped_requests(const Facts& facts, const DroppedRequestsCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  f.limit = std::to_string(rule.max);
  f.limit_value = static_cast<double>(rule.max);
  f.unit = "requests";
  const JudgedSpan span = find_span(facts.scenario, t, rule.during);
  if (span.state == JudgedSpan::State::absent) return without_samples(std::move(f), t, span);
  const LoadSum load = count_load(t, span.load());
  if (load.ended() == load.lost()) return without_samples(std::move(f), t, span);

  const std::uint64_t drops = load.drops();
  put_numbers(f, drops, rule.max);
  f.evidence = span.interval;
  const GeneratorState g = generator_in(facts.scenario, t, span.interval);
  const std::uint64_t proven = drops - (g.timeouts_are_doubtful() ? load.timeouts() : 0);
  const std::string kinds = drops == 0 ? "" : " (" + by_outcome(load) + ")";
  const std::string sentence = fmt::format("{} of {} {} dropped in {}{}", drops, plural(load.ended(), "request"),
                                           drops == 1 ? "was" : "were", span.name, kinds);
  if (proven > rule.max) return failed(std::move(f), "dropped", sentence);
  if (span.state != JudgedSpan::State::settled) return open_ended(std::move(f), t, sentence);
  if (span.blurred_by) return with_unknown_edges(std::move(f), span, sentence);
  if (drops > rule.max) {
    return inconclusive(std::move(f), "generator_sick",
                        sentence + ", but the generator was late, and timeouts may be its own");
  }
  if (drops + load.lost() > rule.max) {
    return inconclusive(
        std::move(f), g.exhausted ? "connections_exhausted" : "generator_sick",
        fmt::format("{}, but {} lost in the generator", sentence, plural_was(load.lost(), "more request")));
  }
  return passed(std::move(f), drops == 0 ? "none_dropped" : "few_dropped", sentence);
}

}  // namespace surgeproof
