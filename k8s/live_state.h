// What a terminal view shows of the cluster right now.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace surgeproof::k8s {

/// One watched HPA and its target.
struct HpaState {
  std::string ns;
  std::string hpa;
  std::string target;  ///< "Deployment/backend"; empty until the HPA was seen
  bool found = false;  ///< the HPA was seen and is not deleted
  int min = 0;
  int max = 0;
  int current = 0;  ///< HPA status.currentReplicas (the scale's spec, not ready pods)
  int desired = 0;  ///< HPA status.desiredReplicas
  int pods = 0;     ///< pods of the target that are not terminating
  int ready = 0;    ///< of those, Ready
  int terminating = 0;
  std::optional<int> utilization_percent;  ///< of the first metric with a utilization target
  std::optional<int> target_percent;
  std::string condition;  ///< "ScalingLimited TooManyReplicas: the desired replica count is …"; the last to change
  bool operator==(const HpaState&) const = default;
};

struct LiveState {
  bool synced = false;  ///< wait_synced() would return
  std::vector<HpaState> hpas;
  std::vector<std::string> gaps;  ///< what cannot be seen now: "events in todo: forbidden"
  bool operator==(const LiveState&) const = default;
};

}  // namespace surgeproof::k8s
