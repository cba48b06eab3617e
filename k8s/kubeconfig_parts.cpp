#include "k8s/kubeconfig_parts.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <charconv>

#include "k8s/base64.h"
#include "k8s/json_access.h"

namespace surgeproof::k8s {

Located Located::child(std::string_view key) const {
  return {node ? node->find(key) : nullptr, file, path.empty() ? std::string(key) : fmt::format("{}.{}", path, key)};
}

std::vector<Located> Located::items() const {
  std::vector<Located> out;
  if (!node || node->kind != YamlNode::Kind::sequence) return out;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    out.push_back({&node->items[i], file, fmt::format("{}[{}]", path, i)});
  }
  return out;
}

std::string Located::text() const {
  return node && node->kind == YamlNode::Kind::scalar && !node->is_null() ? node->scalar : std::string();
}

Fault fault(const Located& at, std::string message, std::string hint) {
  return Fault(Diagnostic{.file = at.file ? at.file->path : "",
                          .line = at.node ? at.node->line : 0,
                          .column = at.node ? at.node->column : 0,
                          .path = at.path,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

std::expected<void, Diagnostic> MergedKubeconfig::add(const KubeconfigFile& file, const YamlNode& root) {
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

bool MergedKubeconfig::empty() const {
  return contexts_.empty() && clusters_.empty() && users_.empty() && current_.text().empty();
}

std::expected<void, Diagnostic> MergedKubeconfig::add_list(const Located& top, std::string_view list,
                                                           std::string_view key, Entries& into) {
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

Located MergedKubeconfig::get(const Entries& entries, std::string_view name) {
  for (const auto& [key, body] : entries) {
    if (key == name) return body;
  }
  return {};
}

std::vector<std::string_view> MergedKubeconfig::names(const Entries& entries) {
  std::vector<std::string_view> out;
  for (const auto& entry : entries) out.push_back(entry.first);
  return out;
}

std::string resolve_path(const Located& value) {
  const std::string path = value.text();
  if (path.empty() || path.starts_with('/')) return path;
  const auto slash = value.file->path.rfind('/');
  return slash == std::string::npos ? path : value.file->path.substr(0, slash + 1) + path;
}

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

namespace {

json::value scalar_json(const YamlNode& node) {
  if (node.is_null()) return nullptr;
  const std::string& text = node.scalar;
  if (!node.plain) return json::string(text);
  if (text == "true" || text == "false") return text == "true";
  std::int64_t whole = 0;
  const char* end = text.data() + text.size();
  if (const auto r = std::from_chars(text.data(), end, whole); r.ec == std::errc{} && r.ptr == end) return whole;
  double number = 0;
  if (const auto r = std::from_chars(text.data(), end, number); r.ec == std::errc{} && r.ptr == end) return number;
  return json::string(text);
}

json::value json_value_of(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return scalar_json(node);
  if (node.kind == YamlNode::Kind::sequence) {
    json::array out;
    for (const YamlNode& item : node.items) out.push_back(json_value_of(item));
    return out;
  }
  json::object out;
  for (const YamlEntry& entry : node.entries) out[entry.key.scalar] = json_value_of(entry.value);
  return out;
}

}  // namespace

std::string json_of(const YamlNode& node) { return json::serialize(json_value_of(node)); }

}  // namespace surgeproof::k8s
