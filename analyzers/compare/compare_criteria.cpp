#include "analyzers/compare/compare_criteria.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

// The HPA looks every 15 s at metrics that are up to 15 s old: two equal scale-ups may lie so far apart.
constexpr double kLoopJitter = 30;  // seconds

bool is_of_the_loop(const std::string& id) { return id.starts_with("scale_up") || id.starts_with("scale_down"); }

const Comparison* latency_of_phase(const LatencyCriterion& rule, const std::vector<Comparison>& phases) {
  const std::string id = fmt::format("phase {} p{:g}", rule.during.name, rule.percentile);
  const auto it = std::find_if(phases.begin(), phases.end(), [&](const Comparison& c) { return c.id == id; });
  return it == phases.end() ? nullptr : &*it;
}

std::optional<double> relative(const Finding& a, const Finding& b) {
  if (!a.observed_value || !b.observed_value || *a.observed_value <= 0) return std::nullopt;
  return *b.observed_value / *a.observed_value - 1;
}

Comparison ended(Comparison c, Change change, const char* reason, std::string sentence) {
  c.change = change;
  c.reason = reason;
  c.sentence = std::move(sentence);
  return c;
}

// It passed and now fails: worse, unless chance moves it so far.
Comparison broken(Comparison c, const Criterion& criterion, const Finding& a, const Finding& b,
                  const std::vector<Comparison>& phases) {
  const std::string values = fmt::format("{} → {} (limit {})", a.observed, b.observed, b.limit);
  if (is_of_the_loop(c.id) && a.observed_value && b.observed_value &&
      std::abs(*b.observed_value - *a.observed_value) <= kLoopJitter) {
    return ended(std::move(c), Change::unclear, "within_noise",
                 values + ": broken, but the control loop's own jitter is up to 30s");
  }
  if (const auto* latency = std::get_if<LatencyCriterion>(&criterion.rule)) {
    const Comparison* phase = latency->request.empty() ? latency_of_phase(*latency, phases) : nullptr;
    if (phase && phase->change != Change::worse) {
      return ended(std::move(c), Change::unclear, "within_noise", values + ": broken, but within what chance does");
    }
  }
  return ended(std::move(c), Change::worse, "broken", values + ": it passed before");
}

Comparison compare_findings(const Criterion& criterion, const Finding& a, const Finding& b,
                            const std::vector<Comparison>& phases) {
  Comparison c;
  c.id = b.id;
  c.title = b.title;
  c.before = a.observed;
  c.after = b.observed;
  c.effect = relative(a, b);
  const std::string values = fmt::format("{} → {}", a.observed, b.observed);
  if (b.status == Status::inconclusive) return ended(std::move(c), Change::unclear, "inconclusive", b.sentence);
  if (a.status == Status::inconclusive) {
    return ended(std::move(c), b.status == Status::pass ? Change::same : Change::unclear, "baseline_inconclusive",
                 fmt::format("{}; the baseline is inconclusive: {}", b.sentence, a.sentence));
  }
  if (a.status == Status::pass && b.status == Status::fail) return broken(std::move(c), criterion, a, b, phases);
  if (a.status == Status::fail && b.status == Status::pass) {
    return ended(std::move(c), Change::better, "kept", values + ": it failed before");
  }
  const char* reason = b.status == Status::pass ? "both_pass" : "both_fail";
  return ended(std::move(c), Change::same, reason,
               values + (b.status == Status::pass ? ": kept in both" : ": broken in both"));
}

}  // namespace

std::vector<Comparison> compare_criteria(const JudgedRun& before, const JudgedRun& after,
                                         const std::vector<Comparison>& phases, const CompareOptions&) {
  std::vector<Comparison> all;
  for (std::size_t i = 0; i < after.verdict.findings.size(); ++i) {
    const Finding& b = after.verdict.findings[i];
    const auto& old = before.verdict.findings;
    const auto a = std::find_if(old.begin(), old.end(), [&](const Finding& f) { return f.id == b.id; });
    if (a != old.end()) {
      all.push_back(compare_findings(after.scenario.criteria.at(i), *a, b, phases));
      continue;
    }
    Comparison c;
    c.id = b.id;
    c.title = b.title;
    c.after = b.observed;
    const Change change = b.status == Status::pass ? Change::same : Change::unclear;
    all.push_back(ended(std::move(c), change, "new", b.sentence + "; the baseline has no such criterion"));
  }
  return all;
}

}  // namespace surgeproof
