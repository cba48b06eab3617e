// The flags of kube-controller-manager as a user names them.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "analyzers/whatif/feasibility.h"
#include "k8s/hpa/settings.h"

namespace surgeproof {

struct HpaFlags {
  std::string version = "1.34";  ///< of Kubernetes: its defaults
  std::optional<double> tolerance;
  std::optional<std::chrono::nanoseconds> cpu_initialization_period;
  std::optional<std::chrono::nanoseconds> initial_readiness_delay;
  std::optional<std::chrono::nanoseconds> downscale_stabilization;
  std::optional<std::chrono::nanoseconds> sync_period;  ///< only where a time is worked out before a run
};

/// The error is one sentence.
std::expected<hpa::Settings, std::string> settings_of(const HpaFlags& flags);
std::expected<whatif::ControlLoopFlags, std::string> loop_flags_of(const HpaFlags& flags);

}  // namespace surgeproof
