#include "k8s/json_access.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

#include "base/quantity.h"
#include "base/wall_time.h"

namespace surgeproof::k8s {
namespace {

const json::object& empty_object() {
  static const json::object nothing;
  return nothing;
}

/// A quantity's text: the API writes strings, but numbers are allowed.
std::string quantity_text(const json::object& parent, std::string_view key) {
  const json::value* v = parent.if_contains(key);
  if (!v) return {};
  if (const auto* s = v->if_string()) return std::string(s->data(), s->size());
  return v->is_number() ? json::serialize(*v) : std::string();
}

}  // namespace

const json::object& as_object(const json::value& value) {
  const auto* o = value.if_object();
  return o ? *o : empty_object();
}

const json::object& object_at(const json::object& parent, std::string_view key) {
  const json::value* v = parent.if_contains(key);
  return v ? as_object(*v) : empty_object();
}

const json::array& array_at(const json::object& parent, std::string_view key) {
  static const json::array nothing;
  const json::value* v = parent.if_contains(key);
  const auto* a = v ? v->if_array() : nullptr;
  return a ? *a : nothing;
}

std::string text_at(const json::object& parent, std::string_view key) {
  const json::value* v = parent.if_contains(key);
  const auto* s = v ? v->if_string() : nullptr;
  return s ? std::string(s->data(), s->size()) : std::string();
}

std::optional<std::int64_t> integer_at(const json::object& parent, std::string_view key) {
  const json::value* v = parent.if_contains(key);
  if (!v) return std::nullopt;
  if (const auto* i = v->if_int64()) return *i;
  if (v->is_uint64()) return std::numeric_limits<std::int64_t>::max();
  return std::nullopt;
}

std::optional<int> optional_int_at(const json::object& parent, std::string_view key) {
  const auto i = integer_at(parent, key);
  if (!i) return std::nullopt;
  return static_cast<int>(
      std::clamp<std::int64_t>(*i, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

int int_at(const json::object& parent, std::string_view key) { return optional_int_at(parent, key).value_or(0); }

std::optional<bool> flag_at(const json::object& parent, std::string_view key) {
  const json::value* v = parent.if_contains(key);
  const auto* b = v ? v->if_bool() : nullptr;
  return b ? std::optional(*b) : std::nullopt;
}

std::optional<WallTime> time_at(const json::object& parent, std::string_view key) {
  const std::string text = text_at(parent, key);
  // WallTime holds years 1678 to 2261; a cluster's lie well within.
  if (text.size() < 5 || text[4] != '-' || text.compare(0, 4, "1970") < 0 || text.compare(0, 4, "2199") > 0) {
    return std::nullopt;
  }
  return parse_rfc3339(text);
}

std::optional<std::int64_t> milli_at(const json::object& parent, std::string_view key) {
  return parse_quantity_milli(quantity_text(parent, key));
}

std::optional<std::int64_t> nano_at(const json::object& parent, std::string_view key) {
  return parse_quantity_nano(quantity_text(parent, key));
}

std::optional<std::int64_t> units_at(const json::object& parent, std::string_view key) {
  return parse_quantity(quantity_text(parent, key));
}

std::optional<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = 64;
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, std::move(storage), options);
  if (error) return std::nullopt;
  return value;
}

}  // namespace surgeproof::k8s
