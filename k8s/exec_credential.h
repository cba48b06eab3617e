// The ExecCredential objects that go to and come from a credential plugin (client.authentication.k8s.io). Pure.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"
#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

/// What a plugin gave: a token, or a certificate and its key, or both.
struct ExecCredential {
  Secret token;
  std::string certificate_pem;
  Secret key_pem;
  std::optional<WallTime> expires;  ///< empty: valid until the server refuses it
};

/// Value of KUBERNETES_EXEC_INFO: never a credential.
std::string exec_info_json(const ClusterConfig& config, bool interactive);

/// The plugin's standard output. The error, a sentence, never quotes it.
std::expected<ExecCredential, std::string> parse_exec_credential(std::string_view output, std::string_view api_version);

}  // namespace surgeproof::k8s
