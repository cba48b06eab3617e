// The resource types that the demo cluster serves: names, scope, and how the store treats them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace surgeproof::demo {

/// One type, identified by its address: use the constants in `types`.
struct ResourceType {
  std::string_view group;  ///< "" for the core group
  std::string_view version;
  std::string_view plural;  ///< "deployments"
  std::string_view singular;
  std::string_view kind;
  std::string_view short_names = {};  ///< separated by commas
  bool namespaced = true;
  bool in_all = false;             ///< member of kubectl's category "all"
  bool has_status = false;         ///< status is a subresource: an update leaves it alone
  bool has_scale = false;          ///< .../scale exists
  bool counts_generation = false;  ///< metadata.generation rises with each change that is not metadata or status
  bool graceful = false;           ///< deletion waits for the kubelet (pods)
  bool has_history = true;         ///< can be watched; false: each put replaces the last, unversioned (metrics)
  bool read_only = false;          ///< clients may only get and list

  /// "v1", "apps/v1"
  [[nodiscard]] std::string api_version() const;
  /// "pods", "deployments.apps": as error messages name it
  [[nodiscard]] std::string qualified() const;
};

namespace types {
inline constexpr ResourceType kNamespaces{.group = "",
                                          .version = "v1",
                                          .plural = "namespaces",
                                          .singular = "namespace",
                                          .kind = "Namespace",
                                          .short_names = "ns",
                                          .namespaced = false,
                                          .has_status = true};
inline constexpr ResourceType kNodes{.group = "",
                                     .version = "v1",
                                     .plural = "nodes",
                                     .singular = "node",
                                     .kind = "Node",
                                     .short_names = "no",
                                     .namespaced = false,
                                     .has_status = true};
inline constexpr ResourceType kPods{.group = "",
                                    .version = "v1",
                                    .plural = "pods",
                                    .singular = "pod",
                                    .kind = "Pod",
                                    .short_names = "po",
                                    .in_all = true,
                                    .has_status = true,
                                    .graceful = true};
inline constexpr ResourceType kServices{.group = "",
                                        .version = "v1",
                                        .plural = "services",
                                        .singular = "service",
                                        .kind = "Service",
                                        .short_names = "svc",
                                        .in_all = true,
                                        .has_status = true};
inline constexpr ResourceType kConfigMaps{.group = "",
                                          .version = "v1",
                                          .plural = "configmaps",
                                          .singular = "configmap",
                                          .kind = "ConfigMap",
                                          .short_names = "cm"};
/// Events are stored in the core form (involvedObject, message, source); events.k8s.io is a view of them.
inline constexpr ResourceType kEvents{
    .group = "", .version = "v1", .plural = "events", .singular = "event", .kind = "Event", .short_names = "ev"};
inline constexpr ResourceType kDeployments{.group = "apps",
                                           .version = "v1",
                                           .plural = "deployments",
                                           .singular = "deployment",
                                           .kind = "Deployment",
                                           .short_names = "deploy",
                                           .in_all = true,
                                           .has_status = true,
                                           .has_scale = true,
                                           .counts_generation = true};
inline constexpr ResourceType kReplicaSets{.group = "apps",
                                           .version = "v1",
                                           .plural = "replicasets",
                                           .singular = "replicaset",
                                           .kind = "ReplicaSet",
                                           .short_names = "rs",
                                           .in_all = true,
                                           .has_status = true,
                                           .has_scale = true,
                                           .counts_generation = true};
/// Stored as autoscaling/v2; v1 is a view of it.
inline constexpr ResourceType kHpas{.group = "autoscaling",
                                    .version = "v2",
                                    .plural = "horizontalpodautoscalers",
                                    .singular = "horizontalpodautoscaler",
                                    .kind = "HorizontalPodAutoscaler",
                                    .short_names = "hpa",
                                    .in_all = true,
                                    .has_status = true};
inline constexpr ResourceType kEndpointSlices{.group = "discovery.k8s.io",
                                              .version = "v1",
                                              .plural = "endpointslices",
                                              .singular = "endpointslice",
                                              .kind = "EndpointSlice",
                                              .counts_generation = true};
inline constexpr ResourceType kPodMetrics{.group = "metrics.k8s.io",
                                          .version = "v1beta1",
                                          .plural = "pods",
                                          .singular = "pod",
                                          .kind = "PodMetrics",
                                          .has_history = false,
                                          .read_only = true};
inline constexpr ResourceType kNodeMetrics{.group = "metrics.k8s.io",
                                           .version = "v1beta1",
                                           .plural = "nodes",
                                           .singular = "node",
                                           .kind = "NodeMetrics",
                                           .namespaced = false,
                                           .has_history = false,
                                           .read_only = true};
/// Kept as they are written: nobody enforces them. What `kubectl apply` of a Role needs, and what preflight reads.
inline constexpr ResourceType kServiceAccounts{.group = "",
                                               .version = "v1",
                                               .plural = "serviceaccounts",
                                               .singular = "serviceaccount",
                                               .kind = "ServiceAccount",
                                               .short_names = "sa"};
inline constexpr ResourceType kResourceQuotas{.group = "",
                                              .version = "v1",
                                              .plural = "resourcequotas",
                                              .singular = "resourcequota",
                                              .kind = "ResourceQuota",
                                              .short_names = "quota",
                                              .has_status = true};
inline constexpr ResourceType kLimitRanges{.group = "",
                                           .version = "v1",
                                           .plural = "limitranges",
                                           .singular = "limitrange",
                                           .kind = "LimitRange",
                                           .short_names = "limits"};
inline constexpr ResourceType kDisruptionBudgets{.group = "policy",
                                                 .version = "v1",
                                                 .plural = "poddisruptionbudgets",
                                                 .singular = "poddisruptionbudget",
                                                 .kind = "PodDisruptionBudget",
                                                 .short_names = "pdb",
                                                 .has_status = true};
inline constexpr ResourceType kRoles{
    .group = "rbac.authorization.k8s.io", .version = "v1", .plural = "roles", .singular = "role", .kind = "Role"};
inline constexpr ResourceType kRoleBindings{.group = "rbac.authorization.k8s.io",
                                            .version = "v1",
                                            .plural = "rolebindings",
                                            .singular = "rolebinding",
                                            .kind = "RoleBinding"};
inline constexpr ResourceType kClusterRoles{.group = "rbac.authorization.k8s.io",
                                            .version = "v1",
                                            .plural = "clusterroles",
                                            .singular = "clusterrole",
                                            .kind = "ClusterRole",
                                            .namespaced = false};
inline constexpr ResourceType kClusterRoleBindings{.group = "rbac.authorization.k8s.io",
                                                   .version = "v1",
                                                   .plural = "clusterrolebindings",
                                                   .singular = "clusterrolebinding",
                                                   .kind = "ClusterRoleBinding",
                                                   .namespaced = false};
}  // namespace types

/// Every type above, in the order in which discovery lists them.
std::span<const ResourceType* const> all_types();

/// By kind and group, whatever the version; null when there is none.
const ResourceType* find_type(std::string_view group, std::string_view kind);

}  // namespace surgeproof::demo
