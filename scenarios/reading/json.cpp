// A YAML value as JSON text, by the core schema of YAML 1.2.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/ascii.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

bool all_digits(std::string_view t) { return !t.empty() && std::all_of(t.begin(), t.end(), ascii::is_digit); }

/// "007", "+5", "0x1F", "0o17" as decimal digits; empty when the text is no integer. No limit for decimal ones.
std::string integer_text(std::string_view text) {
  for (const auto& [prefix, base] : {std::pair{"0x", 16}, std::pair{"0o", 8}}) {
    if (!text.starts_with(prefix)) continue;
    std::uint64_t value = 0;
    const auto digits = text.substr(2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    const bool good = error == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
    return good ? fmt::format("{}", value) : std::string{};
  }
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (!all_digits(text)) return {};
  while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  return (minus && text != "0" ? "-" : "") + std::string{text};
}

/// "1.50", ".5", "2.", "-1e+3" as a JSON number; empty when the text is no float. Digits are kept.
std::string float_text(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  const auto e = std::min(text.find_first_of("eE"), text.size());
  const auto mantissa = text.substr(0, e);
  auto exponent = text.substr(std::min(e + 1, text.size()));
  const auto dot = std::min(mantissa.find('.'), mantissa.size());
  auto whole = mantissa.substr(0, dot);
  auto fraction = mantissa.substr(std::min(dot + 1, mantissa.size()));
  if (whole.empty() && fraction.empty()) return {};
  if (!std::all_of(whole.begin(), whole.end(), ascii::is_digit) ||
      !std::all_of(fraction.begin(), fraction.end(), ascii::is_digit)) {
    return {};
  }
  if (e < text.size()) {
    const bool sign = exponent.starts_with('-') || exponent.starts_with('+');
    if (!all_digits(exponent.substr(sign ? 1 : 0))) return {};
  }
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  std::string result = minus ? "-" : "";
  result += whole.empty() ? "0" : whole;
  if (!fraction.empty()) result += fmt::format(".{}", fraction);
  if (e < text.size()) result += fmt::format("e{}", exponent);
  return result;
}

bool is_infinity_or_nan(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  for (const std::string_view word : {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"}) {
    if (text == word) return true;
  }
  return false;
}

void append_string(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else if (byte < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
    } else {
      json += c;
    }
  }
  json += '"';
}

void append_scalar(Reading& reading, const Value& v, std::string& json) {
  const auto t = reading.raw_text(v, Disclosure::closed);
  if (!t) return;
  const auto& text = t->value;
  if (!v.node->plain) return append_string(json, text);
  if (v.node->is_null()) {
    json += "null";
  } else if (text == "true" || text == "True" || text == "TRUE") {
    json += "true";
  } else if (text == "false" || text == "False" || text == "FALSE") {
    json += "false";
  } else if (is_infinity_or_nan(text)) {
    reading.error(v, fmt::format("JSON has no number {}", text), "quote it to send it as text");
  } else if (const auto integer = integer_text(text); !integer.empty()) {
    json += integer;
  } else if (const auto number = float_text(text); !number.empty()) {
    json += number;
  } else {
    append_string(json, text);
  }
}

void append(Reading& reading, const Value& v, std::string& json) {
  if (v.is_scalar()) return append_scalar(reading, v, json);
  if (v.is_sequence()) {
    json += '[';
    for (std::size_t i = 0; i < v.node->items.size(); ++i) {
      if (i > 0) json += ',';
      append(reading, v.item(i), json);
    }
    json += ']';
    return;
  }
  json += '{';
  bool first = true;
  for (const auto& [key, value] : v.node->entries) {
    if (!first) json += ',';
    first = false;
    append_string(json, key.scalar);
    json += ':';
    append(reading, {&value, child_path(v.path, key.scalar)}, json);
  }
  json += '}';
}

}  // namespace

std::string read_json(Reading& reading, const Value& v) {
  std::string json;
  append(reading, v, json);
  return json;
}

}  // namespace surgeproof::reading
