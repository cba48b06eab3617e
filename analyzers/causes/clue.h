// What one cause family found, and how well it would explain each kind of criterion.
//
// Cause codes: metrics_unavailable, cpu_request_missing, hpa_disabled, hpa_not_active, hpa_deleted (metrics.cpp);
// max_replicas_too_low, scale_policy_limit, load_too_low, metric_lag (scaling.cpp); pods_start_slowly, unschedulable
// (start.cpp); container_crashed (crashes.cpp); stabilization_window, still_busy (stabilization.cpp); saturation,
// application_error (saturation.cpp); termination_race, keep_alive_reset, idle_timeout_race, killed_in_flight,
// premature_ready, load_balancer_lag, node_trouble, no_endpoints, and again container_crashed, saturation (drops.cpp,
// drop_clues.cpp); log_line, logs_unreadable, signal_unavailable, sampled_too_seldom, already_so
// (observations.cpp); generator, watch_gap, action_not_done (measurement.cpp); unknown.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/criteria/criteria.h"
#include "analyzers/scale_up_path.h"

namespace surgeproof {

struct HpaTrack;

/// In the order of Criterion::rule.
enum class Matter : std::uint8_t {
  scale_up,
  scale_down,
  latency,
  error_rate,
  drops,
  replicas,
  signal,
  logs,
  eventually,
};
inline constexpr std::size_t kMatters = 9;

/// 0: explains nothing of it; 100: nothing else is needed. In the order of Matter.
using Weights = std::array<int, kMatters>;

struct Clue {
  Cause cause;
  Weights weights{};
  std::string hpa;                             ///< it concerns only this one; empty: any
  std::vector<std::string_view> reasons = {};  ///< explains only findings that ended so (Finding::reason); empty: any
};

/// One HPA during the surge: what the cluster families look at.
struct ScaleLook {
  const HpaTrack* hpa = nullptr;
  Interval look{};        ///< from the surge to the deadline, or to the surge's end
  std::optional<int> to;  ///< of its scale_up criterion
  bool reached = false;   ///< `to` pods were ready in time; true without a criterion
  ScaleUpPath path;       ///< empty without a criterion
};
std::vector<ScaleLook> scale_looks(const Facts& facts);

// The families. Each appends what it found.
void clues_from_metrics(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues);
void clues_from_scaling(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues);
void clues_from_start(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues);
void clues_from_stabilization(const Facts& facts, const ScaleLook& look, std::vector<Clue>& clues);
void clues_from_crashes(const Facts& facts, std::vector<Clue>& clues);
void clues_from_saturation(const Facts& facts, std::vector<Clue>& clues);
void clues_from_drops(const Facts& facts, const DropReport& drops, std::vector<Clue>& clues);
void clues_from_observations(const Facts& facts, const Verdict& verdict, std::vector<Clue>& clues);
void clues_from_measurement(const Facts& facts, const Verdict& verdict, std::vector<Clue>& clues);

}  // namespace surgeproof
