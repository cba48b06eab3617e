// What an explanation needs of a live cluster: the HPA, its target's scale, pods, pod metrics and events.
#pragma once

#include <expected>
#include <string>

#include "app/exit_code.h"
#include "k8s/cluster_config.h"
#include "k8s/hpa/snapshot.h"

namespace surgeproof {

struct LiveFailure {
  ExitCode code = ExitCode::unreachable;
  std::string message;  ///< one sentence with what would do
};

/// Asks the cluster for the objects around one HPA. What is not served or refused (metrics, events) is left out, or
/// stands for the failure that the controller meets, too.
std::expected<hpa::ObjectHeap, LiveFailure> read_live_objects(const k8s::ClusterChoice& choice, const std::string& hpa,
                                                              std::string& ns);

}  // namespace surgeproof
