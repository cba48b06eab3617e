// Permissions as Kubernetes objects to apply. Pure.
#pragma once

#include <string>

#include "k8s/access/permissions.h"

namespace surgeproof::k8s {

struct ManifestOptions {
  std::string name = "surgeproof";  ///< of the ServiceAccount and of the Roles
  std::string account_ns;           ///< of the ServiceAccount; empty: the first watched HPA's
  std::string scenario;             ///< for the comments: how the user named the file
};

/// ServiceAccount; a Role and RoleBinding for each namespace; a ClusterRole when nodes are wanted; the actions in Roles
/// of their own. Commented YAML, ready for `kubectl apply -f -`. Ends with a line feed.
std::string rbac_manifest(const AccessNeeds& needs, const ManifestOptions& options);

}  // namespace surgeproof::k8s
