#include "k8s/kubeconfig.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "base/yaml.h"
#include "k8s/base64.h"
#include "k8s/server_url.h"

namespace surgeproof::k8s {
namespace {

using Fault = std::unexpected<Diagnostic>;

/// A node and the file that it stands in.
struct Located {
  const YamlNode* node = nullptr;
  const KubeconfigFile* file = nullptr;
  std::string path;  ///< "users[admin].user"
  explicit operator bool() const { return node != nullptr; }

  [[nodiscard]] Located child(std::string_view key) const {
    return {node ? node->find(key) : nullptr, file, path.empty() ? std::string(key) : fmt::format("{}.{}", path, key)};
  }
  /// The scalar's text; empty when absent, null or not a scalar.
  [[nodiscard]] std::string text() const {
    return node && node->kind == YamlNode::Kind::scalar && !node->is_null() ? node->scalar : std::string();
  }
};

Fault fault(const Located& at, std::string message, std::string hint) {
  return Fault(Diagnostic{.file = at.file ? at.file->path : "",
                          .line = at.node ? at.node->line : 0,
                          .column = at.node ? at.node->column : 0,
                          .path = at.path,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

/// The merged view of all files: for each kind of entry, the first file that has a name wins.
class Merged {
 public:
  std::expected<void, Diagnostic> add(const KubeconfigFile& file, const YamlNode& root) {
    const Located top{&root, &file, ""};
    if (root.is_null()) return {};
    if (root.kind != YamlNode::Kind::mapping) {
      return fault(top, "this is not a kubeconfig", "it must be a YAML mapping with clusters, users and contexts");
    }
    if (current_.text().empty()) current_ = top.child("current-context");
    if (auto r = add_list(top, "contexts", "context", contexts_); !r) return r;
    if (auto r = add_list(top, "clusters", "cluster", clusters_); !r) return r;
    return add_list(top, "users", "user", users_);
  }

  [[nodiscard]] const Located& current() const { return current_; }
  [[nodiscard]] Located context(std::string_view name) const { return get(contexts_, name); }
  [[nodiscard]] Located cluster(std::string_view name) const { return get(clusters_, name); }
  [[nodiscard]] Located user(std::string_view name) const { return get(users_, name); }
  [[nodiscard]] std::vector<std::string_view> context_names() const { return names(contexts_); }
  [[nodiscard]] std::vector<std::string_view> cluster_names() const { return names(clusters_); }
  [[nodiscard]] std::vector<std::string_view> user_names() const { return names(users_); }

 private:
  using Entries = std::vector<std::pair<std::string, Located>>;

  static std::expected<void, Diagnostic> add_list(const Located& top, std::string_view list, std::string_view key,
                                                  Entries& into) {
    const Located sequence = top.child(list);
    if (!sequence || sequence.node->is_null()) return {};
    if (sequence.node->kind != YamlNode::Kind::sequence) {
      return fault(sequence, fmt::format("{} must be a list", list),
                   fmt::format("write \"- name: …\" entries below {}:", list));
    }
    for (const YamlNode& item : sequence.node->items) {
      const Located entry{&item, top.file, std::string(list)};
      const std::string name = entry.child("name").text();
      if (name.empty()) return fault(entry, fmt::format("an entry of {} has no name", list), "add \"name:\" to it");
      Located body = entry.child(key);
      body.path = fmt::format("{}[{}].{}", list, name, key);
      if (!body || body.node->kind != YamlNode::Kind::mapping) {
        // client-go takes a missing or null body for an empty one.
        if (body && !body.node->is_null()) return fault(body, fmt::format("{} must be a mapping", key), "");
        body.node = &item;
      }
      if (!get(into, name)) into.emplace_back(name, std::move(body));
    }
    return {};
  }

  static Located get(const Entries& entries, std::string_view name) {
    for (const auto& [key, body] : entries) {
      if (key == name) return body;
    }
    return {};
  }

  static std::vector<std::string_view> names(const Entries& entries) {
    std::vector<std::string_view> out;
    for (const auto& entry : entries) out.push_back(entry.first);
    return out;
  }

  Located current_;
  Entries contexts_;
  Entries clusters_;
  Entries users_;
};

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& names, std::string_view what) {
  if (names.empty()) return fmt::format("the kubeconfig has no {} at all", what);
  if (const std::string close = nearest(word, names); !close.empty()) return fmt::format("did you mean \"{}\"?", close);
  std::string all;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i) all += fmt::format("{}\"{}\"", i ? ", " : "", names[i]);
  return fmt::format("{} that exist: {}{}", what, all, names.size() > 10 ? ", …" : "");
}

/// Relative paths resolve against the file they stand in.
std::string resolve_path(const Located& value) {
  const std::string path = value.text();
  if (path.empty() || path.starts_with('/')) return path;
  const auto slash = value.file->path.rfind('/');
  return slash == std::string::npos ? path : value.file->path.substr(0, slash + 1) + path;
}

/// base64 PEM of a "-data" field; empty when the field is absent.
std::expected<std::string, Diagnostic> pem_data(const Located& value) {
  if (value.text().empty()) return std::string();
  auto decoded = decode_base64(value.text());
  if (!decoded) return fault(value, "this is not base64", "take it anew from where the kubeconfig came");
  if (decoded->find("-----BEGIN ") == std::string::npos) {
    return fault(value, "this is base64, but not of a PEM block",
                 "encode the whole file, with its BEGIN and END lines");
  }
  return *std::move(decoded);
}

std::expected<bool, Diagnostic> boolean(const Located& value) {
  const std::string text = value.text();
  if (text.empty() || text == "false" || text == "False") return false;
  if (text == "true" || text == "True") return true;
  return fault(value, "this must be true or false", "");
}

/// Refuses what this version cannot do, by name.
std::expected<void, Diagnostic> refuse(const Located& entry, std::string_view key, std::string_view what,
                                       std::string_view remedy) {
  const Located value = entry.child(key);
  if (!value || value.node->is_null()) return {};
  return fault(value, fmt::format("{} not supported yet", what), std::string(remedy));
}

std::expected<void, Diagnostic> read_cluster(const Located& cluster, bool user_has_certificate, ClusterConfig& out) {
  if (auto r = refuse(cluster, "proxy-url", "a proxy (proxy-url) is",
                      "run \"kubectl proxy\" and point a kubeconfig's server at http://127.0.0.1:8001");
      !r) {
    return r;
  }
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

std::expected<void, Diagnostic> refuse_unsupported(const Located& user) {
  constexpr std::string_view kUseToken =
      "make a kubeconfig with a token instead: kubectl create token SERVICEACCOUNT, or use \"kubectl proxy\"";
  const Located command = user.child("exec").child("command");
  const std::string exec = command.text().empty() ? "exec credential plugins are"
                                                  : fmt::format("the exec credential plugin {} is", command.text());
  const std::string provider = user.child("auth-provider").child("name").text();
  struct Row {
    std::string_view key;
    std::string what;
  };
  for (const Row& row :
       {Row{"exec", exec},
        Row{"auth-provider", fmt::format("the auth-provider{} is", provider.empty() ? "" : " " + provider)},
        Row{"username", "basic authentication (username, password) is"}, Row{"as", "impersonation (as) is"},
        Row{"as-groups", "impersonation (as-groups) is"}}) {
    if (auto r = refuse(user, row.key, row.what, kUseToken); !r) return r;
  }
  return {};
}

std::expected<void, Diagnostic> read_user(const Located& user, ClusterConfig& out) {
  if (auto r = refuse_unsupported(user); !r) return r;
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
  out.token = Secret(user.child("token").text());
  out.token_file = resolve_path(user.child("tokenFile"));
  return {};
}

std::expected<Located, Diagnostic> choose_context(const Merged& merged, std::span<const KubeconfigFile> files,
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
  roots.reserve(files.size());  // Merged keeps pointers into it
  Merged merged;
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

}  // namespace surgeproof::k8s
