// The log of an HPA's decisions: each sync that changed something or that the model does not explain, in one line.
#pragma once

#include <string>
#include <vector>

#include "analyzers/oracle/replay.h"

namespace surgeproof {

struct DecisionLine {
  RunTime at{};
  int from = 0;  ///< replicas wanted before
  int to = 0;    ///< and after the sync
  Agreement agreement = Agreement::full;
  std::string text;
  std::vector<std::string> steps;  ///< the controller's own steps recomputed, in order
};

struct DecisionLog {
  std::vector<DecisionLine> lines;  ///< by time
  std::size_t syncs = 0;            ///< seen in the HPA's status
  std::size_t equal = 0;            ///< of those, with the count that the model says
  std::size_t unexplained = 0;
};

DecisionLog log_of(const Replay& replay);

}  // namespace surgeproof
