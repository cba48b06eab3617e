// The verdict over a run: every criterion of the scenario, the tool's own health, and the causes.
#pragma once

#include <string>

#include "analyzers/finding.h"

namespace surgeproof {

struct Scenario;
struct Timeline;

/// Pure: the same scenario and timeline give the same verdict.
///
/// While `timeline.complete` is false a criterion that more time could still change is inconclusive, with reason
/// "undecided", `decided == false`, and the value so far in `observed`. Once it is true, such a criterion is
/// inconclusive with reason "cut_off".
Verdict judge(const Scenario& scenario, const Timeline& timeline);

/// One sentence for the top of a report, to stand beside the verdict's word: how many criteria were met and, if it is
/// not a pass, the main cause.
std::string headline(const Verdict& verdict);

/// Nothing that may still come could change a finding: the run may end.
bool all_decided(const Verdict& verdict);

}  // namespace surgeproof
