#include "k8s/hpa/limits.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "k8s/hpa/go_arithmetic.h"

namespace surgeproof::hpa {
namespace {

using std::chrono::seconds;

constexpr auto kMaxInt = std::numeric_limits<std::int32_t>::max();
constexpr auto kMinInt = std::numeric_limits<std::int32_t>::min();

/// Overwrites the last old entry, or appends.
template <typename Entry>
void remember(std::vector<Entry>& entries, std::optional<std::size_t> old, Entry entry) {
  if (old) {
    entries[*old] = entry;
  } else {
    entries.push_back(entry);
  }
}

std::int32_t longest_period(const ScalingRules& rules) {
  std::int32_t longest = 0;
  for (const auto& policy : rules.policies.value_or(std::vector<ScalingPolicy>{})) {
    longest = std::max(longest, policy.period_seconds);
  }
  return longest;
}

/// stabilizeRecommendation: a recommendation exactly one window old still counts.
std::int32_t stabilize_to_highest(Memory& memory, std::chrono::nanoseconds window, std::int32_t recommended,
                                  WallTime now) {
  std::int32_t highest = recommended;
  std::optional<std::size_t> old;
  for (std::size_t i = 0; i < memory.recommendations.size(); ++i) {
    const auto& past = memory.recommendations[i];
    if (past.at < now - window) {
      old = i;
    } else {
      highest = std::max(highest, past.replicas);
    }
  }
  remember(memory.recommendations, old, {recommended, now});
  return highest;
}

/// stabilizeRecommendationWithBehaviors: a recommendation exactly one window old does not count any more.
std::int32_t stabilize_between(Memory& memory, seconds up_window, seconds down_window, std::int32_t current,
                               std::int32_t recommended, WallTime now) {
  const WallTime up_cutoff = now - up_window;
  const WallTime down_cutoff = now - down_window;
  std::int32_t lowest = recommended;
  std::int32_t highest = recommended;
  std::optional<std::size_t> old;
  for (std::size_t i = 0; i < memory.recommendations.size(); ++i) {
    const auto& past = memory.recommendations[i];
    if (past.at > up_cutoff) lowest = std::min(lowest, past.replicas);
    if (past.at > down_cutoff) highest = std::max(highest, past.replicas);
    if (past.at < up_cutoff && past.at < down_cutoff) old = i;
  }
  remember(memory.recommendations, old, {recommended, now});
  return std::min(std::max(current, lowest), highest);
}

/// convertDesiredReplicasWithRules
void limit_to_double(Limits& limits, std::int32_t current, ReplicaRange range) {
  const std::int32_t up_limit = to_int32(std::max(2.0 * static_cast<double>(current), 4.0));
  limits.rate_limit = up_limit;
  const std::int32_t most = std::min(range.max, up_limit);
  if (limits.stabilized < range.min) {
    limits.limited = range.min;
    limits.limiting_reason = "TooFewReplicas";
  } else if (limits.stabilized > most) {
    limits.limited = most;
    limits.limiting_reason = range.max > up_limit ? "ScaleUpLimit" : "TooManyReplicas";
  } else {
    limits.limited = limits.stabilized;
    limits.limiting_reason = "DesiredWithinRange";
  }
}

/// convertDesiredReplicasWithBehaviorRate: rate, minimum and maximum in one step, only in the direction of change.
void limit_by_policies(Limits& limits, const Memory& memory, const Behavior& behavior, std::int32_t current,
                       ReplicaRange range, WallTime now) {
  limits.limited = limits.stabilized;
  limits.limiting_reason = "DesiredWithinRange";
  if (limits.stabilized > current) {
    const auto rate = std::max(scale_up_limit(memory, *behavior.scale_up, current, now), current);
    limits.rate_limit = rate;
    const auto most = std::min(range.max, rate);
    if (limits.stabilized > most) {
      limits.limited = most;
      limits.limiting_reason = range.max > rate ? "ScaleUpLimit" : "TooManyReplicas";
    }
  } else if (limits.stabilized < current) {
    const auto rate = std::min(scale_down_limit(memory, *behavior.scale_down, current, now), current);
    limits.rate_limit = rate;
    const auto least = std::max(range.min, rate);
    if (limits.stabilized < least) {
      limits.limited = least;
      limits.limiting_reason = range.min < rate ? "ScaleDownLimit" : "TooFewReplicas";
    }
  }
}

/// Replicas at the beginning of a policy's period: what was changed since then is taken back.
std::int32_t at_period_start(const Memory& memory, std::int32_t period_seconds, std::int32_t current, WallTime now) {
  const auto added = change_within(memory.scale_ups, period_seconds, now);
  const auto removed = change_within(memory.scale_downs, period_seconds, now);
  return wrapping_add32(wrapping_subtract32(current, added), removed);
}

/// Walks the policies of one direction; `proposal` turns (replicas at the period's start, policy) into a count.
template <typename Proposal>
std::int32_t select(const Memory& memory, const ScalingRules& rules, std::int32_t current, WallTime now, bool highest,
                    Proposal proposal) {
  std::int32_t result = highest ? kMinInt : kMaxInt;
  std::int32_t proposed = 0;
  for (const auto& policy : rules.policies.value_or(std::vector<ScalingPolicy>{})) {
    const auto start = at_period_start(memory, policy.period_seconds, current, now);
    if (policy.kind != ScalingPolicy::Kind::other) proposed = proposal(start, policy);
    result = highest ? std::max(result, proposed) : std::min(result, proposed);
  }
  return result;
}

}  // namespace

Limits limit_without_behavior(Memory& memory, const Settings& settings, std::int32_t current, std::int32_t recommended,
                              ReplicaRange range, WallTime now) {
  Limits limits;
  limits.recommended = recommended;
  limits.stabilized = stabilize_to_highest(memory, settings.downscale_stabilization, recommended, now);
  limits.stabilization_reason = limits.stabilized != recommended ? "ScaleDownStabilized" : "ReadyForNewScale";
  limit_to_double(limits, current, range);
  return limits;
}

Limits limit_with_behavior(Memory& memory, const Settings& settings, const Behavior& behavior, std::int32_t current,
                           std::int32_t recommended, ReplicaRange range, WallTime now) {
  Limits limits;
  limits.with_behavior = true;
  limits.recommended = recommended;
  // maybeInitScaleDownStabilizationWindow: whole seconds of the flag.
  const auto flag = std::chrono::duration_cast<seconds>(settings.downscale_stabilization);
  const auto& down = behavior.scale_down->stabilization_window_seconds;
  const seconds down_window = down ? seconds(*down) : flag;
  const seconds up_window(behavior.scale_up->stabilization_window_seconds.value_or(0));
  limits.stabilized = stabilize_between(memory, up_window, down_window, current, recommended, now);
  if (limits.stabilized == recommended) {
    limits.stabilization_reason = "ReadyForNewScale";
  } else {
    limits.stabilization_reason = recommended >= current ? "ScaleUpStabilized" : "ScaleDownStabilized";
  }
  limit_by_policies(limits, memory, behavior, current, range, now);
  return limits;
}

void store_scale_event(Memory& memory, const Behavior& behavior, std::int32_t from, std::int32_t to, WallTime now) {
  const bool up = to > from;
  auto& events = up ? memory.scale_ups : memory.scale_downs;
  const auto period = longest_period(up ? *behavior.scale_up : *behavior.scale_down);
  std::optional<std::size_t> old;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].at < now - seconds(period)) events[i].outdated = true;
    if (events[i].outdated) old = i;
  }
  const auto change = up ? wrapping_subtract32(to, from) : wrapping_subtract32(from, to);
  remember(events, old, ScaleEvent{change, now, false});
}

std::int32_t change_within(const std::vector<ScaleEvent>& events, std::int32_t period_seconds, WallTime now) {
  std::int32_t change = 0;
  for (const auto& event : events) {
    if (event.at > now - seconds(period_seconds)) change = wrapping_add32(change, event.change);
  }
  return change;
}

std::int32_t scale_up_limit(const Memory& memory, const ScalingRules& rules, std::int32_t current, WallTime now) {
  const auto choice = rules.select_policy.value_or(PolicySelect::max);
  if (choice == PolicySelect::disabled) return current;
  return select(
      memory, rules, current, now, choice != PolicySelect::min, [](std::int32_t start, const ScalingPolicy& policy) {
        if (policy.kind == ScalingPolicy::Kind::pods) return wrapping_add32(start, policy.value);
        return to_int32(std::ceil(static_cast<double>(start) * (1 + static_cast<double>(policy.value) / 100)));
      });
}

std::int32_t scale_down_limit(const Memory& memory, const ScalingRules& rules, std::int32_t current, WallTime now) {
  const auto choice = rules.select_policy.value_or(PolicySelect::max);
  if (choice == PolicySelect::disabled) return current;
  return select(memory, rules, current, now, choice == PolicySelect::min,
                [](std::int32_t start, const ScalingPolicy& policy) {
                  if (policy.kind == ScalingPolicy::Kind::pods) return wrapping_subtract32(start, policy.value);
                  return to_int32(static_cast<double>(start) * (1 - static_cast<double>(policy.value) / 100));
                });
}

std::string stabilization_message(std::string_view reason) {
  if (reason == "ScaleUpStabilized") {
    return "recent recommendations were lower than current one, applying the lowest recent recommendation";
  }
  if (reason == "ScaleDownStabilized") {
    return "recent recommendations were higher than current one, applying the highest recent recommendation";
  }
  return "recommended size matches current size";
}

std::string limiting_message(std::string_view reason) {
  if (reason == "ScaleUpLimit") return "the desired replica count is increasing faster than the maximum scale rate";
  if (reason == "ScaleDownLimit") return "the desired replica count is decreasing faster than the maximum scale rate";
  if (reason == "TooManyReplicas") return "the desired replica count is more than the maximum replica count";
  if (reason == "TooFewReplicas") return "the desired replica count is less than the minimum replica count";
  return "the desired count is within the acceptable range";
}

}  // namespace surgeproof::hpa
