// One autoscaled workload as it stands in the cluster at one instant: what preflight judges and init writes a scenario
// from. Plain data that crosses folders, as records.h; who cannot see a part says so in `unseen`.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/records.h"

namespace surgeproof {

struct ProbeSpec {
  std::chrono::seconds initial_delay{0};
  std::chrono::seconds period{10};
  std::chrono::seconds timeout{1};
  int success_threshold = 1;
  int failure_threshold = 3;
  bool operator==(const ProbeSpec&) const = default;
};

struct PreStopSpec {
  std::string how;                            ///< "sleep", "exec", "httpGet", "tcpSocket"
  std::optional<std::chrono::seconds> sleep;  ///< how long it waits, when that can be told from the spec
  bool operator==(const PreStopSpec&) const = default;
};

struct ContainerSpec {
  enum class Role : std::uint8_t {
    main,
    sidecar,  ///< a restartable init container
    init,     ///< ends before the main containers start
  };
  std::string name;
  Role role = Role::main;
  std::string image;
  std::optional<std::int64_t> cpu_request_milli;
  std::optional<std::int64_t> cpu_limit_milli;
  std::optional<std::int64_t> memory_request_bytes;
  std::optional<std::int64_t> memory_limit_bytes;
  std::optional<ProbeSpec> readiness;
  std::optional<ProbeSpec> startup;
  std::optional<PreStopSpec> prestop;
  bool has_host_port = false;
  bool operator==(const ContainerSpec&) const = default;
};

/// What one pod takes of a node.
struct ResourceSum {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
  bool operator==(const ResourceSum&) const = default;
};

/// spec.template of the scale target.
struct PodTemplate {
  std::vector<ContainerSpec> containers;
  std::map<std::string, std::string> labels;
  std::chrono::seconds grace{30};                     ///< terminationGracePeriodSeconds
  std::optional<std::int64_t> pod_cpu_request_milli;  ///< pod-level resources win over the containers'
  std::optional<std::int64_t> pod_memory_request_bytes;
  bool one_per_node = false;  ///< a required anti-affinity of the pods to each other by host name, or a host port
  /// topologySpreadConstraints with DoNotSchedule: the topology keys
  std::vector<std::string> hard_spread;
  /// nodeSelector and required node affinity: not every node will do
  bool picks_nodes = false;
  std::map<std::string, std::string> node_selector;
  std::vector<std::string> tolerated_taints;  ///< keys; "*" tolerates everything
  std::chrono::seconds min_ready{0};          ///< minReadySeconds
  bool operator==(const PodTemplate&) const = default;

  /// k8s.io/component-helpers/resource.PodRequests, without overhead: main and sidecar containers add up, an init
  /// container counts alone.
  [[nodiscard]] ResourceSum requests() const;
  [[nodiscard]] ResourceSum limits() const;
};

/// Who last wrote a field, from metadata.managedFields.
struct FieldOwner {
  std::string manager;    ///< "kubectl-client-side-apply", "argocd-controller", "helm"
  std::string operation;  ///< "Apply", "Update"
  std::optional<WallTime> at;
  bool operator==(const FieldOwner&) const = default;
};

struct DisruptionBudget {
  std::string name;
  int disruptions_allowed = 0;
  int current_healthy = 0;
  int desired_healthy = 0;
  int expected_pods = 0;
  bool operator==(const DisruptionBudget&) const = default;
};

/// One line of a ResourceQuota.
struct QuotaLine {
  std::string quota;     ///< its name
  std::string resource;  ///< "requests.cpu", "limits.memory", "pods", …
  std::int64_t hard_milli = 0;
  std::int64_t used_milli = 0;
  bool operator==(const QuotaLine&) const = default;
};

/// One line of a LimitRange that speaks of containers or pods.
struct LimitLine {
  std::string range;     ///< its name
  std::string type;      ///< "Container", "Pod"
  std::string resource;  ///< "cpu", "memory"
  std::optional<std::int64_t> min_milli;
  std::optional<std::int64_t> max_milli;
  std::optional<std::int64_t> default_request_milli;
  bool operator==(const LimitLine&) const = default;
};

struct NodeRoom {
  std::string name;
  bool ready = true;
  bool cordoned = false;
  std::vector<std::string> hard_taints;  ///< keys of taints with NoSchedule or NoExecute
  std::map<std::string, std::string> labels;
  ResourceSum allocatable;
  int allocatable_pods = 0;
  /// What pods that are there request; empty when not all pods of the cluster could be seen.
  std::optional<ResourceSum> taken;
  int taken_pods = 0;
  bool operator==(const NodeRoom&) const = default;
};

/// A Service that selects the workload's pods.
struct ServiceFacts {
  std::string name;
  std::string type;  ///< "ClusterIP", "NodePort", "LoadBalancer", …
  bool operator==(const ServiceFacts&) const = default;
};

/// A part that could not be read.
struct UnseenPart {
  std::string resource;  ///< "nodes", "resourcequotas"
  std::string why;       ///< the server's words
  bool forbidden = false;
  bool operator==(const UnseenPart&) const = default;
};

struct Workload {
  std::string ns;
  std::string name;                         ///< of the HPA
  std::optional<HpaSample> hpa;             ///< empty: there is none, or it cannot be read (see `unseen`)
  std::vector<std::string> others;          ///< names of the namespace's HPAs, when this one is not there
  std::string hpa_api;                      ///< "autoscaling/v2", …: what the server serves
  std::optional<ScaleTargetSample> target;  ///< empty: not there or not readable
  std::optional<PodTemplate> pod_template;  ///< empty: the target has none, or another shape
  bool paused = false;                      ///< spec.paused
  /// Who set spec.replicas other than through the scale subresource; the last of them.
  std::optional<FieldOwner> replicas_owner;
  std::vector<std::string> other_hpas_of_target;  ///< more HPAs that scale the same target
  std::vector<PodSample> pods;
  std::vector<PodMetricsSample> pod_metrics;
  bool metrics_served = false;  ///< metrics.k8s.io answered for these pods
  std::vector<ServiceFacts> services;
  std::vector<DisruptionBudget> budgets;  ///< those whose selector matches the pod template's labels
  std::vector<QuotaLine> quotas;
  std::vector<LimitLine> limits;
  std::vector<NodeRoom> nodes;
  std::optional<WallTime> server_now;  ///< the API server's clock
  std::vector<UnseenPart> unseen;

  [[nodiscard]] const UnseenPart* unseen_part(std::string_view resource) const;
};

}  // namespace surgeproof
