// A percentile of the latency over a span, from the planned instant to the last byte, at most a limit.
//
// Which requests have a latency: every answered one, whatever its status. One that timed out would be missing, and the
// percentile would flatter: it counts with the client's time limit, the least that it can have taken. Requests that
// failed at once (refused, reset, …) have no latency; dropped_requests and error_rate count them.
//
//   n values, b of them above the limit, l requests lost in the generator, q the percentile
//   holds            n − b       ≥ q · n
//   holds, proven    n − b       ≥ q · (n + l)     every lost request might have been slow
//
// With fewer values than samples_needed(q) a limit that was kept shows nothing, and one that was broken only if chance
// does not explain it.
#include <fmt/format.h>

#include "analyzers/criteria/outcome.h"
#include "analyzers/health.h"
#include "analyzers/load_sum.h"
#include "analyzers/samples.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

using std::chrono::microseconds;

bool holds(const Histogram& h, std::uint64_t lost, double q, microseconds limit) {
  const auto good = static_cast<double>(h.count() - h.count_above(limit));
  constexpr double kRounding = 1e-9;  // 0.99 is not a binary fraction
  return good + kRounding * static_cast<double>(h.count() + lost) >= q * static_cast<double>(h.count() + lost);
}

// How long timed-out requests were in the service's hands: those that were recorded in full tell.
RunTime mean_wait_of_timeouts(const Facts& facts, Interval span, const std::string& request) {
  RunTime sum{};
  std::int64_t n = 0;
  for (const RequestFailure& f : facts.timeline.failures) {
    const bool wanted = f.outcome == Outcome::timeout && f.sent && span.contains(f.planned);
    if (!wanted || (!request.empty() && f.request != request)) continue;
    sum += f.ended - *f.sent;
    ++n;
  }
  return n == 0 ? facts.scenario.client.timeout : sum / n;
}

struct LatencyCase {
  const Facts& facts;
  const LatencyCriterion& rule;
  JudgedSpan span;
  LoadSum load;  // without service times
  GeneratorState generator;
  double q = 0;
  microseconds limit{};
};

// Would the service have broken the limit even if every request had left on time?
bool proven_by_service_time(const LatencyCase& c) {
  Histogram service = sum_load(c.facts.timeline, c.span.load(c.rule.request)).service_time;
  service.record(mean_wait_of_timeouts(c.facts, c.span.interval, c.rule.request), c.load.timeouts());
  return service.count() > 0 && !holds(service, 0, c.q, c.limit);
}

Finding judge_broken(const LatencyCase& c, Finding f, const std::string& sentence) {
  const GeneratorState& g = c.generator;
  if (g.saturated) {
    return inconclusive(
        std::move(f), "generator_sick",
        fmt::format("{}, but the generator had no CPU left ({} of a core)", sentence, percent(g.busiest_worker)));
  }
  if (!g.late || proven_by_service_time(c)) return failed(std::move(f), "too_slow", sentence);
  if (g.exhausted) {
    return inconclusive(std::move(f), "connections_exhausted",
                        fmt::format("{}, but requests waited for one of {} connections; from the actual send the "
                                    "limit was kept",
                                    sentence, c.facts.scenario.connections.max));
  }
  return inconclusive(std::move(f), "generator_sick",
                      fmt::format("{}, but the generator sent up to {} late; from the actual send the limit was kept",
                                  sentence, format_duration(g.schedule_error_p99)));
}

// A percentile of few values is one of the few slowest: it says little of the next run.
bool too_few(const LatencyCase& c, bool kept) {
  const std::uint64_t n = c.load.latency.count();
  if (n >= samples_needed(c.q)) return false;
  return kept || chance_of_at_least(c.load.latency.count_above(c.limit), n, 1 - c.q) > kRisk;
}

Finding judge_kept(const LatencyCase& c, Finding f, const std::string& sentence) {
  if (holds(c.load.latency, c.load.lost(), c.q, c.limit)) return passed(std::move(f), "fast_enough", sentence);
  return inconclusive(std::move(f), c.generator.exhausted ? "connections_exhausted" : "generator_sick",
                      fmt::format("{}, but {} of {} were never sent, and might have been slow", sentence, c.load.lost(),
                                  plural(c.load.planned, "planned request")));
}

void put_numbers(const LatencyCase& c, Finding& f, bool kept) {
  RunTime observed = c.load.latency.quantile(c.q).value_or(microseconds{0});
  if (kept) observed = std::min(observed, c.rule.limit);  // a bucket may reach over the limit
  put_durations(f, observed, c.rule.limit);
  f.evidence = c.span.interval;
}

}  // namespace

Finding judge_latency(const Facts& facts, const LatencyCriterion& rule, Finding f) {
  const Timeline& t = facts.timeline;
  f.limit = format_duration(rule.limit);
  f.limit_value = to_seconds(rule.limit);
  f.unit = "seconds";
  JudgedSpan span = find_span(facts.scenario, t, rule.during);
  if (span.state == JudgedSpan::State::absent) return without_samples(std::move(f), t, span);

  LatencyCase c{facts,
                rule,
                span,
                sum_latency(t, span.load(rule.request)),
                generator_in(facts.scenario, t, span.interval),
                rule.percentile / 100,
                std::chrono::floor<microseconds>(rule.limit)};
  c.load.latency.record(facts.scenario.client.timeout, c.load.timeouts());
  if (c.load.latency.count() == 0) return without_samples(std::move(f), t, span);

  const bool kept = holds(c.load.latency, 0, c.q, c.limit);
  put_numbers(c, f, kept);
  const std::string timeouts = c.load.timeouts() == 0
                                   ? ""
                                   : fmt::format(", of which {} timed out and count as {}", c.load.timeouts(),
                                                 format_duration(facts.scenario.client.timeout));
  const std::string sentence =
      fmt::format("{} was {} (limit {}) over {} in {}{}", percentile_name(rule.percentile), f.observed, f.limit,
                  plural(c.load.latency.count(), "request"), span.name, timeouts);
  if (span.state != JudgedSpan::State::settled) return open_ended(std::move(f), t, sentence);
  if (span.blurred_by) return with_unknown_edges(std::move(f), span, sentence);
  if (too_few(c, kept)) return with_too_few_samples(std::move(f), c.q, sentence);
  return kept ? judge_kept(c, std::move(f), sentence) : judge_broken(c, std::move(f), sentence);
}

}  // namespace surgeproof
