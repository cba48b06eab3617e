// API objects to sample records. Pure: an object and the instant it was received in, a record out. Items of a list
// carry no kind, so nothing here asks for one. Absent fields read as Kubernetes documents their defaults.
//
// Stamp.reported is the newest managedFields time of the object (when the server last saw a field change, in whole
// seconds), unless a line below says otherwise.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "base/records.h"

namespace surgeproof::k8s {

/// Version of the autoscaling API that an object came in.
enum class HpaVersion : std::uint8_t {
  v2,       ///< autoscaling/v2, from Kubernetes 1.23
  v2beta2,  ///< the same shape; until 1.25
  v1,       ///< CPU utilization only; the rest stands in annotations as JSON
};

/// Any version gives the same sample; of v1, `spec_json` is the spec as v2 would have it.
HpaSample hpa_view(const boost::json::object& hpa, HpaVersion version, RunTime observed);

/// `kind` is only copied. Under the key kScaleKey the object may carry its /scale subresource, which then says how many
/// replicas there are and which pods they are.
inline constexpr const char* kScaleKey = "/scale";
ScaleTargetSample scale_target_view(const boost::json::object& target, const std::string& kind, RunTime observed);

/// "app=todo,tier in (a,b)" of a LabelSelector (or of ReplicationController's plain map); empty selects nothing.
std::string selector_text(const boost::json::object& selector);

/// `hpa` is only copied.
PodSample pod_view(const boost::json::object& pod, const std::string& hpa, RunTime observed);

/// discovery.k8s.io/v1 or v1beta1. Stamp.reported: the last-change-trigger-time annotation when there is one.
EndpointSliceSample endpoint_slice_view(const boost::json::object& slice, RunTime observed);

/// core/v1 Event. Stamp.reported: when it last happened (series, lastTimestamp or eventTime, whichever is latest).
ClusterEvent event_view(const boost::json::object& event, RunTime observed);

/// metrics.k8s.io PodMetrics; empty when its timestamp is not readable.
std::optional<PodMetricsSample> pod_metrics_view(const boost::json::object& metrics, RunTime observed);

/// `hpa` is only copied.
ReplicaSetSample replica_set_view(const boost::json::object& replica_set, const std::string& hpa, RunTime observed);

NodeSample node_view(const boost::json::object& node, RunTime observed);

/// One item of a MetricValueList (custom.metrics.k8s.io) or ExternalMetricValueList; empty without a value.
std::optional<HpaMetricSample> hpa_metric_view(const boost::json::object& item, RunTime observed);

/// "ReplicaSet/todo-5d8f": the controller among metadata.ownerReferences; empty without one.
std::string owner_text(const boost::json::object& metadata);

/// The newest managedFields time.
std::optional<WallTime> last_managed(const boost::json::object& object);

}  // namespace surgeproof::k8s
