#include "base/duration.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace surgeproof {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};

// Longer names first, so that "ms" is not read as "m".
constexpr Unit kUnits[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},   {"μs", 1e3},   {"ms", 1e6},
                           {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}};

/// Three significant digits without a trailing ".0": 4.21, 12.3, 850, 30.
std::string three_digits(double value) {
  std::string text = value >= 99.95   ? fmt::format("{:.0f}", value)
                     : value >= 9.995 ? fmt::format("{:.1f}", value)
                                      : fmt::format("{:.2f}", value);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::nanoseconds{0};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double value = 0;
    if (text.front() == '-' || text.front() == '+') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const Unit* unit = nullptr;
    for (const auto& u : kUnits) {
      if (text.starts_with(u.name)) {
        unit = &u;
        break;
      }
    }
    if (unit == nullptr) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += value * unit->nanoseconds;
  }
  if (!(total < 9.2e18)) return std::nullopt;
  const auto ns = static_cast<std::int64_t>(std::llround(total));
  return std::chrono::nanoseconds{negative ? -ns : ns};
}

std::string format_duration(std::chrono::nanoseconds d) {
  if (d < std::chrono::nanoseconds{0}) return "-" + format_duration(-d);
  const auto ns = static_cast<double>(d.count());
  if (d.count() == 0) return "0s";
  if (ns < 999.5) return three_digits(ns) + "ns";
  if (ns < 999.5e3) return three_digits(ns / 1e3) + "µs";
  if (ns < 999.5e6) return three_digits(ns / 1e6) + "ms";
  if (ns < 119.5e9) return three_digits(ns / 1e9) + "s";
  const auto total = static_cast<std::int64_t>(std::llround(ns / 1e9));
  const auto h = total / 3600;
  const auto m = total / 60 % 60;
  const auto s = total % 60;
  std::string text;
  if (h > 0) text += fmt::format("{}h", h);
  if (m > 0) text += fmt::format("{}m", m);
  if (s > 0 && h == 0) text += fmt::format("{}s", s);
  return text.empty() ? "0s" : text;
}

std::string format_duration_exact(std::chrono::nanoseconds d) {
  const auto ns = d.count();
  if (ns % 1'000'000'000 == 0) return fmt::format("{}s", ns / 1'000'000'000);
  if (ns % 1'000'000 == 0) return fmt::format("{}ms", ns / 1'000'000);
  if (ns % 1'000 == 0) return fmt::format("{}us", ns / 1'000);
  return fmt::format("{}ns", ns);
}

}  // namespace surgeproof
