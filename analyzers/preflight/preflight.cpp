#include "analyzers/preflight/preflight.h"

#include <fmt/format.h>

#include "analyzers/preflight/rules.h"
#include "analyzers/words.h"

namespace surgeproof {

Checks preflight(const Scenario& scenario, const Workload& workload, const whatif::ControlLoopFlags& flags) {
  rules::Bench bench{scenario, workload};
  rules::check_conditions(bench);
  if (!workload.hpa) return std::move(bench.checks);
  rules::check_limits(bench);
  rules::check_threshold(bench);
  rules::check_requests(bench);
  rules::check_metrics(bench);
  rules::check_probes(bench);
  rules::check_termination(bench);
  rules::check_pods_now(bench);
  rules::check_feasibility(bench, flags);
  rules::check_quota(bench);
  rules::check_limit_ranges(bench);
  rules::check_nodes(bench);
  rules::check_replicas_owner(bench);
  rules::check_rollout(bench);
  rules::check_budgets(bench);
  return std::move(bench.checks);
}

std::string preflight_headline(const Checks& checks) {
  using Level = Check::Level;
  const auto failures = count(checks, Level::failure);
  const auto warnings = count(checks, Level::warning);
  const auto unseen = count(checks, Level::unseen);
  const std::string also = warnings == 0 ? "" : fmt::format("; {}", plural(warnings, "warning"));
  if (failures > 0) return fmt::format("This cannot pass: {}{}", plural(failures, "obstacle"), also);
  if (unseen > 0) return fmt::format("Not everything could be looked at: {} unseen{}", unseen, also);
  if (warnings > 0) return fmt::format("Nothing keeps the run from passing, but see {}", plural(warnings, "warning"));
  return "Fine: nothing keeps the run from passing";
}

int preflight_exit_code(const Checks& checks) {
  if (count(checks, Check::Level::failure) > 0) return 1;
  return count(checks, Check::Level::unseen) > 0 ? 4 : 0;
}

}  // namespace surgeproof
