#include "app/demand_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/duration.h"

namespace surgeproof {
namespace {

constexpr double kMostSeconds = 366.0 * 86'400;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\"");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\"") - begin + 1);
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> to_seconds(std::string_view text) {
  if (const auto plain = number(text)) return plain;
  const auto duration = parse_duration(text);
  return duration ? std::optional(std::chrono::duration<double>(*duration).count()) : std::nullopt;
}

struct Row {
  double at_s = 0;
  double rate = 0;
};

}  // namespace

std::expected<whatif::Demand, std::string> demand_from_csv(std::string_view text, const std::string& file) {
  std::vector<Row> rows;
  int line = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view whole = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
    if (whole.empty() || whole.starts_with('#')) continue;
    const auto wrong = [&](std::string_view what) {
      return std::unexpected(
          fmt::format("{}:{}: {}; write time,rate: seconds and requests per second", file, line, what));
    };
    const auto separator = whole.find_first_of(",;\t");
    if (separator == whole.npos) return wrong("there is only one column");
    const std::string_view rest = whole.substr(separator + 1);
    const auto at = to_seconds(trimmed(whole.substr(0, separator)));
    const auto rate = number(trimmed(rest.substr(0, rest.find_first_of(",;\t"))));
    if (!at && !rate && rows.empty() && line == 1) continue;  // the header
    if (!at) return wrong("the first column is no time");
    if (!rate || *rate < 0) return wrong("the second column is no rate");
    if (!rows.empty() && *at <= rows.back().at_s) return wrong("times must ascend");
    if (*at < 0 || *at - (rows.empty() ? *at : rows.front().at_s) > kMostSeconds)
      return wrong("the time is out of range");
    rows.push_back({*at, *rate});
  }
  if (rows.empty()) return std::unexpected(fmt::format("{}: there is no line of time,rate", file));
  const double begin = rows.front().at_s;
  const double last = rows.size() > 1 ? rows.back().at_s - rows[rows.size() - 2].at_s : 60.0;
  whatif::Demand demand;
  demand.per_second.assign(static_cast<std::size_t>(std::ceil(rows.back().at_s - begin + last)), 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double until = i + 1 < rows.size() ? rows[i + 1].at_s : rows[i].at_s + last;
    for (double t = rows[i].at_s - begin; t < until - begin;) {
      const double next = std::min(std::floor(t + 1), until - begin);
      const auto bin = std::min(static_cast<std::size_t>(t), demand.per_second.size() - 1);
      demand.per_second[bin] += rows[i].rate * (next - t);
      t = next;
    }
  }
  return demand;
}

}  // namespace surgeproof
