#include <fmt/format.h>

#include <algorithm>

#include "scenarios/reading/reading.h"

namespace surgeproof::reading {
namespace {

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Fields::Fields(Reading& reading, const Value& mapping, const KeyTable& table) : reading_{reading}, at_{mapping} {
  if (!at_.is_mapping()) {
    reading.error(at_, fmt::format("must be a mapping with {}", join_words(table.known)));
    return;
  }
  for (const auto& [key, value] : at_.node->entries) {
    const Place place{key.line, key.column};
    const auto path = child_path(at_.path, key.scalar);
    if (contains(table.planned, key.scalar)) {
      reading.error(place, path, fmt::format("\"{}\" is not supported yet", key.scalar), "leave it out for now");
    } else if (key.scalar == "<<") {
      reading.error(place, path, "merge keys are not supported",
                    "repeat the entries, or use an alias for a whole value");
    } else if (!contains(table.known, key.scalar)) {
      reading.error_unknown(place, at_.path, "key", key.scalar, table.known);
    } else if (value.is_null()) {
      reading.error(place, path, "has no value", "give it one, or leave the key out");
    }
  }
}

std::optional<Value> Fields::get(std::string_view key) const {
  const auto* found = at_.node->find(key);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return Value{found, child_path(at_.path, key)};
}

std::optional<Value> Fields::require(std::string_view key, std::string hint) {
  if (usable() && !has(key)) reading_.error(at_, fmt::format("\"{}\" is missing", key), std::move(hint));
  return get(key);
}

std::vector<std::string_view> Fields::written(std::span<const std::string_view> keys) const {
  std::vector<std::string_view> found;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(found), [&](std::string_view k) { return has(k); });
  return found;
}

}  // namespace surgeproof::reading
