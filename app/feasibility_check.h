// Whether a scenario's scale-up criteria can be met at all by the HPAs and pods as they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzers/whatif/feasibility.h"
#include "k8s/hpa/snapshot.h"
#include "scenarios/scenario.h"

namespace surgeproof {

struct FeasibilityFinding {
  std::string criterion;  ///< in plain words
  enum class Verdict : std::uint8_t { feasible, infeasible, unknown } verdict = Verdict::unknown;
  std::string sentence;  ///< the bounds, or why it cannot be
};

/// One finding for each scale-up criterion whose HPA is among the objects (the HPA, its target, pods). Requests, limits
/// and the readiness probe come from the target's template; how long a pod takes to start from pods that did.
std::vector<FeasibilityFinding> check_feasibility(const Scenario& scenario, const hpa::ObjectHeap& objects,
                                                  const whatif::ControlLoopFlags& flags);

}  // namespace surgeproof
