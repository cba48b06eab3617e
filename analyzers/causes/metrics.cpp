// The HPA could not act: no metric, no CPU request, switched off (read from its conditions during the surge), or it
// was not there any more.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/causes/clue.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/ascii.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

//                                     up  down latency errors drops replicas
constexpr Weights kCannotAct{100, 90, 85, 60, 40, 80};
constexpr Weights kGoneLater{0, 95, 0, 0, 0, 80};  // after the pods were added

bool contains_word(std::string_view text, std::string_view word) {
  return ascii::lower(std::string{text}).find(word) != std::string::npos;
}

// How long, and how last, a condition was not True.
struct BadSpan {
  RunTime length{};
  Condition condition;
};

std::optional<BadSpan> bad_condition(const HpaTrack& hpa, std::string_view type, Interval look) {
  BadSpan bad;
  for (std::size_t i = 0; i < hpa.conditions.size(); ++i) {
    const RunTime end = i + 1 < hpa.conditions.size() ? hpa.conditions[i + 1].at : look.end;
    const RunTime begin = std::max(hpa.conditions[i].at, look.begin);
    const RunTime until = std::min(end, look.end);
    if (begin >= until) continue;
    for (const Condition& c : hpa.conditions[i].conditions) {
      if (c.type != type || c.status == "True") continue;
      bad.length += until - begin;
      bad.condition = c;
    }
  }
  // A hiccup at the start of the surge is none: it must have cost a good part of the time.
  return 3 * bad.length >= look.length() ? std::optional<BadSpan>{bad} : std::nullopt;
}

std::string quote(const Condition& c, RunTime length) {
  return fmt::format("{}={} {} for {}: {}", c.type, c.status, c.reason, format_duration(length), c.message);
}

Clue cpu_request_missing(const ScaleLook& look, const BadSpan& bad) {
  return {{"cpu_request_missing",
           fmt::format("HPA {} cannot compute a utilization, because a container has no CPU request", look.hpa->name),
           "set resources.requests.cpu on every container of the pods, sidecars included",
           Confidence::high,
           0,
           {quote(bad.condition, bad.length)}},
          kCannotAct,
          look.hpa->name};
}

Clue metrics_unavailable(const ScaleLook& look, std::vector<std::string> evidence, Confidence confidence) {
  return {{"metrics_unavailable", fmt::format("HPA {} got no metric, so it could not scale", look.hpa->name),
           "see that metrics-server (or the metrics adapter) runs and that `kubectl top pods` answers", confidence, 0,
           std::move(evidence)},
          kCannotAct,
          look.hpa->name};
}

Clue not_active(const ScaleLook& look, const BadSpan& bad) {
  const bool disabled = bad.condition.reason == "ScalingDisabled";
  return {{disabled ? "hpa_disabled" : "hpa_not_active",
           disabled ? fmt::format("HPA {} was switched off: its target had 0 replicas", look.hpa->name)
                    : fmt::format("HPA {} could not act ({})", look.hpa->name, bad.condition.reason),
           disabled ? "scale the target to at least one replica" : "repair what the condition's message names",
           Confidence::high,
           0,
           {quote(bad.condition, bad.length)}},
          kCannotAct,
          look.hpa->name};
}

// Deleted in mid-run and not made again: nothing scales its target any more.
void deleted(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues) {
  const HpaTrack& hpa = *look.hpa;
  if (hpa.samples.empty() || !hpa.samples.back().deleted) return;
  const RunTime at = hpa.samples.back().at.observed;
  const bool too_late_to_matter = look.reached || at >= look.look.end;
  clues.push_back(
      {{"hpa_deleted",
        fmt::format("HPA {} was deleted at {}, and nothing scaled its target from then on", hpa.name,
                    instant(at, facts.timeline.load_started)),
        "find out who deleted it (`kubectl delete`, an uninstalled chart, a pruning sync), create it again, run again",
        Confidence::high,
        0,
        {}},
       too_late_to_matter ? kGoneLater : kCannotAct,
       hpa.name,
       {"too_late", "never", "too_slow", "too_few_ready"}});
}

const WatchGap* metrics_api_gap(const Timeline& t, Interval look) {
  const WatchGap* gap = t.gap_in("metrics.k8s.io/pods", look);
  const bool long_enough =
      gap && 3 * (std::min(gap->interval.end, look.end) - std::max(gap->interval.begin, look.begin)) >= look.length();
  return long_enough ? gap : nullptr;
}

}  // namespace

void clues_from_metrics(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues) {
  deleted(facts, look, clues);
  const WatchGap* gap = metrics_api_gap(facts.timeline, look.look);
  std::vector<std::string> evidence;
  if (gap) evidence.push_back(fmt::format("metrics.k8s.io could not be read: {}", gap->message));

  if (const auto bad = bad_condition(*look.hpa, "ScalingActive", look.look)) {
    const bool no_metric = bad->condition.reason.starts_with("FailedGet");
    if (contains_word(bad->condition.message, "missing request for")) {
      clues.push_back(cpu_request_missing(look, *bad));
    } else if (no_metric) {
      evidence.insert(evidence.begin(), quote(bad->condition, bad->length));
      clues.push_back(metrics_unavailable(look, std::move(evidence), Confidence::high));
    } else {
      clues.push_back(not_active(look, *bad));
    }
    return;
  }
  if (const auto bad = bad_condition(*look.hpa, "AbleToScale", look.look)) {
    clues.push_back(not_active(look, *bad));
    return;
  }
  // Without a metrics API a resource metric cannot have been read; another kind of metric may.
  const bool resource_metric = std::any_of(look.hpa->metrics.begin(), look.hpa->metrics.end(),
                                           [](const MetricTrack& m) { return m.type == "Resource"; });
  if (gap && gap->kind != WatchState::Kind::forbidden && resource_metric && !look.reached) {
    clues.push_back(metrics_unavailable(look, std::move(evidence), Confidence::probable));
  }
}

}  // namespace surgeproof
