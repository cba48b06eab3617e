// A kubeconfig user's entry: certificates, tokens, basic authentication, impersonation, credential plugins.
#include <fmt/format.h>

#include "k8s/kubeconfig_parts.h"

namespace surgeproof::k8s {
namespace {

using Fault = std::unexpected<Diagnostic>;

std::expected<ExecPlugin::Interactive, Diagnostic> read_interactive(const Located& exec, const std::string& version) {
  using Interactive = ExecPlugin::Interactive;
  const Located mode = exec.child("interactiveMode");
  const std::string text = mode.text();
  if (text == "Never") return Interactive::never;
  if (text == "IfAvailable") return Interactive::if_available;
  if (text == "Always") return Interactive::always;
  constexpr const char* kHint = "write Never, IfAvailable or Always";
  if (!text.empty()) return fault(mode, "this is no interactiveMode", kHint);
  if (version.ends_with("/v1")) return fault(exec, "a plugin of apiVersion v1 must say its interactiveMode", kHint);
  return Interactive::if_available;
}

std::expected<ExecPlugin, Diagnostic> read_exec(const Located& exec) {
  ExecPlugin out;
  const Located version = exec.child("apiVersion");
  out.api_version = version.text();
  constexpr std::string_view kGroup = "client.authentication.k8s.io/";
  if (out.api_version != std::string(kGroup) + "v1" && out.api_version != std::string(kGroup) + "v1beta1") {
    return fault(version ? version : exec, "the credential plugin's apiVersion must be v1 or v1beta1",
                 "write client.authentication.k8s.io/v1; for v1alpha1 update the plugin and make the kubeconfig anew");
  }
  const Located command = exec.child("command");
  out.command = command.text();
  if (out.command.empty()) return fault(command ? command : exec, "the credential plugin has no command", "");
  // As in a shell: only with a separator is it a path, and then relative to this file.
  if (out.command.find('/') != std::string::npos) out.command = resolve_path(command);
  for (const Located& argument : exec.child("args").items()) out.arguments.push_back(argument.text());
  for (const Located& entry : exec.child("env").items()) {
    const std::string name = entry.child("name").text();
    if (name.empty()) return fault(entry, "a variable of the credential plugin has no name", "");
    out.environment.emplace_back(name, entry.child("value").text());
  }
  out.install_hint = exec.child("installHint").text();
  const auto interactive = read_interactive(exec, out.api_version);
  if (!interactive) return Fault(interactive.error());
  out.interactive = *interactive;
  const auto cluster_info = boolean(exec.child("provideClusterInfo"));
  if (!cluster_info) return Fault(cluster_info.error());
  out.provide_cluster_info = *cluster_info;
  return out;
}

std::expected<void, Diagnostic> read_certificate(const Located& user, ClusterConfig& out) {
  auto certificate = pem_data(user.child("client-certificate-data"));
  if (!certificate) return Fault(certificate.error());
  out.client_certificate_pem = *std::move(certificate);
  if (out.client_certificate_pem.empty()) out.client_certificate_file = resolve_path(user.child("client-certificate"));
  auto key = pem_data(user.child("client-key-data"));
  if (!key) return Fault(key.error());
  const bool has_key_data = !key->empty();
  out.client_key_pem = Secret(*std::move(key));
  if (!has_key_data) out.client_key_file = resolve_path(user.child("client-key"));
  const bool has_certificate = !out.client_certificate_pem.empty() || !out.client_certificate_file.empty();
  const bool has_key = has_key_data || !out.client_key_file.empty();
  if (has_certificate != has_key) {
    return fault(
        user, has_certificate ? "the client certificate has no key" : "the client key has no certificate",
        has_certificate ? "add client-key or client-key-data" : "add client-certificate or client-certificate-data");
  }
  return {};
}

std::expected<void, Diagnostic> read_impersonation(const Located& user, ClusterConfig& out) {
  out.impersonation.user = user.child("as").text();
  out.impersonation.uid = user.child("as-uid").text();
  for (const Located& group : user.child("as-groups").items()) out.impersonation.groups.push_back(group.text());
  if (const Located extra = user.child("as-user-extra"); extra && extra.node->kind == YamlNode::Kind::mapping) {
    for (const YamlEntry& entry : extra.node->entries) {
      for (const Located& value : extra.child(entry.key.scalar).items()) {
        out.impersonation.extra.emplace_back(entry.key.scalar, value.text());
      }
    }
  }
  const bool more =
      !out.impersonation.uid.empty() || !out.impersonation.groups.empty() || !out.impersonation.extra.empty();
  if (out.impersonation.user.empty() && more) {
    return fault(user, "impersonation of a group, uid or extra needs a user as well", "add \"as:\"");
  }
  return {};
}

}  // namespace

std::expected<void, Diagnostic> read_user(const Located& user, ClusterConfig& out) {
  if (const Located provider = user.child("auth-provider"); provider.given()) {
    const std::string name = provider.child("name").text();
    return fault(provider, fmt::format("the auth-provider{}{} is gone from Kubernetes", name.empty() ? "" : " ", name),
                 "make the kubeconfig anew with a credential plugin (kubelogin, gke-gcloud-auth-plugin)");
  }
  if (auto r = read_certificate(user, out); !r) return r;
  out.token = Secret(user.child("token").text());
  out.token_file = resolve_path(user.child("tokenFile"));
  const Located name = user.child("username");
  const Located password = user.child("password");
  if (!name.text().empty() || !password.text().empty()) {
    if (!out.token.empty() || !out.token_file.empty()) {
      return fault(name ? name : password, "a token and a user with password exclude each other", "keep the token");
    }
    out.basic = Secret(name.text() + ":" + password.text());
  }
  if (auto r = read_impersonation(user, out); !r) return r;
  if (const Located exec = user.child("exec"); exec.given()) {
    auto plugin = read_exec(exec);
    if (!plugin) return Fault(plugin.error());
    out.exec = *std::move(plugin);
  }
  return {};
}

}  // namespace surgeproof::k8s
