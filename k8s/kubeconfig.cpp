#include "k8s/kubeconfig.h"

#include <fmt/format.h>

#include "k8s/kubeconfig_parts.h"
#include "k8s/proxy.h"
#include "k8s/server_url.h"

namespace surgeproof::k8s {
namespace {

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& names, std::string_view what) {
  if (names.empty()) return fmt::format("the kubeconfig has no {} at all", what);
  if (const std::string close = nearest(word, names); !close.empty()) return fmt::format("did you mean \"{}\"?", close);
  std::string all;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i) all += fmt::format("{}\"{}\"", i ? ", " : "", names[i]);
  return fmt::format("{} that exist: {}{}", what, all, names.size() > 10 ? ", …" : "");
}

std::expected<void, Diagnostic> read_proxy(const Located& cluster, ClusterConfig& out) {
  const Located value = cluster.child("proxy-url");
  if (value.text().empty()) return {};
  if (const auto proxy = parse_proxy(value.text()); !proxy) {
    return fault(value, "the proxy " + proxy.error(), "write it as http://host:port");
  }
  out.proxy = Secret(value.text());
  out.proxy_origin = "proxy-url";
  return {};
}

/// What a plugin with provideClusterInfo may want to know of its cluster.
std::string plugin_extension(const Located& cluster) {
  for (const Located& extension : cluster.child("extensions").items()) {
    if (extension.child("name").text() != "client.authentication.k8s.io/exec") continue;
    if (const Located body = extension.child("extension")) return json_of(*body.node);
  }
  return {};
}

std::expected<void, Diagnostic> read_cluster(const Located& cluster, bool user_has_certificate, ClusterConfig& out) {
  if (auto r = read_proxy(cluster, out); !r) return r;
  if (out.exec) out.exec->cluster_config_json = plugin_extension(cluster);
  const auto insecure = boolean(cluster.child("insecure-skip-tls-verify"));
  if (!insecure) return Fault(insecure.error());
  out.tls_verify = !*insecure;
  auto ca = pem_data(cluster.child("certificate-authority-data"));
  if (!ca) return Fault(ca.error());
  out.ca_pem = *std::move(ca);
  if (out.ca_pem.empty()) out.ca_file = resolve_path(cluster.child("certificate-authority"));
  const bool has_ca = !out.ca_pem.empty() || !out.ca_file.empty();
  if (*insecure && has_ca) {
    return fault(cluster.child("insecure-skip-tls-verify"),
                 "a certificate authority and insecure-skip-tls-verify exclude each other",
                 "remove insecure-skip-tls-verify");
  }
  out.tls_server_name = cluster.child("tls-server-name").text();
  const Located server = cluster.child("server");
  if (server.text().empty())
    return fault(server ? server : cluster, "the cluster has no server", "add \"server: https://…\"");
  const auto url = parse_server_url(server.text(), has_ca || *insecure || user_has_certificate);
  if (!url) return fault(server, "the server " + url.error(), "write it as https://host:port");
  out.server = url->text();
  return {};
}

std::expected<Located, Diagnostic> choose_context(const MergedKubeconfig& merged, std::span<const KubeconfigFile> files,
                                                  std::string_view wanted, std::string& name) {
  name = wanted.empty() ? merged.current().text() : std::string(wanted);
  const Located nowhere{nullptr, &files.front(), ""};
  if (name.empty()) {
    return fault(nowhere, "no context is chosen (current-context is empty)",
                 "give --context NAME, or run kubectl config use-context NAME; " +
                     did_you_mean("", merged.context_names(), "contexts"));
  }
  Located context = merged.context(name);
  if (!context) {
    return fault(wanted.empty() ? merged.current() : nowhere, fmt::format("there is no context \"{}\"", name),
                 did_you_mean(name, merged.context_names(), "contexts"));
  }
  return context;
}

}  // namespace

std::expected<ClusterConfig, Diagnostic> resolve_kubeconfig(std::span<const KubeconfigFile> files,
                                                            std::string_view context_name) {
  if (files.empty()) return fault({}, "no kubeconfig was given", "");
  std::vector<YamlNode> roots;
  roots.reserve(files.size());  // MergedKubeconfig keeps pointers into it
  MergedKubeconfig merged;
  for (const KubeconfigFile& file : files) {
    auto root = parse_yaml(file.text, file.path);
    if (!root) return Fault(root.error().front());
    roots.push_back(*std::move(root));
    if (auto r = merged.add(file, roots.back()); !r) return Fault(r.error());
  }

  ClusterConfig out;
  const auto context = choose_context(merged, files, context_name, out.context);
  if (!context) return Fault(context.error());
  out.ns = context->child("namespace").text();
  if (out.ns.empty()) out.ns = "default";
  out.origin = fmt::format("{}, context \"{}\"", context->file->path, out.context);

  const Located user_name = context->child("user");
  if (!user_name.text().empty()) {
    const Located user = merged.user(user_name.text());
    if (!user) {
      return fault(user_name, fmt::format("there is no user \"{}\"", user_name.text()),
                   did_you_mean(user_name.text(), merged.user_names(), "users"));
    }
    if (auto r = read_user(user, out); !r) return Fault(r.error());
  }
  const Located cluster_name = context->child("cluster");
  const Located cluster = merged.cluster(cluster_name.text());
  if (!cluster) {
    return fault(cluster_name ? cluster_name : *context,
                 cluster_name.text().empty() ? "the context names no cluster"
                                             : fmt::format("there is no cluster \"{}\"", cluster_name.text()),
                 did_you_mean(cluster_name.text(), merged.cluster_names(), "clusters"));
  }
  const bool user_has_certificate = !out.client_certificate_pem.empty() || !out.client_certificate_file.empty();
  if (auto r = read_cluster(cluster, user_has_certificate, out); !r) return Fault(r.error());
  return out;
}

bool kubeconfig_is_empty(std::span<const KubeconfigFile> files) {
  MergedKubeconfig merged;
  std::vector<YamlNode> roots;
  roots.reserve(files.size());
  for (const KubeconfigFile& file : files) {
    auto root = parse_yaml(file.text, file.path);
    if (!root) return false;
    roots.push_back(*std::move(root));
    if (!merged.add(file, roots.back())) return false;
  }
  return merged.empty();
}

}  // namespace surgeproof::k8s
