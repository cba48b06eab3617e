// How to reach a cluster: kubeconfig files to one configuration. Pure: texts in, a configuration or one error out.
// The rules are client-go's (k8s.io/client-go/tools/clientcmd): maps merge by entry, scalars by file, first file wins.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/diagnostic.h"

namespace surgeproof::k8s {

/// A token or a private key. It cannot be formatted, streamed or compared by accident: only reveal() gives the text,
/// and only the code that puts it on a TLS connection calls that.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

/// Everything needed to talk to one API server. Contents win over files, as in client-go; but a token file, when given,
/// is read again every minute and what it holds replaces `token`.
struct ClusterConfig {
  std::string server;      ///< "https://10.0.0.1:6443/base": scheme, host, optional port and path; never credentials
  std::string ns;          ///< the context's namespace; "default" without one
  std::string context;     ///< name of the kubeconfig context; empty in a pod
  std::string origin;      ///< where this comes from, in words: "/home/u/.kube/config, context \"kind\""
  bool tls_verify = true;  ///< false with insecure-skip-tls-verify: the user must be warned
  std::string tls_server_name;          ///< checked (and sent) instead of the host's name; empty: the host's
  std::string ca_pem;                   ///< certificate authorities; with ca_file empty too: the system's
  std::string ca_file;                  ///< absolute path
  std::string client_certificate_pem;   ///< chain, PEM
  std::string client_certificate_file;  ///< absolute path
  Secret client_key_pem;
  std::string client_key_file;  ///< absolute path
  Secret token;
  std::string token_file;  ///< absolute path
};

/// One kubeconfig file, read by the caller.
struct KubeconfigFile {
  std::string path;  ///< absolute, or relative paths within cannot be resolved
  std::string text;
};

/// Merges the files (in order of precedence) and resolves `context`, or the current context when that is empty.
/// The error names the file, the place, what is wrong and what would do; it never quotes a credential.
std::expected<ClusterConfig, Diagnostic> resolve_kubeconfig(std::span<const KubeconfigFile> files,
                                                            std::string_view context);

}  // namespace surgeproof::k8s
