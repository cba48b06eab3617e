// A scenario's criteria, judged over a simulation.
#pragma once

#include <string>
#include <vector>

#include "analyzers/whatif/simulation.h"
#include "scenarios/scenario.h"

namespace surgeproof::whatif {

struct CriterionOutlook {
  std::string id;
  std::string title;
  bool judged = false;  ///< false: the simulation cannot say (too short, or nothing it models)
  bool met = false;
  double excess = 0;     ///< by how much it is broken, as a share of its limit; 0 when it is met
  std::string observed;  ///< "35s", "never", "2.1 %"
};

/// What of a criterion does not change from one simulation to the next.
struct OutlookQuestion {
  const Scenario& scenario;
  std::string hpa;         ///< criteria of other HPAs are left out
  RunTime load_started{};  ///< on the simulation's axis
};

/// Latency is that of a pod at rest plus the wait in the backlog; drops are requests that waited too long.
/// `with_words`: fill in the texts.
std::vector<CriterionOutlook> outlook(const OutlookQuestion& question, const Service& service,
                                      const Simulation& simulation, bool with_words);

}  // namespace surgeproof::whatif
