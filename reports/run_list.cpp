#include "reports/run_list.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "base/ascii.h"
#include "reports/formats.h"
#include "reports/text.h"

namespace surgeproof::reports {
namespace {

namespace json = boost::json;

const json::value* member(const json::value* from, std::string_view key) {
  return from != nullptr && from->is_object() ? from->get_object().if_contains(key) : nullptr;
}

std::string text_at(const json::value* from, std::string_view key) {
  const json::value* v = member(from, key);
  return v != nullptr && v->is_string() ? std::string{v->get_string()} : std::string{};
}

std::optional<double> number_at(const json::value* from, std::string_view key) {
  const json::value* v = member(from, key);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  return v->to_number<double>();
}

std::optional<std::uint64_t> count_at(const json::value* from, std::string_view key) {
  const auto n = number_at(from, key);
  if (!n || *n < 0 || *n > 9e15) return std::nullopt;
  return static_cast<std::uint64_t>(*n);
}

/// How long the slowest of the run's scale-ups took.
std::optional<double> time_to_n(const json::value& document) {
  const json::value* criteria = member(&document, "criteria");
  if (criteria == nullptr || !criteria->is_array()) return std::nullopt;
  std::optional<double> longest;
  for (const json::value& c : criteria->get_array()) {
    if (!text_at(&c, "id").starts_with("scale_up") || text_at(&c, "unit") != "seconds") continue;
    if (const auto took = number_at(&c, "observed_value")) longest = std::max(longest.value_or(*took), *took);
  }
  return longest;
}

/// Of the runs that say so, oldest first; `value` returns an optional double, `words` its text.
template <class Value, class Words>
void add_trend(const char* title, Value value, Words words, RunGroup& group) {
  Trend trend;
  trend.title = title;
  double least = 0;
  for (std::size_t i = group.runs.size(); i-- > 0;) {
    const std::optional<double> v = value(group.runs[i]);
    if (!v) continue;
    least = trend.points.empty() ? *v : std::min(least, *v);
    trend.top = std::max(trend.top, *v);
    trend.points.push_back({i, *v, 0, 0, words(*v)});
  }
  if (trend.points.size() < 2) return;
  for (std::size_t i = 0; i < trend.points.size(); ++i) {
    trend.points[i].x_share = static_cast<double>(i) / static_cast<double>(trend.points.size() - 1);
    trend.points[i].y_share = trend.top > 0 ? trend.points[i].value / trend.top : 0;
  }
  trend.last = trend.points.back().words;
  trend.range = fmt::format("{} to {} in {} runs", words(least), words(trend.top), trend.points.size());
  group.trends.push_back(std::move(trend));
}

void add_trends(RunGroup& group) {
  add_trend(
      "p99 latency", [](const PastRun& r) { return r.p99_ms; }, [](double ms) { return words_for_ms(ms); }, group);
  add_trend(
      "Dropped requests",
      [](const PastRun& r) { return r.dropped ? std::optional{static_cast<double>(*r.dropped)} : std::nullopt; },
      [](double n) { return grouped(static_cast<std::uint64_t>(n)); }, group);
  add_trend(
      "Time to N pods", [](const PastRun& r) { return r.time_to_n_s; }, [](double s) { return words_for_ms(s * 1e3); },
      group);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<PastRun> past_run_of(std::string_view verdict_json) {
  boost::system::error_code error;
  const json::value document = json::parse(verdict_json, error);
  // What a list shows stands in the same place in all versions.
  const double version = error ? 0 : number_at(&document, "schema_version").value_or(0);
  if (version < 1 || version > kVerdictSchemaVersion) return std::nullopt;
  const json::value* run = member(&document, "run");
  const json::value* verdict = member(&document, "verdict");
  PastRun out;
  out.name = text_at(run, "name");
  out.load_started = text_at(run, "load_started");
  out.status = text_at(verdict, "status");
  if (out.status != "pass" && out.status != "fail" && out.status != "inconclusive") return std::nullopt;
  out.headline = text_at(verdict, "headline");
  const json::value* total = member(member(&document, "summary"), "total");
  out.planned = count_at(total, "planned_requests");
  out.dropped = count_at(total, "dropped_requests");
  out.p99_ms = number_at(total, "latency_p99_ms");
  out.time_to_n_s = time_to_n(document);
  return out;
}

RunList build_run_list(std::string directory, std::vector<PastRun> runs, std::size_t left_out) {
  RunList list{std::move(directory), runs.size(), left_out, {}};
  std::ranges::sort(runs, [](const PastRun& a, const PastRun& b) {
    return std::tie(a.load_started, a.directory) > std::tie(b.load_started, b.directory);
  });
  std::map<std::string, std::size_t> places;
  for (PastRun& run : runs) {
    const auto [place, fresh] = places.try_emplace(run.name, list.groups.size());
    if (fresh) list.groups.push_back({run.name, {}, {}});
    list.groups[place->second].runs.push_back(std::move(run));
  }
  for (RunGroup& group : list.groups) add_trends(group);
  return list;
}

std::string url_segment(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = ascii::is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
    out += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::optional<std::string> name_of_segment(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      out += segment[i];
      continue;
    }
    if (i + 2 >= segment.size()) return std::nullopt;
    const int high = hex_digit(segment[i + 1]);
    const int low = hex_digit(segment[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace surgeproof::reports
