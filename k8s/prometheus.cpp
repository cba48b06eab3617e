#include "k8s/prometheus.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "k8s/feed.h"
#include "k8s/json_access.h"
#include "k8s/mask.h"

namespace surgeproof::k8s {
namespace {

/// [1700000000.123, "0.25"]
std::expected<std::optional<InstantValue>, std::string> value_of(const json::array& pair) {
  if (pair.size() != 2 || !pair[0].is_number() || !pair[1].is_string()) {
    return std::unexpected("the answer is not a Prometheus server's");
  }
  const double seconds = pair[0].to_number<double>();
  const std::string text(pair[1].get_string().data(), pair[1].get_string().size());
  if (text == "NaN" || text == "+Inf" || text == "-Inf") {
    return std::unexpected(fmt::format("the query gives {} (a division by zero, or no data in its range)", text));
  }
  InstantValue out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(out.value) ||
      std::abs(seconds) > 7e9) {
    return std::unexpected("the answer is not a Prometheus server's");
  }
  out.timestamp = WallTime{std::chrono::milliseconds{std::llround(seconds * 1000)}};
  return out;
}

}  // namespace

std::string instant_query_target(std::string_view query) { return "/api/v1/query?query=" + encode_query(query); }

std::expected<std::optional<InstantValue>, std::string> parse_instant_answer(std::string_view body) {
  const auto value = parse_json(body);
  const json::object& answer = value ? as_object(*value) : as_object({});
  if (text_at(answer, "status") == "error") return std::unexpected(safe_line(text_at(answer, "error"), 300));
  if (text_at(answer, "status") != "success") return std::unexpected("the answer is not a Prometheus server's");
  const json::object& data = object_at(answer, "data");
  const std::string type = text_at(data, "resultType");
  const json::array& result = array_at(data, "result");
  if (type == "scalar") return value_of(result);
  if (type != "vector") {
    return std::unexpected(
        fmt::format("the query gives a {}; a number or one series is wanted", type == "matrix"   ? "range of values"
                                                                              : type == "string" ? "text"
                                                                                                 : "something else"));
  }
  if (result.empty()) return std::nullopt;
  if (result.size() > 1) {
    return std::unexpected(
        fmt::format("the query gives {} series; one is wanted: sum(…), max(…) or a closer selector", result.size()));
  }
  return value_of(array_at(as_object(result[0]), "value"));
}

}  // namespace surgeproof::k8s
