// What a scenario makes necessary in the cluster.
#pragma once

#include <string>

#include "k8s/access/permissions.h"
#include "k8s/workload/read_workload.h"
#include "scenarios/scenario.h"

namespace surgeproof {

/// `default_ns` for watched HPAs that name no namespace.
k8s::AccessNeeds access_needs(const Scenario& scenario, const std::string& default_ns);

/// Looks the HPAs up: what they scale and by which metrics. What cannot be read stays unknown; returns a sentence for
/// each such HPA.
std::vector<std::string> look_up(k8s::AccessNeeds& needs, const k8s::ApiGet& get);

}  // namespace surgeproof
