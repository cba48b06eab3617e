// What the controller sees at one sync: its HPA, the target's scale, the pods, and what the metrics APIs answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/hpa/autoscaler.h"
#include "k8s/hpa/selector.h"

namespace surgeproof::hpa {

/// An API request that failed: a v1 Status, or no answer at all.
struct Failure {
  int code = 0;  ///< HTTP status; 0 without an answer
  std::string reason;
  std::string message;
  bool operator==(const Failure&) const = default;
};

/// autoscaling/v1 Scale
struct Scale {
  std::int32_t spec_replicas = 0;
  std::int32_t status_replicas = 0;
  std::string selector;  ///< "app=web,tier in (a,b),!canary"
  bool operator==(const Scale&) const = default;
};

/// Thousandths by resource name ("cpu", "memory"); each quantity rounded away from zero when it was read.
using ResourceList = std::map<std::string, std::int64_t, std::less<>>;

struct Container {
  std::string name;
  bool sidecar = false;  ///< a restartable init container (restartPolicy: Always)
  ResourceList requests;
  bool operator==(const Container&) const = default;
};

enum class PodPhase : std::uint8_t { pending, running, succeeded, failed, unknown };

struct Pod {
  std::string ns;
  std::string name;
  Labels labels;
  PodPhase phase = PodPhase::unknown;
  bool terminating = false;             ///< has a deletionTimestamp
  std::optional<WallTime> start_time;   ///< status.startTime
  std::optional<std::string> ready;     ///< status of the Ready condition: "True", "False", "Unknown"; empty without it
  std::optional<WallTime> ready_since;  ///< lastTransitionTime of that condition
  std::vector<Container> containers;
  std::vector<Container> init_containers;    ///< sidecars among them
  std::optional<ResourceList> pod_requests;  ///< spec.resources.requests
  std::optional<ResourceList> overhead;      ///< spec.overhead
  bool operator==(const Pod&) const = default;

  [[nodiscard]] bool is_ready() const { return ready == "True"; }
};

struct ContainerUsageMilli {
  std::string name;
  ResourceList usage;
  bool operator==(const ContainerUsageMilli&) const = default;
};

/// metrics.k8s.io/v1beta1 PodMetrics
struct PodMetrics {
  std::string ns;
  std::string name;
  Labels labels;
  std::optional<WallTime> timestamp;   ///< end of the measured window
  std::chrono::nanoseconds window{0};  ///< the usage is an average over this
  std::vector<ContainerUsageMilli> containers;
  bool operator==(const PodMetrics&) const = default;
};

/// One item of a custom.metrics.k8s.io/v1beta2 MetricValueList.
struct CustomMetricValue {
  std::string object_name;  ///< describedObject.name
  std::int64_t value_milli = 0;
  std::optional<WallTime> timestamp;
  std::optional<std::chrono::seconds> window;
  bool operator==(const CustomMetricValue&) const = default;
};

/// A request to custom.metrics.k8s.io and its answer.
struct CustomMetricAnswer {
  std::string metric;
  std::optional<ObjectReference> object;  ///< kind and name; empty: all pods of the target
  StructuredSelector selector;            ///< of the metric
  std::expected<std::vector<CustomMetricValue>, Failure> response;
};

/// A request to external.metrics.k8s.io and its answer: the values, in thousandths.
struct ExternalMetricAnswer {
  std::string metric;
  StructuredSelector selector;
  std::expected<std::vector<std::int64_t>, Failure> response;
};

/// Another HPA that the controller knows, with its target's selector.
struct OtherAutoscaler {
  std::string ns;
  std::string name;
  std::string selector;
};

/// Everything one sync looks at. `hpa` carries the API server's defaults already (apply_defaults).
struct World {
  Autoscaler hpa;
  std::expected<Scale, Failure> scale;
  std::optional<Failure> scale_update;  ///< set: the attempt to write the scale ends in it
  std::vector<Pod> pods;                ///< may hold pods of other owners and namespaces
  std::expected<std::vector<PodMetrics>, Failure> pod_metrics = std::unexpected(Failure{});
  std::vector<CustomMetricAnswer> custom_metrics;
  std::vector<ExternalMetricAnswer> external_metrics;
  std::vector<OtherAutoscaler> other_autoscalers;
};

}  // namespace surgeproof::hpa
