// Finds the cluster configuration where kubectl would: --kubeconfig, KUBECONFIG, ~/.kube/config, then the pod's own
// service account.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

/// What the user said; empty strings: not said.
struct ClusterChoice {
  std::string kubeconfig;  ///< path; this file only, and missing is an error
  std::string context;     ///< name of a context
  std::string ns;          ///< namespace instead of the context's
};

/// The outside world as far as it matters here; tests give their own.
struct Surroundings {
  /// Value of an environment variable; empty when unset.
  std::function<std::string(const std::string&)> environment;
  /// A file's content, or an error message of the system; `missing` apart from other errors.
  struct ReadError {
    bool missing = false;
    std::string message;  ///< "Permission denied"
  };
  std::function<std::expected<std::string, ReadError>(const std::string&)> read_file;
  /// An absolute form of a path.
  std::function<std::string(const std::string&)> absolute;
};

/// The process's own environment and files (files up to 4 MiB).
Surroundings process_surroundings();

/// The configuration, or one error that says what is wrong and what would do. `warnings`, if given, receives sentences
/// for the user (files named in KUBECONFIG that are missing, unverified TLS).
std::expected<ClusterConfig, Diagnostic> find_cluster_config(const ClusterChoice& choice,
                                                             const Surroundings& surroundings = process_surroundings(),
                                                             std::vector<std::string>* warnings = nullptr);

}  // namespace surgeproof::k8s
