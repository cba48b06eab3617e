// What signals and logs themselves say of the criteria on them.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/log_track.h"
#include "analyzers/signal_track.h"
#include "analyzers/timeline.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

constexpr Weights kObserved{0, 0, 0, 0, 0, 0, 110, 110, 110};

bool any_with_reason(const Verdict& v, std::initializer_list<std::string_view> reasons) {
  return std::ranges::any_of(v.findings,
                             [&](const Finding& f) { return std::ranges::find(reasons, f.reason) != reasons.end(); });
}

void log_lines(const Facts& facts, std::vector<Clue>& clues) {
  constexpr std::size_t kMostEvidence = 5;
  Cause cause{"log_line",       "", "read that pod's log around the line: kubectl logs --timestamps",
              Confidence::high, 0,  {}};
  for (const Criterion& c : facts.scenario.criteria) {
    const auto* rule = std::get_if<LogsCriterion>(&c.rule);
    if (rule == nullptr) continue;
    const LogTrack track(facts, rule->scope);
    for (const LogText& text : rule->absent) {
      const auto lines = track.lines(text, {RunTime{}, RunTime::max()});
      if (lines.empty()) continue;
      cause.count += count_lines(lines);
      if (cause.sentence.empty()) cause.sentence = first_words(lines);
      for (const LogLine* line : lines) {
        if (cause.evidence.size() >= kMostEvidence || line->line.empty()) break;
        cause.evidence.push_back(fmt::format("{}/{}: {}", line->pod, line->container, line->line));
      }
    }
  }
  if (cause.sentence.empty()) cause.sentence = "a pod wrote what it may not";
  clues.push_back({std::move(cause), kObserved, {}, {"found"}});
}

// The gaps of resources that begin so, as evidence; the longest message in the sentence.
Cause unreadable(const Facts& facts, Cause cause, std::string_view resource) {
  for (const WatchGap& gap : facts.timeline.gaps) {
    if (!gap.resource.starts_with(resource)) continue;
    const std::string why = gap.message.empty() ? "" : ": " + gap.message;
    cause.evidence.push_back(fmt::format("{} for {}{}", gap.resource, format_duration(gap.interval.length()), why));
    constexpr std::size_t kMostEvidence = 5;
    if (cause.evidence.size() == 1 && !gap.message.empty()) cause.sentence += why;
    if (cause.evidence.size() == kMostEvidence) break;
  }
  return cause;
}

}  // namespace

void clues_from_observations(const Facts& facts, const Verdict& verdict, std::vector<Clue>& clues) {
  if (any_with_reason(verdict, {"found"})) log_lines(facts, clues);
  if (any_with_reason(verdict, {"log_gap", "no_logs"})) {
    Cause cause{"logs_unreadable",
                "logs could not be read when it mattered",
                "grant get on pods/log (surgeproof print-rbac says how), and see that the label selector fits",
                Confidence::high,
                0,
                {}};
    clues.push_back({unreadable(facts, std::move(cause), "pods/log"), kObserved, {}, {"log_gap", "no_logs"}});
  }
  if (any_with_reason(verdict, {"signal_gap", "no_samples"})) {
    Cause cause{"signal_unavailable",
                "signals were not known when it mattered",
                "see that the Prometheus server answers in time, and that the query gives one series",
                Confidence::high,
                0,
                {}};
    Weights weights = kObserved;
    weights[static_cast<std::size_t>(Matter::logs)] = 0;
    clues.push_back(
        {unreadable(facts, std::move(cause), signal_resource("")), weights, {}, {"signal_gap", "no_samples"}});
  }
  clues.push_back({{"sampled_too_seldom",
                    "the signal is asked too seldom for the time limit",
                    "ask more often with every:, four times within the limit",
                    Confidence::high,
                    0,
                    {}},
                   kObserved,
                   {},
                   {"sampled_too_seldom"}});
  clues.push_back({{"already_so",
                    "it was so before the instant it counts from",
                    "count from an earlier instant, or take a limit that is not met before",
                    Confidence::high,
                    0,
                    {}},
                   kObserved,
                   {},
                   {"already_so"}});
}

}  // namespace surgeproof
