// Who else changes the replicas: manifests, rollouts, disruptions.
#include <fmt/format.h>

#include <algorithm>

#include "analyzers/preflight/rules.h"
#include "analyzers/words.h"

namespace surgeproof::rules {

void check_replicas_owner(Bench& b) {
  if (!b.w.replicas_owner) return;
  b.add(Check::Level::warning, "replicas_owner",
        fmt::format("spec.replicas of {} is set by {}: each deployment sets the replicas back", b.target(),
                    b.w.replicas_owner->manager),
        "leave replicas out of the manifest once an HPA scales it");
}

void check_rollout(Bench& b) {
  if (!b.w.target) return;
  const auto& t = *b.w.target;
  const bool has_progress = t.ref.kind == "Deployment" || t.ref.kind == "StatefulSet";
  if (has_progress && t.updated_replicas < t.spec_replicas) {
    b.add(Check::Level::warning, "rollout",
          fmt::format("a rollout is under way: {} of {} replicas are up to date", t.updated_replicas, t.spec_replicas),
          "wait until it is over");
  }
}

void check_budgets(Bench& b) {
  if (!b.w.pod_template) return;
  if (const auto* part = b.w.unseen_part("poddisruptionbudgets")) {
    b.unseen("budget", *part, "disruption budgets", "what a drain may take away is not known");
  } else if (b.w.budgets.empty()) {
    b.add(Check::Level::note, "budget", "no PodDisruptionBudget: a node drain may take all pods at once",
          "a PodDisruptionBudget with maxUnavailable: 1");
  } else if (b.w.budgets.size() > 1) {
    b.add(Check::Level::warning, "budget", "more than one PodDisruptionBudget selects the pods: evictions are refused",
          "keep one of them");
  } else if (const auto& budget = b.w.budgets.front(); budget.disruptions_allowed == 0) {
    b.add(Check::Level::warning, "budget",
          fmt::format("PodDisruptionBudget {} allows no disruption now ({} healthy, {} required): a drain would hang",
                      budget.name, budget.current_healthy, budget.desired_healthy),
          "maxUnavailable: 1 instead of a minAvailable as high as the minimum of replicas");
  } else {
    b.ok("budget", fmt::format("PodDisruptionBudget {} allows {}", budget.name,
                               plural(static_cast<std::uint64_t>(budget.disruptions_allowed), "disruption")));
  }
  if (b.w.unseen_part("services") == nullptr && b.w.services.empty()) {
    b.add(Check::Level::warning, "service", "no Service selects these pods: does the target reach them at all?",
          "compare the Service's selector with the pod template's labels");
  }
}

}  // namespace surgeproof::rules
