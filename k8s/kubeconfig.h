// How to reach a cluster: kubeconfig files to one configuration. Pure: texts in, a configuration or one error out.
// The rules are client-go's (k8s.io/client-go/tools/clientcmd): maps merge by entry, scalars by file, first file wins.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// A program that gives credentials (client-go's ExecConfig).
struct ExecPlugin {
  enum class Interactive : std::uint8_t {
    never,         ///< it gets no standard input
    if_available,  ///< it may ask the user if there is a terminal
    always,        ///< it cannot work without a terminal
  };
  std::string api_version;  ///< "client.authentication.k8s.io/v1" or ".../v1beta1"
  std::string command;      ///< absolute path, or a name to be searched in PATH
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string install_hint;
  Interactive interactive = Interactive::if_available;
  bool provide_cluster_info = false;
  std::string cluster_config_json;  ///< the cluster's extension for plugins; empty: none
};

/// Whom to act as; all empty: oneself.
struct Impersonation {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  std::vector<std::pair<std::string, std::string>> extra;
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
  std::string token_file;          ///< absolute path
  Secret basic;                    ///< "user:password"; exclusive with a token
  std::optional<ExecPlugin> exec;  ///< asked unless there is a token or a basic
  Impersonation impersonation;
  std::vector<std::pair<std::string, Secret>> headers;  ///< on every request, whatever the scheme
  Secret proxy;                                         ///< URL, may hold a password; empty: directly
  std::string proxy_origin;                             ///< "proxy-url", "HTTPS_PROXY"
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

/// Whether the files configure nothing at all: no context, cluster, user or current context.
bool kubeconfig_is_empty(std::span<const KubeconfigFile> files);

}  // namespace surgeproof::k8s
