// Kubeconfig files as merged entries with their places. Pure; used by kubeconfig*.cpp only.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

/// A node and the file that it stands in.
struct Located {
  const YamlNode* node = nullptr;
  const KubeconfigFile* file = nullptr;
  std::string path;  ///< "users[admin].user"
  explicit operator bool() const { return node != nullptr; }

  [[nodiscard]] Located child(std::string_view key) const;
  /// The items of a sequence; empty for anything else.
  [[nodiscard]] std::vector<Located> items() const;
  /// The scalar's text; empty when absent, null or not a scalar.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool given() const { return node && !node->is_null(); }
};

using Fault = std::unexpected<Diagnostic>;

/// An error at a place. It never quotes a value.
Fault fault(const Located& at, std::string message, std::string hint);

/// The merged view of all files: for each kind of entry, the first file that has a name wins.
class MergedKubeconfig {
 public:
  /// `file` and `root` must outlive this.
  std::expected<void, Diagnostic> add(const KubeconfigFile& file, const YamlNode& root);

  [[nodiscard]] const Located& current() const { return current_; }
  [[nodiscard]] Located context(std::string_view name) const { return get(contexts_, name); }
  [[nodiscard]] Located cluster(std::string_view name) const { return get(clusters_, name); }
  [[nodiscard]] Located user(std::string_view name) const { return get(users_, name); }
  [[nodiscard]] std::vector<std::string_view> context_names() const { return names(contexts_); }
  [[nodiscard]] std::vector<std::string_view> cluster_names() const { return names(clusters_); }
  [[nodiscard]] std::vector<std::string_view> user_names() const { return names(users_); }
  /// Nothing is configured in any file.
  [[nodiscard]] bool empty() const;

 private:
  using Entries = std::vector<std::pair<std::string, Located>>;
  static std::expected<void, Diagnostic> add_list(const Located& top, std::string_view list, std::string_view key,
                                                  Entries& into);
  static Located get(const Entries& entries, std::string_view name);
  static std::vector<std::string_view> names(const Entries& entries);

  Located current_;
  Entries contexts_;
  Entries clusters_;
  Entries users_;
};

/// Relative paths resolve against the file they stand in.
std::string resolve_path(const Located& value);
/// base64 PEM of a "-data" field; empty when the field is absent.
std::expected<std::string, Diagnostic> pem_data(const Located& value);
std::expected<bool, Diagnostic> boolean(const Located& value);
/// A YAML value as JSON text, as Go's converter has it.
std::string json_of(const YamlNode& node);

/// Everything that a user's entry says.
std::expected<void, Diagnostic> read_user(const Located& user, ClusterConfig& out);

}  // namespace surgeproof::k8s
