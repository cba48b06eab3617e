// API objects to the parts of a Workload (base/workload.h). Pure; what is absent reads as Kubernetes documents its
// default.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/workload.h"

namespace surgeproof::k8s {

/// spec.template of a Deployment or of anything of that shape; empty without one.
std::optional<PodTemplate> pod_template_view(const boost::json::object& target);

/// Who sets spec.replicas besides the autoscaler: the manifest that `kubectl apply` remembers, or a manager in
/// metadata.managedFields that wrote it other than through the scale subresource.
std::optional<FieldOwner> replicas_owner_view(const boost::json::object& target);

/// A PodDisruptionBudget, if it selects pods with these labels.
std::optional<DisruptionBudget> budget_view(const boost::json::object& budget,
                                            const std::map<std::string, std::string>& labels);
/// A Service, likewise; one without a selector selects nothing.
std::optional<ServiceFacts> service_view(const boost::json::object& service,
                                         const std::map<std::string, std::string>& labels);

/// The lines of a ResourceQuota. Quotas with scopes are left out: whom they bind is not told by the template alone.
std::vector<QuotaLine> quota_view(const boost::json::object& quota);
std::vector<LimitLine> limit_range_view(const boost::json::object& range);

NodeRoom node_view(const boost::json::object& node);
/// What a pod takes of the node it is on; empty when it is on none or has ended.
struct PodOnNode {
  std::string node;
  ResourceSum requests;
};
std::optional<PodOnNode> pod_on_node(const boost::json::object& pod);

}  // namespace surgeproof::k8s
