// What a request's path and query name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s/demo/api/views.h"

namespace surgeproof::demo {

/// A path below /api/v1 or /apis/GROUP/VERSION that names a resource.
struct ResourcePath {
  const View* view = nullptr;
  std::string ns;           ///< empty: all namespaces, or a type without
  std::string name;         ///< empty: the collection
  std::string subresource;  ///< "status", "scale", "log", "eviction"; empty: none
};

class Query {
 public:
  void add(std::string key, std::string value) { values_.emplace(std::move(key), std::move(value)); }
  /// Empty when it is not there.
  [[nodiscard]] std::string_view get(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return values_.contains(key); }
  /// "true", "1".
  [[nodiscard]] bool flag(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

struct Target {
  std::vector<std::string> segments;  ///< decoded
  Query query;
};

/// Empty when the target is no origin-form path with a legal percent encoding.
std::optional<Target> parse_target(std::string_view target);

/// Empty when the path does not name a resource that is served.
std::optional<ResourcePath> find_resource(const std::vector<std::string>& segments);

/// How an answer is to look like.
enum class Shape { object, table, partial_metadata };
/// By the Accept header's first media type that can be served; empty: none can (406).
std::optional<Shape> choose_shape(std::string_view accept);

}  // namespace surgeproof::demo
