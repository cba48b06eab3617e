// The criteria as pure functions, one a file.
//
// Each gets a finding with id, title and line filled in, and returns it with the rest. To add one: a variant member in
// scenarios/scenario.h, a function here and in its own file, a line in judge.cpp.
#pragma once

#include "analyzers/finding.h"
#include "scenarios/scenario.h"

namespace surgeproof {

struct Timeline;

/// What every criterion is judged on.
struct Facts {
  const Scenario& scenario;
  const Timeline& timeline;
};

Finding judge_scale_up(const Facts& facts, const ScaleUpCriterion& rule, Finding finding);
Finding judge_scale_down(const Facts& facts, const ScaleDownCriterion& rule, Finding finding);
Finding judge_latency(const Facts& facts, const LatencyCriterion& rule, Finding finding);
Finding judge_error_rate(const Facts& facts, const ErrorRateCriterion& rule, Finding finding);
Finding judge_dropped_requests(const Facts& facts, const DroppedRequestsCriterion& rule, Finding finding);
Finding judge_replicas(const Facts& facts, const ReplicasCriterion& rule, Finding finding);
Finding judge_signal(const Facts& facts, const SignalCriterion& rule, Finding finding);
Finding judge_logs(const Facts& facts, const LogsCriterion& rule, Finding finding);
Finding judge_eventually(const Facts& facts, const EventuallyCriterion& rule, Finding finding);

}  // namespace surgeproof
