// Reading fields of Kubernetes objects: absent, null and of the wrong type are the same.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"
#include "k8s/hpa/selector.h"
#include "k8s/hpa/world.h"

namespace surgeproof::hpa {

/// The field's value; a null value when `object` is no object or has no such field.
const boost::json::value& field(const boost::json::value& object, std::string_view name);
const boost::json::value& field(const boost::json::object& object, std::string_view name);
const boost::json::value& field(const boost::json::value&& object, std::string_view name) = delete;

std::string text_of(const boost::json::value& value);
std::optional<std::int32_t> int_of(const boost::json::value& value);

/// What times after the year 2200 are taken for.
inline constexpr WallTime kFarFuture{std::chrono::sys_days{std::chrono::year{2201} / 1 / 1}};

/// An RFC 3339 time; before the year 1700: WallTime::min(), after 2200: kFarFuture.
std::optional<WallTime> time_of(const boost::json::value& value);

/// A duration in Go's notation, brought within thirty years.
std::optional<std::chrono::nanoseconds> duration_of(const boost::json::value& value);

/// The text of a quantity, which may be a JSON number; empty when it is neither.
std::string quantity_text(const boost::json::value& value);
std::optional<std::int64_t> milli_of(const boost::json::value& value);

/// The elements of an array, or of the `items` of a list; none otherwise.
const boost::json::array& items_of(const boost::json::value& value);

Labels labels_of(const boost::json::value& value);
std::optional<StructuredSelector> structured_selector_of(const boost::json::value& value);

/// A v1 Status that reports a failure, or null.
bool is_failure(const boost::json::value& value);
Failure failure_of(const boost::json::value& value);

}  // namespace surgeproof::hpa
