// The flags of kube-controller-manager as a user names them.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>

#include "k8s/hpa/settings.h"

namespace surgeproof {

struct HpaFlags {
  std::string version = "1.34";  ///< of Kubernetes: its defaults
  std::optional<double> tolerance;
  std::optional<std::chrono::nanoseconds> cpu_initialization_period;
  std::optional<std::chrono::nanoseconds> initial_readiness_delay;
  std::optional<std::chrono::nanoseconds> downscale_stabilization;
};

/// The error is one sentence.
std::expected<hpa::Settings, std::string> settings_of(const HpaFlags& flags);

}  // namespace surgeproof
