#include "analyzers/criteria/outcome.h"

#include <fmt/format.h>

#include <utility>

#include "analyzers/samples.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"
#include "base/ascii.h"
#include "base/duration.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

Finding ended(Finding&& f, Status status, std::string reason, std::string sentence) {
  f.status = status;
  f.reason = std::move(reason);
  f.sentence = std::move(sentence);
  f.decided = true;
  return std::move(f);
}

}  // namespace

Finding passed(Finding&& f, std::string reason, std::string sentence) {
  return ended(std::move(f), Status::pass, std::move(reason), std::move(sentence));
}

Finding failed(Finding&& f, std::string reason, std::string sentence) {
  return ended(std::move(f), Status::fail, std::move(reason), std::move(sentence));
}

Finding inconclusive(Finding&& f, std::string reason, std::string sentence) {
  return ended(std::move(f), Status::inconclusive, std::move(reason), std::move(sentence));
}

Finding open_ended(Finding&& f, const Timeline& timeline, std::string so_far) {
  if (timeline.complete || timeline.interrupted) {
    const std::string why = timeline.interrupted ? "the run was interrupted" : "the recording ends";
    return inconclusive(std::move(f), "cut_off", fmt::format("{}, and {} before it was decided", so_far, why));
  }
  Finding open = inconclusive(std::move(f), "undecided", fmt::format("{}; more time will decide", so_far));
  open.decided = false;
  return open;
}

Finding without_samples(Finding&& f, const Timeline& timeline, const JudgedSpan& span) {
  const bool may_come =
      !timeline.complete && (span.state == JudgedSpan::State::absent || span.state == JudgedSpan::State::open);
  if (may_come) return open_ended(std::move(f), timeline, fmt::format("no request was sent in {} yet", span.name));
  if (span.state == JudgedSpan::State::absent) {
    return inconclusive(std::move(f), "no_such_phase", fmt::format("{} was never seen", span.name));
  }
  return inconclusive(std::move(f), "no_samples",
                      fmt::format("no request was measured in {}, and nothing is no proof", span.name));
}

Finding without_span(Finding&& f, const Timeline& timeline, const JudgedSpan& span) {
  if (!timeline.complete) return open_ended(std::move(f), timeline, span.name + " has not begun");
  return inconclusive(std::move(f), "no_such_phase", span.name + " was never seen");
}

Finding with_too_few_samples(Finding&& f, double q, const std::string& so_far) {
  return inconclusive(std::move(f), "too_few_samples",
                      fmt::format("{}: too few to tell, {} requests or more would do", so_far, samples_needed(q)));
}

Finding without_hpa(Finding&& f, const Facts& facts, std::string_view hpa) {
  const std::string name = hpa.empty() ? std::string("the HPA") : "HPA " + std::string(hpa);
  if (!facts.timeline.complete) return open_ended(std::move(f), facts.timeline, name + " was not seen yet");
  const WatchGap* gap = facts.timeline.gap_in("horizontalpodautoscalers", {RunTime{}, facts.timeline.end});
  const std::string why = gap && !gap->message.empty() ? " (" + gap->message + ")" : "";
  return inconclusive(std::move(f), gap ? "watch_gap" : "no_samples", fmt::format("{} was never seen{}", name, why));
}

void put_durations(Finding& f, RunTime observed, RunTime limit) {
  f.observed = format_duration(observed);
  f.limit = format_duration(limit);
  f.margin = duration_margin(observed, limit);
  f.observed_value = to_seconds(observed);
  f.limit_value = to_seconds(limit);
  f.unit = "seconds";
}

std::string target_resource(const HpaTrack& hpa) { return ascii::lower(hpa.target.kind) + "s"; }

Finding with_unknown_edges(Finding&& f, const JudgedSpan& span, const std::string& so_far) {
  return inconclusive(std::move(f), "watch_gap",
                      fmt::format("{}, but pods could not be seen for {}, so its edges are not known", so_far,
                                  format_duration(span.blurred_by->interval.length())));
}

const WatchGap* gap_before(const Timeline& timeline, std::string_view resource, RunTime seen) {
  constexpr RunTime kRelist = std::chrono::seconds{2};  // from `synced` to the records of the list
  const WatchGap* gap = timeline.gap_in(resource, {seen - kRelist, seen});
  return gap && gap->interval.begin < seen ? gap : nullptr;
}

}  // namespace surgeproof
