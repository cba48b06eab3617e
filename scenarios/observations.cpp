#include "scenarios/observations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/duration.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

std::string format_bytes(double bytes) {
  constexpr std::array kUnits{"", "Ki", "Mi", "Gi", "Ti", "Pi"};
  std::size_t unit = 0;
  while (std::abs(bytes) >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.4g}{}", bytes, unit == 0 ? " bytes" : kUnits[unit]);
}

void add_text(std::vector<WantedLogs>& wanted, const LogScope& scope, const LogText& text) {
  auto at = std::ranges::find(wanted, scope, &WantedLogs::scope);
  if (at == wanted.end()) at = wanted.insert(wanted.end(), {scope, {}});
  if (std::ranges::find(at->texts, text.shown, &LogText::shown) == at->texts.end()) at->texts.push_back(text);
}

}  // namespace

std::string format_value(SignalValue v) {
  constexpr double kLongestSeconds = 9e9;
  switch (v.unit) {
    case ValueUnit::seconds:
      if (std::abs(v.value) > kLongestSeconds) break;
      return format_duration(std::chrono::nanoseconds{std::llround(v.value * 1e9)});
    case ValueUnit::ratio:
      return fmt::format("{:.4g}%", v.value * 100);
    case ValueUnit::per_second:
      return fmt::format("{:.4g}/s", v.value);
    case ValueUnit::bytes:
      return format_bytes(v.value);
    case ValueUnit::none:
      break;
  }
  return fmt::format("{:.6g}", v.value);
}

std::string_view name_of(ValueUnit unit) {
  constexpr std::array<std::string_view, 5> kNames{"", "seconds", "ratio", "per second", "bytes"};
  return kNames.at(static_cast<std::size_t>(unit));
}

std::string describe(const LogScope& scope) {
  const std::string where = scope.ns.empty() ? "" : " in " + scope.ns;
  return (scope.pods.empty() ? "the watched pods" : "the pods " + scope.pods) + where;
}

std::vector<WantedLogs> wanted_logs(const Scenario& scenario) {
  std::vector<WantedLogs> wanted;
  for (const Criterion& c : scenario.criteria) {
    if (const auto* logs = std::get_if<LogsCriterion>(&c.rule)) {
      for (const auto* texts : {&logs->absent, &logs->present}) {
        for (const LogText& text : *texts) add_text(wanted, logs->scope, text);
      }
    }
    if (const auto* e = std::get_if<EventuallyCriterion>(&c.rule); e != nullptr && e->log) {
      add_text(wanted, e->scope, *e->log);
    }
  }
  return wanted;
}

}  // namespace surgeproof
