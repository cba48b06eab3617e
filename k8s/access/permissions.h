// What a scenario must be allowed to do in the cluster, each with why and what is lost without it. Pure.
//
//   scenario (+ the HPAs, when they can be looked at) ──▶ AccessNeeds ──▶ permissions ──▶ a Role (manifest.h)
//                                                                                  └────▶ questions to the server
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace surgeproof::k8s {

/// The resource behind a kind: {"apps", "deployments"}.
struct ResourceName {
  std::string group;  ///< "" for the core group
  std::string plural;
  bool operator==(const ResourceName&) const = default;
};

/// The metrics APIs that an HPA's spec makes necessary.
struct MetricNeeds {
  bool resource = false;              ///< metrics.k8s.io
  std::vector<std::string> custom;    ///< as RBAC names them: "pods/http_requests", "services/queue_length"
  std::vector<std::string> external;  ///< "queue_messages"
};

struct WatchedNeeds {
  std::string ns;
  std::string hpa;
  std::optional<ResourceName> target;  ///< empty: not known, so every built-in kind
  std::optional<MetricNeeds> metrics;  ///< empty: not known, so resource metrics only
};

struct ActionNeeds {
  enum class Kind : std::uint8_t {
    delete_pod,
    restart,  ///< patches the pod template's annotations
    scale,    ///< patches the scale subresource
  };
  Kind kind{};
  std::string ns;
  std::optional<ResourceName> target;  ///< restart, scale; empty: not known
  std::string name;                    ///< of the target; empty: not known
};

struct AccessNeeds {
  std::vector<WatchedNeeds> watched;
  std::vector<std::string> log_namespaces;       ///< pod logs are read there
  std::vector<std::string> endpoint_namespaces;  ///< requests go to the pods of a Service there
  std::vector<ActionNeeds> actions;
  bool nodes = false;      ///< wanted: how much room they have
  bool preflight = false;  ///< wanted: quotas, limit ranges, disruption budgets
};

/// One rule of a Role.
struct Permission {
  enum class Part : std::uint8_t {
    reading,  ///< of a namespace
    nodes,    ///< of the cluster
    actions,  ///< changes something
  };
  Part part = Part::reading;
  std::string ns;  ///< empty: cluster-wide
  std::string group;
  std::vector<std::string> resources;  ///< with the subresource, "pods/log"
  std::vector<std::string> verbs;
  std::vector<std::string> names;  ///< empty: all
  std::string purpose;             ///< "the HPA: its limits, its decisions and why"
  std::string without;             ///< "nothing can be watched"; what is lost when it is refused
  bool essential = false;          ///< a run cannot begin without it
  bool operator==(const Permission&) const = default;
};

/// Namespace by namespace in the order of the scenario; each rule once.
std::vector<Permission> permissions_for(const AccessNeeds& needs);

/// {"apps", "deployments"} of "apps/v1" and "Deployment"; for kinds that are not built in the lower-case name with an
/// "s", as the watcher asks for them.
ResourceName resource_of(const std::string& api_version, const std::string& kind);

/// Of a HorizontalPodAutoscaler's spec (autoscaling/v2) as JSON; empty when it is none.
std::optional<MetricNeeds> metric_needs(const std::string& hpa_spec_json);

}  // namespace surgeproof::k8s
