// From the metrics' count to the count that is written: stabilization window, rate limit, minimum and maximum.
// Mirrors pkg/controller/podautoscaler/horizontal.go.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/autoscaler.h"
#include "k8s/hpa/controller.h"
#include "k8s/hpa/settings.h"

namespace surgeproof::hpa {

struct ReplicaRange {
  std::int32_t min = 1;
  std::int32_t max = 0;
};

/// Without spec.behavior (normalizeDesiredReplicas): the highest recommendation of the window counts, even above
/// current; one sync goes to at most max(2 x current, 4). Stores `recommended` in the memory.
Limits limit_without_behavior(Memory& memory, const Settings& settings, std::int32_t current, std::int32_t recommended,
                              ReplicaRange range, WallTime now);

/// With spec.behavior, defaults filled in (normalizeDesiredReplicasWithBehaviors): current is brought between the
/// lowest recommendation of the scale-up window and the highest of the scale-down window, and then goes no further
/// than the policies of its direction let it. Stores `recommended` in the memory.
Limits limit_with_behavior(Memory& memory, const Settings& settings, const Behavior& behavior, std::int32_t current,
                           std::int32_t recommended, ReplicaRange range, WallTime now);

/// Remembers a change that was made, over an event that is older than the longest period of its own direction
/// (storeScaleEvent). Only with `behavior`.
void store_scale_event(Memory& memory, const Behavior& behavior, std::int32_t from, std::int32_t to, WallTime now);

/// The sum of the events later than `now` - period (getReplicasChangePerPeriod); an event exactly as old is out.
std::int32_t change_within(const std::vector<ScaleEvent>& events, std::int32_t period_seconds, WallTime now);

/// The count up to which the policies allow to scale now (calculateScaleUpLimitWithScalingRules).
std::int32_t scale_up_limit(const Memory& memory, const ScalingRules& rules, std::int32_t current, WallTime now);

/// The count down to which the policies allow to scale now (calculateScaleDownLimitWithBehaviors).
std::int32_t scale_down_limit(const Memory& memory, const ScalingRules& rules, std::int32_t current, WallTime now);

/// The sentence of the AbleToScale condition for a stabilization reason.
std::string stabilization_message(std::string_view reason);

/// The sentence of the ScalingLimited condition for a limiting reason.
std::string limiting_message(std::string_view reason);

}  // namespace surgeproof::hpa
