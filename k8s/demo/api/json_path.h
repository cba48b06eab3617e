// Reading JSON objects by dotted path, without ever throwing: what is missing or of another type reads as empty.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace surgeproof::demo {

/// "metadata.labels" (members only; a key that itself holds a dot cannot be reached). Null when it is not there.
const boost::json::value* find_at(const boost::json::object& o, std::string_view path);
/// Empty when missing or no string. Lives as long as the object.
std::string_view text_at(const boost::json::object& o, std::string_view path);
std::optional<std::int64_t> int_at(const boost::json::object& o, std::string_view path);
bool bool_at(const boost::json::object& o, std::string_view path, bool otherwise = false);
/// An empty object or array when missing or of another type.
const boost::json::object& object_at(const boost::json::object& o, std::string_view path);
const boost::json::array& array_at(const boost::json::object& o, std::string_view path);

/// The object under that path, made on the way (replacing what is no object).
boost::json::object& ensure_object(boost::json::object& o, std::string_view path);

}  // namespace surgeproof::demo
