// How a criterion ends: the few ways that all of them share.
#pragma once

#include <string>
#include <string_view>

#include "analyzers/criteria/criteria.h"
#include "analyzers/span.h"
#include "base/run_time.h"

namespace surgeproof {

struct HpaTrack;
struct LoadSum;
struct WatchGap;

// They take the finding by reference, so that the sentence may be made of it in the same expression.

Finding passed(Finding&& f, std::string reason, std::string sentence);
Finding failed(Finding&& f, std::string reason, std::string sentence);
/// Nothing that may come changes it.
Finding inconclusive(Finding&& f, std::string reason, std::string sentence);

/// More time would decide: "undecided" while the recording goes on, "cut_off" once it is complete (or the load was
/// interrupted). `so_far` is a clause: "3 of 5 pods are ready after 42s".
Finding open_ended(Finding&& f, const Timeline& timeline, std::string so_far);

/// No request was planned in the span, or there is no such span (yet).
Finding without_samples(Finding&& f, const Timeline& timeline, const JudgedSpan& span);

/// There is no such span (yet).
Finding without_span(Finding&& f, const Timeline& timeline, const JudgedSpan& span);

/// Fewer than samples_needed(q), and what was seen may be chance. `so_far` is a clause: "p99 was 80ms …".
Finding with_too_few_samples(Finding&& f, double q, const std::string& so_far);

/// The span is a phase whose edges are not known. `so_far` is a clause: "p99 was 80ms (limit 1s) over …".
Finding with_unknown_edges(Finding&& f, const JudgedSpan& span, const std::string& so_far);

/// The HPA was never seen (yet).
Finding without_hpa(Finding&& f, const Facts& facts, std::string_view hpa);

/// Observed and limit as durations, with their margin.
void put_durations(Finding& f, RunTime observed, RunTime limit);

/// "pods" and so on: the WatchState::resource that tells of the HPA's target.
std::string target_resource(const HpaTrack& hpa);

/// The gap in which something first seen at `seen` may really have happened; null when it was being watched then.
const WatchGap* gap_before(const Timeline& timeline, std::string_view resource, RunTime seen);

}  // namespace surgeproof
