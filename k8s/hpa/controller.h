// The HorizontalPodAutoscaler controller of Kubernetes 1.34 as a pure state machine: one World and the time go in, one
// Decision comes out, and the controller remembers what the real one remembers.
#pragma once

#include <cstdint>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/decision.h"
#include "k8s/hpa/settings.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

struct TimedRecommendation {
  std::int32_t replicas = 0;
  WallTime at{};
  bool operator==(const TimedRecommendation&) const = default;
};

struct ScaleEvent {
  std::int32_t change = 0;  ///< positive in both directions
  WallTime at{};
  bool outdated = false;  ///< may be overwritten; stays so even if a policy looks further back later on
  bool operator==(const ScaleEvent&) const = default;
};

/// What the controller keeps of one HPA between syncs; lost when it restarts (horizontal.go, HorizontalController).
struct Memory {
  std::vector<TimedRecommendation> recommendations;  ///< unstabilized
  std::vector<ScaleEvent> scale_ups;
  std::vector<ScaleEvent> scale_downs;
  bool operator==(const Memory&) const = default;
};

/// One HPA's controller. Not shared between threads.
class Controller {
 public:
  explicit Controller(Settings settings = {}, Memory memory = {}) : settings_(settings), memory_(std::move(memory)) {}

  /// One sync at `now` (HorizontalController.reconcileAutoscaler, horizontal.go). The caller writes
  /// `desired_replicas` to the scale if `rescaled`, stores `status` in the HPA, and records `events`. The world's hpa
  /// must carry the API server's defaults.
  Decision sync(const World& world, WallTime now);

  /// The controller restarts: it forgets everything.
  void restart() { memory_ = {}; }

  [[nodiscard]] const Memory& memory() const { return memory_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  Settings settings_;
  Memory memory_;
};

}  // namespace surgeproof::hpa
