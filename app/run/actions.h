// A scenario's actions as the cluster's side carries them out.
#pragma once

#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/actions/action_request.h"
#include "k8s/kubeconfig.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// By their times. `default_ns`: for what names no namespace.
std::vector<k8s::ActionRequest> action_requests(const Scenario& scenario, RunTime load_start,
                                                const std::string& default_ns);

/// Asks the API server whether the actions would be allowed; changes nothing. A sentence for each right that is
/// missing; none where it cannot be asked: the action itself will tell.
std::vector<std::string> missing_rights(const Scenario& scenario, const k8s::ClusterConfig& cluster,
                                        const std::string& default_ns);

/// "Deployment" and so on.
std::string kind_name(WorkloadRef::Kind kind);

}  // namespace surgeproof
