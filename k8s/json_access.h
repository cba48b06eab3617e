// Tolerant reading of API objects: whatever is absent, null or of another type reads as nothing. Pure.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"

namespace surgeproof::k8s {

namespace json = boost::json;

/// The member, or an empty object (array), so that look-ups can be chained.
const json::object& object_at(const json::object& parent, std::string_view key);
const json::array& array_at(const json::object& parent, std::string_view key);
/// The value as an object; an empty one if it is none.
const json::object& as_object(const json::value& value);

/// The string; empty when there is none.
std::string text_at(const json::object& parent, std::string_view key);
std::optional<std::int64_t> integer_at(const json::object& parent, std::string_view key);
/// The integer as int (0 when absent), clamped to its range.
int int_at(const json::object& parent, std::string_view key);
std::optional<int> optional_int_at(const json::object& parent, std::string_view key);
std::optional<bool> flag_at(const json::object& parent, std::string_view key);
/// An RFC 3339 string of the years 1970 to 2199.
std::optional<WallTime> time_at(const json::object& parent, std::string_view key);
/// A Kubernetes quantity (string or number) in thousandths; in billionths; in units.
std::optional<std::int64_t> milli_at(const json::object& parent, std::string_view key);
std::optional<std::int64_t> nano_at(const json::object& parent, std::string_view key);
std::optional<std::int64_t> units_at(const json::object& parent, std::string_view key);

/// Text to a value; nothing when it is not JSON. Nesting is bounded.
std::optional<json::value> parse_json(std::string_view text, json::storage_ptr storage = {});

}  // namespace surgeproof::k8s
