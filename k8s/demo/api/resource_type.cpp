#include "k8s/demo/api/resource_type.h"

#include <array>

namespace surgeproof::demo {

std::string ResourceType::api_version() const {
  return group.empty() ? std::string{version} : std::string{group} + "/" + std::string{version};
}

std::string ResourceType::qualified() const {
  return group.empty() ? std::string{plural} : std::string{plural} + "." + std::string{group};
}

std::span<const ResourceType* const> all_types() {
  static constexpr std::array<const ResourceType*, 20> kTypes{&types::kConfigMaps,     &types::kEvents,
                                                              &types::kLimitRanges,    &types::kNamespaces,
                                                              &types::kNodes,          &types::kPods,
                                                              &types::kResourceQuotas, &types::kServiceAccounts,
                                                              &types::kServices,       &types::kDeployments,
                                                              &types::kReplicaSets,    &types::kHpas,
                                                              &types::kEndpointSlices, &types::kDisruptionBudgets,
                                                              &types::kRoles,          &types::kRoleBindings,
                                                              &types::kClusterRoles,   &types::kClusterRoleBindings,
                                                              &types::kPodMetrics,     &types::kNodeMetrics};
  return kTypes;
}

const ResourceType* find_type(std::string_view group, std::string_view kind) {
  for (const ResourceType* type : all_types()) {
    if (type->group == group && type->kind == kind) return type;
  }
  return nullptr;
}

}  // namespace surgeproof::demo
