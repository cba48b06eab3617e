// An action as the cluster's side of it is told: names resolved, its time on the run's axis.
#pragma once

#include <cstdint>
#include <string>

#include "base/run_time.h"

namespace surgeproof::k8s {

enum class PodPick : std::uint8_t { oldest, newest, random };

struct ActionRequest {
  enum class Kind : std::uint8_t { restart, delete_pod, scale };
  Kind kind{};
  std::string name;
  std::string what;  ///< in words
  RunTime due{};
  std::string ns;
  std::string object_kind;  ///< restart, scale: "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"
  std::string object;       ///< restart, scale: its name; delete_pod: the HPA's
  int replicas = 0;         ///< scale
  PodPick pick{};           ///< delete_pod
  std::uint64_t seed = 0;   ///< delete_pod, random
};

}  // namespace surgeproof::k8s
