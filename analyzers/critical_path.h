// The critical path of a scale-up: every second from the load step to the recovered latency, one stage after the other,
// each with its evidence and what would shorten it; for the whole, and for each new pod.
//
//   load step → metric → decision → creation → scheduling → start → readiness → endpoints → first request → recovery
//                └──────── of the HPA ────────┘ └────────── of the pod that completed it ───────────┘ └─ of the service
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzers/scale_up_path.h"

namespace surgeproof {

struct Scenario;

/// One new pod's part.
struct PodPath {
  std::string pod;
  std::string node;
  std::vector<PathStep> steps;  ///< "scheduling" to "first_request", as far as they were seen
  bool operator==(const PodPath&) const = default;
};

struct CriticalPath {
  std::string ns;
  std::string hpa;
  int to = 0;                       ///< ready pods aimed at
  RunTime start{};                  ///< the load step
  std::optional<RunTime> reached;   ///< `to` pods ready
  std::vector<PathStep> steps;      ///< without a hole; the last one may be open
  std::string sentence;             ///< names the slowest: "of 47s … the start of pod x took most: 20s (43 %); …"
  std::vector<PodPath> pods;        ///< by creation
  std::vector<std::string> unseen;  ///< stages that the recording cannot tell, and why
  bool operator==(const CriticalPath&) const = default;

  [[nodiscard]] const PathStep* slowest() const;
};

/// One for each surge's first scale_up criterion of each HPA; without such a criterion for the most pods of the surge.
/// Empty when nothing was scaled up.
std::vector<CriticalPath> critical_paths(const Scenario& scenario, const Timeline& timeline);

}  // namespace surgeproof
