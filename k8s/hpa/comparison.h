// The model's decision beside what the controller said, and where they differ: the most likely reason.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "k8s/hpa/decision.h"
#include "k8s/hpa/settings.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// One thing that both speak of.
struct ComparedLine {
  std::string what;   ///< "desired replicas", "cpu utilization", "AbleToScale"
  std::string model;  ///< "4", "93 %", "True ScaleDownStabilized"
  std::string controller;
  bool equal = false;
};

struct Comparison {
  std::vector<ComparedLine> lines;
  bool same_count = false;    ///< both want the same number of replicas
  std::string likely_reason;  ///< one sentence; empty when nothing of weight differs
};

/// `said`: the HPA's status. `decision`: the model's for `world` at `now`. Conditions that a later sync writes in place
/// of SucceededRescale count as equal when the counts are.
Comparison compare(const Decision& decision, const World& world, const AutoscalerStatus& said, const Settings& settings,
                   WallTime now);

}  // namespace surgeproof::hpa
