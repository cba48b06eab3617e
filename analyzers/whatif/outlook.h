// A scenario's criteria, judged over a simulation.
#pragma once

#include <string>
#include <string_view>
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
  std::string note;      ///< what the judgement leaves out, or why there is none; one clause
};
/// "met", "not met", "cannot be told"
std::string_view words_for(const CriterionOutlook& outlook);

/// What of a criterion does not change from one simulation to the next.
struct OutlookQuestion {
  const Scenario& scenario;
  std::string hpa;         ///< criteria of other HPAs are left out
  RunTime load_started{};  ///< on the simulation's axis
};

/// Latency is that of a pod at rest plus the wait in the backlog; drops and errors are requests that waited too long.
/// All stand for time under capacity, and the notes say so; within their limit, drops and errors are not judged.
/// `with_words`: fill in the texts.
std::vector<CriterionOutlook> outlook(const OutlookQuestion& question, const Service& service,
                                      const Simulation& simulation, bool with_words);

}  // namespace surgeproof::whatif
