#include "scenarios/reading/quantities.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/duration.h"

namespace surgeproof::reading {
namespace {

std::unexpected<Complaint> refuse(std::string message, std::string hint = {}) {
  return std::unexpected(Complaint{std::move(message), std::move(hint)});
}

/// Takes a decimal number ("12", "1.5", ".5", "-3") from the front; "nan", "inf" and "1e3" are none.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto unsigned_text = text.starts_with('-') ? text.substr(1) : text;
  if (unsigned_text.empty() || !(ascii::is_digit(unsigned_text[0]) || unsigned_text[0] == '.')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range) value = 1e300;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool is_bare_number(std::string_view text) { return take_number(text).has_value() && text.empty(); }

/// "30 s" is "30s" with a space in it.
std::optional<std::string> without_spaces(std::string_view text) {
  std::string tight{text};
  std::erase(tight, ' ');
  return tight.size() == text.size() ? std::nullopt : std::optional{tight};
}

/// Bytes in the unit of a size; 0 when it is none.
double bytes_of(std::string_view unit) {
  constexpr std::pair<std::string_view, double> kUnits[] = {{"B", 1},
                                                            {"kB", 1e3},
                                                            {"KB", 1e3},
                                                            {"MB", 1e6},
                                                            {"GB", 1e9},
                                                            {"TB", 1e12},
                                                            {"Ki", 1024},
                                                            {"Mi", 1048576},
                                                            {"Gi", 1073741824.},
                                                            {"Ti", 1099511627776.},
                                                            {"KiB", 1024},
                                                            {"MiB", 1048576},
                                                            {"GiB", 1073741824.},
                                                            {"TiB", 1099511627776.}};
  for (const auto& [name, bytes] : kUnits) {
    if (unit == name) return bytes;
  }
  return 0;
}

/// Seconds in the unit of a rate; 0 when it is none.
double seconds_of(std::string_view unit) {
  if (unit == "s" || unit == "sec") return 1;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "h") return 3600;
  return 0;
}

}  // namespace

std::expected<Rate, Complaint> read_rate(std::string_view text) {
  if (is_bare_number(text)) return refuse("a rate needs a unit", fmt::format("write {}/s or {}/min", text, text));
  auto rest = text;
  const auto value = take_number(rest);
  const double unit = rest.starts_with('/') ? seconds_of(rest.substr(1)) : 0;
  if (!value || unit == 0) {
    if (const auto tight = without_spaces(text); tight && read_rate(*tight)) {
      return refuse("a rate has no space in it", fmt::format("write {}", *tight));
    }
    return refuse(fmt::format("\"{}\" is no rate", text), "write a number with /s, /min or /h, as in 400/s");
  }
  if (*value < 0) return refuse("a rate may not be negative");
  const double rate = *value / unit;
  if (rate > kHighestRate) return refuse("is more than 10000000/s, the highest rate that can be planned");
  return Rate{rate};
}

std::expected<std::chrono::nanoseconds, Complaint> read_duration(std::string_view text, Zero zero) {
  const auto value = parse_duration(text);
  if (!value && is_bare_number(text)) {
    return refuse("a duration needs a unit", fmt::format("write {}s, {}m or {}h", text, text, text));
  }
  if (!value) {
    if (const auto tight = without_spaces(text); tight && parse_duration(*tight)) {
      return refuse("a duration has no space in it", fmt::format("write {}", *tight));
    }
    const bool digits = !text.empty() && std::all_of(text.begin(), text.end() - 1, ascii::is_digit);
    if (digits && parse_duration(std::string{"1"} + text.back())) return refuse("is longer than 7 days");
    return refuse(fmt::format("\"{}\" is no duration", text), "write a number with ms, s, m or h, as in 30s or 1m30s");
  }
  if (*value < std::chrono::nanoseconds{0}) return refuse("a duration may not be negative");
  if (*value > kLongest) return refuse("is longer than 7 days");
  if (value->count() == 0 && zero == Zero::refused) return refuse("must be longer than 0");
  return *value;
}

std::expected<Ratio, Complaint> read_percent(std::string_view text) {
  if (is_bare_number(text)) return refuse("a share needs a percent sign", fmt::format("write {}%", text));
  auto rest = text;
  const auto value = take_number(rest);
  if (!value || rest != "%") {
    if (const auto tight = without_spaces(text); tight && read_percent(*tight)) {
      return refuse("a share has no space in it", fmt::format("write {}", *tight));
    }
    return refuse(fmt::format("\"{}\" is no share", text), "write a number with %, as in 0.1%");
  }
  if (*value < 0 || *value > 100) return refuse("must lie between 0% and 100%");
  return Ratio{*value / 100};
}

std::expected<std::int64_t, Complaint> read_integer(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) {
    return refuse(fmt::format("\"{}\" is no whole number", text));
  }
  if (error != std::errc{} || value < least || value > most) {
    return refuse(fmt::format("must lie between {} and {}", least, most));
  }
  return value;
}

std::expected<double, Complaint> read_number(std::string_view text, double most) {
  if (!is_bare_number(text)) return refuse(fmt::format("\"{}\" is no number", text));
  const auto value = *take_number(text);
  if (value < 0) return refuse("may not be negative");
  if (value > most) return refuse(fmt::format("is more than {}", most));
  return value;
}

std::expected<bool, Complaint> read_boolean(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return refuse(fmt::format("\"{}\" is neither true nor false", text), "write true or false");
}

std::expected<SignalValue, Complaint> read_signal_value(std::string_view text) {
  auto rest = text;
  const auto value = take_number(rest);
  if (value && rest.empty()) return SignalValue{*value, ValueUnit::none};
  if (value && rest == "%") return SignalValue{*value / 100, ValueUnit::ratio};
  if (value && rest.starts_with('/')) {
    if (const double unit = seconds_of(rest.substr(1)); unit > 0)
      return SignalValue{*value / unit, ValueUnit::per_second};
  }
  if (value && bytes_of(rest) > 0) return SignalValue{*value * bytes_of(rest), ValueUnit::bytes};
  if (const auto length = parse_duration(text)) {
    return SignalValue{static_cast<double>(length->count()) / 1e9, ValueUnit::seconds};
  }
  if (const auto tight = without_spaces(text); tight && read_signal_value(*tight)) {
    return refuse("a value has no space in it", fmt::format("write {}", *tight));
  }
  return refuse(fmt::format("\"{}\" is no value", text),
                "write a number, alone or with a unit: 1s, 250ms, 5%, 400/s, 128Mi, 1.5GB");
}

std::expected<Price, Complaint> read_price(std::string_view text) {
  constexpr std::string_view kHint = "write what one replica costs an hour, as in 0.048 EUR/h";
  auto rest = text;
  const auto value = take_number(rest);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (value && rest.empty())
    return refuse("a price needs a currency and its hour", fmt::format("write {} EUR/h", text));
  const auto slash = rest.find('/');
  const auto currency = rest.substr(0, slash);
  constexpr std::size_t kLongestCurrency = 8;
  const bool good = value && slash != std::string_view::npos && rest.substr(slash) == "/h" && !currency.empty() &&
                    currency.size() <= kLongestCurrency &&
                    currency.find_first_of(" 0123456789") == std::string_view::npos;
  if (!good) return refuse(fmt::format("\"{}\" is no price", text), std::string{kHint});
  if (*value < 0 || *value > 1e9) return refuse("a price must lie between 0 and 1000000000");
  return Price{*value, std::string{currency}};
}

}  // namespace surgeproof::reading
