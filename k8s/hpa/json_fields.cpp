#include "k8s/hpa/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/duration.h"
#include "base/wall_time.h"
#include "k8s/hpa/amount.h"

namespace surgeproof::hpa {

namespace json = boost::json;

namespace {
const json::value& null_value() {
  static const json::value kNull;
  return kNull;
}
}  // namespace

const json::value& field(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? null_value() : *found;
}

const json::value& field(const json::value& object, std::string_view name) {
  const auto* fields = object.if_object();
  return fields == nullptr ? null_value() : field(*fields, name);
}

std::string text_of(const json::value& value) {
  const auto* text = value.if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::optional<std::int32_t> int_of(const json::value& value) {
  json::error_code failed;
  const auto number = value.is_number() ? value.to_number<std::int32_t>(failed) : 0;
  if (!value.is_number() || failed) return std::nullopt;
  return number;
}

std::optional<WallTime> time_of(const json::value& value) {
  const auto text = text_of(value);
  int year = 0;
  if (text.size() < 5) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, year);
  if (error != std::errc{} || end != text.data() + 4) return std::nullopt;
  // Go's zero time is of the year 1, and 64 bits of nanoseconds end in 2262: leave room to add to a time.
  if (year < 1700) return WallTime::min();
  if (year > 2200) return kFarFuture;
  return parse_rfc3339(text);
}

std::optional<std::chrono::nanoseconds> duration_of(const json::value& value) {
  constexpr std::chrono::nanoseconds kMost = std::chrono::hours{24 * 365 * 30};
  const auto duration = parse_duration(text_of(value));
  if (!duration) return std::nullopt;
  return std::clamp(*duration, -kMost, kMost);
}

std::string quantity_text(const json::value& value) {
  if (value.is_string()) {
    std::string text = text_of(value);
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
  }
  if (value.is_int64()) return fmt::format("{}", value.get_int64());
  if (value.is_uint64()) return fmt::format("{}", value.get_uint64());
  if (value.is_double()) return fmt::format("{}", value.get_double());
  return {};
}

std::optional<std::int64_t> milli_of(const json::value& value) { return milli_value(quantity_text(value)); }

const json::array& items_of(const json::value& value) {
  static const json::array kNone;
  if (const auto* array = value.if_array()) return *array;
  const auto* array = field(value, "items").if_array();
  return array == nullptr ? kNone : *array;
}

Labels labels_of(const json::value& value) {
  Labels labels;
  if (const auto* fields = value.if_object()) {
    for (const auto& entry : *fields) labels.emplace(std::string(entry.key()), text_of(entry.value()));
  }
  return labels;
}

std::optional<StructuredSelector> structured_selector_of(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  StructuredSelector selector;
  selector.match_labels = labels_of(field(value, "matchLabels"));
  for (const auto& item : items_of(field(value, "matchExpressions"))) {
    auto& expression = selector.match_expressions.emplace_back();
    expression.key = text_of(field(item, "key"));
    expression.op = text_of(field(item, "operator"));
    for (const auto& v : items_of(field(item, "values"))) expression.values.push_back(text_of(v));
  }
  return selector;
}

bool is_failure(const json::value& value) { return !value.is_object() || text_of(field(value, "kind")) == "Status"; }

Failure failure_of(const json::value& value) {
  if (!value.is_object()) return {0, "", "the server could not find the requested resource"};
  return {int_of(field(value, "code")).value_or(0), text_of(field(value, "reason")), text_of(field(value, "message"))};
}

}  // namespace surgeproof::hpa
