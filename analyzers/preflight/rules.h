// What preflight's rules share; not for use outside this folder. Each rule looks at one matter and adds its checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/check.h"
#include "analyzers/whatif/feasibility.h"
#include "base/workload.h"
#include "k8s/hpa/autoscaler.h"
#include "scenarios/plan.h"
#include "scenarios/scenario.h"

namespace surgeproof::rules {

class Bench {
 public:
  Bench(const Scenario& all, const Workload& looked_at);

  const Scenario& scenario;
  const Workload& w;
  hpa::AutoscalerSpec spec;  ///< of the HPA, with the API server's defaults; empty without an HPA
  Checks checks;

  void ok(std::string id, std::string sentence) { add(Check::Level::ok, std::move(id), std::move(sentence), {}); }
  void add(Check::Level level, std::string id, std::string sentence, std::string remedy);
  void unseen(std::string id, const UnseenPart& part, std::string_view what, std::string_view lost);

  /// The scenario's rules of one kind that mean this HPA.
  template <class Rule>
  [[nodiscard]] std::vector<const Rule*> criteria() const {
    std::vector<const Rule*> found;
    for (const auto& criterion : scenario.criteria) {
      const auto* rule = std::get_if<Rule>(&criterion.rule);
      if (rule != nullptr && resolve_hpa(scenario, rule->hpa) == w.name) found.push_back(rule);
    }
    return found;
  }
  [[nodiscard]] bool judges_drops() const;
  /// Replicas that the scenario wants to see; the HPA's maximum when it says nothing.
  [[nodiscard]] int wanted_replicas() const;
  /// How many pods there are that are not terminating.
  [[nodiscard]] int pods_now() const;
  /// spec.behavior.scaleDown's window, or the controller's default.
  [[nodiscard]] std::chrono::seconds scale_down_window() const;
  /// "Deployment/backend"
  [[nodiscard]] std::string target() const;
};

void check_conditions(Bench& bench);  ///< does the HPA work at all?
void check_limits(Bench& bench);      ///< min, max, windows and policies against the criteria
void check_threshold(Bench& bench);   ///< can the metric exceed its target?
void check_requests(Bench& bench);    ///< are they set where a utilization needs them?
void check_metrics(Bench& bench);     ///< are there samples, and fresh ones?
void check_probes(Bench& bench);
void check_termination(Bench& bench);  ///< preStop and grace period
void check_pods_now(Bench& bench);     ///< their state, and how long they took to start
/// Can the scale-ups come in time at all? Not asked where another rule has found that they never come.
void check_feasibility(Bench& bench, const whatif::ControlLoopFlags& flags);
void check_quota(Bench& bench);
void check_limit_ranges(Bench& bench);
void check_nodes(Bench& bench);
void check_replicas_owner(Bench& bench);
void check_rollout(Bench& bench);
void check_budgets(Bench& bench);

/// From creation to Ready of the pods that have not been unready since: the quickest and the slowest.
std::optional<whatif::TimeRange> start_times(const Workload& workload);

/// "250m", "2"; "64Mi", "1.5Gi".
std::string cpu_text(std::int64_t milli);
std::string memory_text(std::int64_t bytes);
/// "a", "a and b", "a, b and 3 more".
std::string listed(const std::vector<std::string>& names);

}  // namespace surgeproof::rules
