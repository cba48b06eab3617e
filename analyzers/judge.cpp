#include "analyzers/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyzers/causes/causes.h"
#include "analyzers/criteria/criteria.h"
#include "analyzers/health.h"
#include "analyzers/timeline.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

// One per alternative of Criterion::rule.
struct Judge {
  const Facts& facts;
  Finding finding;

  Finding operator()(const ScaleUpCriterion& r) { return judge_scale_up(facts, r, std::move(finding)); }
  Finding operator()(const ScaleDownCriterion& r) { return judge_scale_down(facts, r, std::move(finding)); }
  Finding operator()(const LatencyCriterion& r) { return judge_latency(facts, r, std::move(finding)); }
  Finding operator()(const ErrorRateCriterion& r) { return judge_error_rate(facts, r, std::move(finding)); }
  Finding operator()(const DroppedRequestsCriterion& r) { return judge_dropped_requests(facts, r, std::move(finding)); }
  Finding operator()(const ReplicasCriterion& r) { return judge_replicas(facts, r, std::move(finding)); }
};

bool any(const std::vector<Finding>& findings, Status status) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.status == status; });
}

// A generator that did not send the planned load proves nothing good. Gaps of the watch are the criteria's matter.
bool generator_was_sick(const std::vector<Finding>& health) {
  return std::any_of(health.begin(), health.end(),
                     [](const Finding& f) { return f.status != Status::pass && f.id.starts_with("generator "); });
}

Status overall(const Verdict& v) {
  if (any(v.findings, Status::fail)) return Status::fail;
  if (v.findings.empty() || any(v.findings, Status::inconclusive) || generator_was_sick(v.health)) {
    return Status::inconclusive;
  }
  return Status::pass;
}

std::vector<Finding> judge_criteria(const Facts& facts) {
  std::vector<Finding> findings;
  std::map<std::string, int> used;
  for (const Criterion& c : facts.scenario.criteria) {
    Finding f;
    f.id = criterion_id(facts.scenario, c);
    f.title = describe(facts.scenario, c);
    f.line = c.place.line;
    if (const int n = ++used[f.id]; n > 1) f.id += fmt::format(" #{}", n);
    findings.push_back(std::visit(Judge{facts, std::move(f)}, c.rule));
  }
  return findings;
}

}  // namespace

Verdict judge(const Scenario& scenario, const Timeline& timeline) {
  const Facts facts{scenario, timeline};
  Verdict verdict;
  verdict.findings = judge_criteria(facts);
  verdict.health = judge_health(scenario, timeline);
  verdict.status = overall(verdict);
  find_causes(facts, verdict);
  return verdict;
}

bool all_decided(const Verdict& verdict) {
  return std::all_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& f) { return f.decided; });
}

}  // namespace surgeproof
