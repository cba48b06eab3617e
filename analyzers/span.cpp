#include "analyzers/span.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "analyzers/load_sum.h"
#include "analyzers/timeline.h"
#include "base/duration.h"

namespace surgeproof {
namespace {

using State = JudgedSpan::State;

// The edge between scaling and scaled is the last new pod's readiness: unseen when the pods were, while they came or
// from some moment to the end.
const WatchGap* blur_of(const Timeline& timeline, const Phase& phase) {
  if (phase.kind != Phase::Kind::scaling && phase.kind != Phase::Kind::scaled) return nullptr;
  const auto it = std::find_if(timeline.phases.begin(), timeline.phases.end(), [&](const Phase& p) {
    return p.kind == Phase::Kind::scaling && p.surge == phase.surge;
  });
  const Phase* scaling = it == timeline.phases.end() ? nullptr : &*it;
  for (const WatchGap& gap : timeline.gaps) {
    if (gap.resource != "pods" || gap.interval.begin >= phase.interval.end) continue;
    const bool while_scaling =
        scaling && gap.interval.end > scaling->interval.begin && gap.interval.begin < scaling->interval.end;
    if (while_scaling || gap.open) return &gap;
  }
  return nullptr;
}

// Every request planned within has ended, or has had all the time that it may take.
bool answers_are_in(const Scenario& scenario, const Timeline& timeline, const JudgedSpan& span) {
  if (timeline.load_finished) return true;
  constexpr RunTime kDelivery = std::chrono::seconds{2};  // of the last window's record
  const RunTime since = timeline.end - span.interval.end;
  if (since >= scenario.client.timeout + kDelivery) return true;
  if (!timeline.complete || since < kDelivery) return false;
  const LoadSum load = count_load(timeline, span.load());
  return load.ended() >= load.planned;
}

State state_of(const Scenario& scenario, const Timeline& timeline, const JudgedSpan& span, bool end_is_fixed) {
  const RunTime end = span.interval.end;
  const bool load_cut = timeline.interrupted && timeline.load_finished && *timeline.load_finished < end;
  if (load_cut) return State::cut_off;
  if (end_is_fixed && timeline.end >= end && answers_are_in(scenario, timeline, span)) return State::settled;
  return timeline.complete ? State::cut_off : State::open;
}

// Without load there is neither a plan nor a phase: all that was watched.
JudgedSpan whole_recording(const Timeline& timeline) {
  JudgedSpan span;
  span.name = "the recording";
  span.interval = span.counted = {RunTime{}, timeline.end};
  span.state = timeline.complete ? State::settled : State::open;
  return span;
}

// Nothing before the end of the warm-up is looked at.
void cut_warm_up(const Scenario& scenario, const Timeline& timeline, JudgedSpan& span) {
  if (scenario.warm_up == RunTime{} || !timeline.load_started) return;
  const RunTime warm = *timeline.load_started + scenario.warm_up;
  if (span.interval.begin >= warm) return;
  span.name += fmt::format(" after {} of warm-up", format_duration(scenario.warm_up));
  span.interval.begin = std::min(warm, span.interval.end);
  span.counted.begin = warm;
}

}  // namespace

LoadFilter JudgedSpan::load(std::string_view request) const { return {counted, stage, request}; }

JudgedSpan find_span(const Scenario& scenario, const Timeline& timeline, const During& during) {
  if (scenario.load.none()) return whole_recording(timeline);
  JudgedSpan span;
  bool fixed = true;
  std::optional<Interval> interval;
  switch (during.kind) {
    case During::Kind::all:
      span.name = "the whole load";
      interval = timeline.load_interval();
      break;
    case During::Kind::stage:
      span.name = "stage " + during.name;
      span.stage = during.name;
      if (const StageSpan* s = timeline.stage(during.name)) interval = s->interval;
      if (interval && interval->begin >= timeline.end) interval.reset();
      break;
    case During::Kind::phase:
      span.name = "the " + during.name + " phase";
      if (const auto named = timeline.phases_named(during.name); !named.empty()) {
        const Phase* p = named.front();
        interval = p->interval;
        fixed = p->closed;
        span.blurred_by = blur_of(timeline, *p);
        // Judged on the load: what comes after it has no request in it.
        const bool last = p == &timeline.phases.back();
        if (const auto load = timeline.load_interval(); last && p->kind == Phase::Kind::draining) {
          interval->end = load->end;
          fixed = true;
        }
      }
      break;
  }
  if (!interval) return span;
  span.interval = *interval;
  constexpr Interval kEver{RunTime::min(), RunTime::max()};
  span.counted = during.kind == During::Kind::phase ? *interval : kEver;
  cut_warm_up(scenario, timeline, span);
  span.state = state_of(scenario, timeline, span, fixed);
  return span;
}

}  // namespace surgeproof
