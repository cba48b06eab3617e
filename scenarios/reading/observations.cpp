// prometheus, signals.
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "scenarios/reading/sections.h"

namespace surgeproof::reading {
namespace {

std::string read_url(Reading& reading, const Value& v) {
  const auto t = reading.text(v, Disclosure::open);
  if (!t || t->unresolved) return t ? t->value : "";
  if (auto complaint = complaint_about_target(t->value)) {
    const bool login = complaint->message.contains("password");
    reading.error(v, std::move(complaint->message),
                  login ? "give it in prometheus.headers: {Authorization: \"Basic ${…}\"}"
                        : "write its base URL, as in http://prometheus.monitoring:9090");
    return {};
  }
  std::string url = t->value;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// The name stands in reports, in `criteria`, and in the names of recorded resources.
bool good_name(std::string_view name) {
  const auto good = [](char c) { return ascii::is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; };
  return !name.empty() && name.size() <= 60 && std::ranges::all_of(name, good);
}

std::optional<Signal> read_signal(Reading& reading, const Value& v, const std::string& name) {
  Fields fields{reading, v, kSignal};
  if (!fields.usable()) return std::nullopt;
  Signal signal;
  signal.name = name;
  if (const auto f = fields.require("prometheus", "as in prometheus: 'sum(rate(errors_total[1m]))'")) {
    if (const auto t = reading.text(*f, Disclosure::closed)) signal.query = t->value;
  }
  if (const auto f = fields.get("every")) {
    signal.every = reading.duration(*f).value_or(signal.every);
    if (signal.every < std::chrono::milliseconds{100}) {
      reading.error(*f, "is more often than a Prometheus should be asked", "write 100ms or more; 5s to 30s is usual");
    }
  }
  return signal;
}

}  // namespace

PrometheusOptions read_prometheus(Reading& reading, const Value& v) {
  PrometheusOptions prometheus;
  if (v.is_scalar()) {
    prometheus.url = read_url(reading, v);
    return prometheus;
  }
  Fields fields{reading, v, kPrometheus};
  if (!fields.usable()) return prometheus;
  if (const auto f = fields.require("url", "as in url: http://prometheus.monitoring:9090")) {
    prometheus.url = read_url(reading, *f);
  }
  if (const auto f = fields.get("token")) {
    // An empty one, of a variable that is not set, is none.
    if (const auto t = reading.raw_text(*f, Disclosure::closed)) prometheus.token = t->value;
    if (prometheus.url.starts_with("http://") && !prometheus.token.empty()) {
      reading.error(*f, "would go over plain http, where anybody can read it",
                    "use https, or leave the token out when the server wants none");
    }
  }
  if (const auto f = fields.get("headers")) prometheus.headers = read_headers(reading, *f);
  if (const auto f = fields.get("tls")) {
    prometheus.tls = read_tls(reading, *f);
    if (prometheus.url.starts_with("http://")) reading.error(*f, "has no effect: prometheus.url is not https");
  }
  return prometheus;
}

PrometheusOptions prometheus_of_environment(Reading& reading, const Value& root) {
  PrometheusOptions prometheus;
  const auto& options = reading.options();
  constexpr std::string_view kName = "PROMETHEUS_URL";
  std::string url;
  if (const auto given = options.variables.find(kName); given != options.variables.end()) {
    url = given->second;
  } else if (options.environment) {
    url = options.environment(kName).value_or("");
  }
  while (url.ends_with('/')) url.pop_back();
  if (url.empty()) return prometheus;
  if (const auto complaint = complaint_about_target(url)) {
    reading.error(root, "the variable PROMETHEUS_URL " + complaint->message, complaint->hint);
  } else {
    prometheus.url = url;
  }
  return prometheus;
}

std::vector<Signal> read_signals(Reading& reading, const Value& v) {
  std::vector<Signal> signals;
  if (!v.is_mapping()) {
    reading.error(v, "must be a mapping from names to queries", "as in {errors: {prometheus: 'sum(errors_total)'}}");
    return signals;
  }
  for (const auto& [key, value] : v.node->entries) {
    const Place place{key.line, key.column};
    const Value at{&value, child_path(v.path, key.scalar)};
    if (!good_name(key.scalar)) {
      reading.error(place, v.path, fmt::format("\"{}\" is no name of a signal", shorten(key.scalar)),
                    "names are of letters, digits, '_', '-' and '.', up to 60");
    } else if (key.scalar == "during") {
      reading.error(place, at.path, "a signal cannot have that name: criteria use it otherwise", "rename it");
    } else if (value.is_null()) {
      reading.error(place, at.path, "has no value", "write {prometheus: 'QUERY'}");
    } else if (auto signal = read_signal(reading, at, key.scalar)) {
      signals.push_back(*std::move(signal));
    }
  }
  return signals;
}

}  // namespace surgeproof::reading
