// The flags of kube-controller-manager that the autoscaler's arithmetic depends on.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace surgeproof::hpa {

/// Defaults of Kubernetes 1.34 (pkg/controller/podautoscaler/config/v1alpha1/defaults.go and
/// pkg/features/kube_features.go).
struct Settings {
  double tolerance = 0.1;  ///< share: 0.1 is 10 %
  std::chrono::nanoseconds cpu_initialization_period{std::chrono::minutes{5}};
  std::chrono::nanoseconds initial_readiness_delay{std::chrono::seconds{30}};
  std::chrono::nanoseconds downscale_stabilization{std::chrono::minutes{5}};
  bool configurable_tolerance = false;  ///< gate HPAConfigurableTolerance: honour behavior.*.tolerance
  bool pod_level_resources = true;      ///< gate PodLevelResources: honour pod.spec.resources
  bool scale_to_zero = false;           ///< gate HPAScaleToZero; the controller of 1.34 never asks for it
  /// A ContainerResource metric fails if a pod lacks the container, as from 1.35; before, such a pod requests nothing.
  bool container_required = false;
};

/// What is known to differ from 1.34 in "1.33" (no PodLevelResources), "1.34" and "1.35" (HPAConfigurableTolerance on,
/// container_required). Empty for any other version.
std::optional<Settings> settings_of_version(std::string_view version);

}  // namespace surgeproof::hpa
