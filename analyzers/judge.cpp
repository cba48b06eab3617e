#include "analyzers/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "analyzers/causes/causes.h"
#include "analyzers/criteria/criteria.h"
#include "analyzers/drop_report.h"
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
  Finding operator()(const SignalCriterion& r) { return judge_signal(facts, r, std::move(finding)); }
  Finding operator()(const LogsCriterion& r) { return judge_logs(facts, r, std::move(finding)); }
  Finding operator()(const EventuallyCriterion& r) { return judge_eventually(facts, r, std::move(finding)); }
};

bool any(const std::vector<Finding>& findings, Status status) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return f.status == status; });
}

// A generator that did not send the planned load proves nothing good. Gaps of the watch are the criteria's matter.
// Neither does a run without what was to be done to the cluster meanwhile.
bool was_not_the_planned_run(const std::vector<Finding>& health) {
  return std::any_of(health.begin(), health.end(), [](const Finding& f) {
    return f.status != Status::pass && (f.id.starts_with("generator ") || f.id.starts_with("action "));
  });
}

Status overall(const Verdict& v) {
  if (any(v.findings, Status::fail)) return Status::fail;
  if (v.findings.empty() || any(v.findings, Status::inconclusive) || was_not_the_planned_run(v.health)) {
    return Status::inconclusive;
  }
  return Status::pass;
}

During* during_of(Criterion& c) {
  return std::visit(
      [](auto& rule) -> During* {
        if constexpr (requires { rule.during; }) return &rule.during;
        return nullptr;
      },
      c.rule);
}

// What a reader should see first: a fail before an open one before a pass, and of those the one nearest its limit.
bool is_worse(const Finding& a, const Finding& b) {
  const auto rank = [](const Finding& f) {
    return f.status == Status::fail ? 0 : f.status == Status::inconclusive ? 1 : 2;
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  const auto share = [](const Finding& f) {
    return f.limit_value.value_or(0) > 0 ? f.observed_value.value_or(0) / *f.limit_value : f.observed_value.value_or(0);
  };
  return share(a) > share(b);
}

// A phase that the surges repeat is judged in each round; the worst one stands for all.
Finding judge_each_phase(const Facts& facts, const Criterion& criterion, Finding f) {
  Criterion c = criterion;
  During* during = during_of(c);
  const auto phases = during && during->kind == During::Kind::phase ? facts.timeline.phases_named(during->name)
                                                                    : std::vector<const Phase*>{};
  if (phases.size() < 2) return std::visit(Judge{facts, std::move(f)}, c.rule);
  std::optional<Finding> worst;
  for (const Phase* phase : phases) {
    during->name = phase->name();
    Finding of_phase = std::visit(Judge{facts, f}, c.rule);
    if (!worst || is_worse(of_phase, *worst)) worst = std::move(of_phase);
  }
  worst->sentence +=
      fmt::format(" (the {} of {} such phases)", worst->status == Status::pass ? "tightest" : "worst", phases.size());
  return std::move(*worst);
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
    findings.push_back(judge_each_phase(facts, c, std::move(f)));
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
  verdict.drops = report_drops(timeline);
  find_causes(facts, verdict);
  verdict.paths = critical_paths(scenario, timeline);
  verdict.elasticity = elasticity_of(scenario, timeline);
  return verdict;
}

bool all_decided(const Verdict& verdict) {
  return std::all_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& f) { return f.decided; });
}

}  // namespace surgeproof
