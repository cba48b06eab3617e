// JSON merge patch (RFC 7386) and JSON patch (RFC 6902).
#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/patch.h"

namespace surgeproof::demo {
namespace json = boost::json;

void apply_merge_patch(json::object& target, const json::object& patch) {
  for (const auto& [key, value] : patch) {
    if (value.is_null()) {
      target.erase(key);
    } else if (value.is_object()) {
      json::value& inner = target[key];
      if (!inner.is_object()) inner.emplace_object();
      apply_merge_patch(inner.get_object(), value.get_object());
    } else {
      target[key] = value;
    }
  }
}

namespace {

using Failure = std::unexpected<std::string>;

/// "/a/b~1c" split at the last slash: parent pointer, and the last key unescaped.
struct Place {
  json::value* parent = nullptr;
  std::string key;
};

std::string unescape(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1')) {
      text += token[++i] == '0' ? '~' : '/';
    } else {
      text += token[i];
    }
  }
  return text;
}

std::optional<std::size_t> index_of(std::string_view key, std::size_t size) {
  if (key.empty() || key.size() > 9 || (key.size() > 1 && key.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  for (const char c : key) {
    if (c < '0' || c > '9') return std::nullopt;
    index = index * 10 + static_cast<std::size_t>(c - '0');
  }
  return index < size ? std::optional{index} : std::nullopt;
}

json::value* child(json::value& parent, std::string_view key) {
  if (json::object* o = parent.if_object()) return o->if_contains(key);
  if (json::array* a = parent.if_array()) {
    const auto index = index_of(key, a->size());
    return index ? &(*a)[*index] : nullptr;
  }
  return nullptr;
}

std::expected<Place, std::string> locate(json::value& root, std::string_view pointer) {
  if (pointer.empty() || pointer.front() != '/') return Failure{fmt::format("invalid path \"{}\"", pointer)};
  json::value* here = &root;
  while (true) {
    pointer.remove_prefix(1);
    const auto slash = pointer.find('/');
    const std::string key = unescape(pointer.substr(0, slash));
    if (slash == std::string_view::npos) return Place{here, key};
    here = child(*here, key);
    if (here == nullptr) return Failure{fmt::format("doc is missing path: \"{}\"", key)};
    pointer.remove_prefix(slash);
  }
}

std::expected<json::value, std::string> read(json::value& root, std::string_view pointer) {
  if (pointer.empty()) return root;
  const auto place = locate(root, pointer);
  if (!place) return Failure{place.error()};
  const json::value* found = child(*place->parent, place->key);
  if (found == nullptr) return Failure{fmt::format("doc is missing key: {}", pointer)};
  return *found;
}

std::expected<void, std::string> add(json::value& root, std::string_view pointer, json::value value) {
  const auto place = locate(root, pointer);
  if (!place) return Failure{place.error()};
  if (json::object* o = place->parent->if_object()) {
    (*o)[place->key] = std::move(value);
    return {};
  }
  json::array* a = place->parent->if_array();
  if (a == nullptr) return Failure{fmt::format("doc is missing path: {}", pointer)};
  const auto index = place->key == "-" ? std::optional{a->size()} : index_of(place->key, a->size() + 1);
  if (!index) return Failure{fmt::format("invalid array index: {}", pointer)};
  a->insert(a->begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
  return {};
}

std::expected<void, std::string> remove(json::value& root, std::string_view pointer) {
  const auto place = locate(root, pointer);
  if (!place) return Failure{place.error()};
  if (child(*place->parent, place->key) == nullptr) {
    return Failure{fmt::format("remove operation does not apply: doc is missing path: {}", pointer)};
  }
  if (json::object* o = place->parent->if_object()) {
    o->erase(place->key);
  } else {
    json::array& a = place->parent->get_array();
    a.erase(a.begin() + static_cast<std::ptrdiff_t>(*index_of(place->key, a.size())));
  }
  return {};
}

std::expected<void, std::string> replace(json::value& root, std::string_view pointer, const json::value& value) {
  const auto place = locate(root, pointer);
  if (!place) return Failure{place.error()};
  json::value* found = child(*place->parent, place->key);
  if (found == nullptr) {
    return Failure{fmt::format("replace operation does not apply: doc is missing key: {}", pointer)};
  }
  *found = value;
  return {};
}

std::expected<void, std::string> apply_one(json::value& root, const json::object& operation) {
  const auto op = text_at(operation, "op");
  const auto path = text_at(operation, "path");
  const auto from = text_at(operation, "from");
  const json::value* value = operation.if_contains("value");
  if (op == "remove") return remove(root, path);
  if (op == "copy" || op == "move") {
    const auto found = read(root, from);
    if (!found) return Failure{found.error()};
    if (op == "move") {
      if (path.starts_with(std::string{from} + "/")) return Failure{"move into its own child"};
      if (auto removed = remove(root, from); !removed) return removed;
    }
    return add(root, path, *found);
  }
  if (value == nullptr) return Failure{fmt::format("operation \"{}\" at {} has no value", op, path)};
  if (op == "add") return add(root, path, *value);
  if (op == "replace") return replace(root, path, *value);
  if (op == "test") {
    const auto found = read(root, path);
    const bool same = found ? *found == *value : value->is_null();
    return same ? std::expected<void, std::string>{}
                : Failure{fmt::format("testing value {} failed: test failed", path)};
  }
  return Failure{fmt::format("unexpected kind of operation: \"{}\"", op)};
}

}  // namespace

std::expected<void, std::string> apply_json_patch(json::object& target, const json::array& operations) {
  json::value edited = target;
  for (const json::value& operation : operations) {
    if (!operation.is_object()) return Failure{"each operation of a JSON patch must be an object"};
    if (auto done = apply_one(edited, operation.get_object()); !done) return done;
    if (!edited.is_object()) return Failure{"the patched document is no object"};
  }
  target = std::move(edited.get_object());
  return {};
}

}  // namespace surgeproof::demo
