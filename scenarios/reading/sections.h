// The sections of a scenario, each read from its node. What is wrong is reported to the Reading; what is returned then
// is as good as could be made of it, so that reading goes on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/reading/reading.h"
#include "scenarios/scenario.h"

namespace surgeproof::reading {

/// What the criteria are checked against. Where a section was not sound, what refers to it is not judged.
struct Named {
  std::vector<std::string> stages;
  bool stages_sound = true;  ///< the names are all there are
  bool times_sound = true;   ///< and so are their rates and durations
  bool watch_sound = true;
  bool signals_sound = true;
  std::vector<std::string> actions;
  bool actions_sound = true;
  bool requests_sound = true;  ///< false, too, where requests have steps: their names are not known
};

ClusterOptions read_cluster(Reading& reading, const Value& v);
std::vector<WatchTarget> read_watch(Reading& reading, const Value& v);
/// A URL, or a mapping with one.
PrometheusOptions read_prometheus(Reading& reading, const Value& v);
/// Without `prometheus:` in the file: what the variable PROMETHEUS_URL says.
PrometheusOptions prometheus_of_environment(Reading& reading, const Value& root);
std::vector<Signal> read_signals(Reading& reading, const Value& v);

Connections read_connections(Reading& reading, const Value& v);
ClientOptions read_client(Reading& reading, const Value& v);

TlsOptions read_tls(Reading& reading, const Value& v);

using Headers = std::vector<std::pair<std::string, std::string>>;
Headers read_headers(Reading& reading, const Value& v);

/// A base URL; empty after a diagnostic.
std::string read_target(Reading& reading, const Value& v);
/// Why `url` is no target; empty when it is one. The message does not quote it.
std::optional<Complaint> complaint_about_target(std::string_view url);

/// Sets named.requests_sound.
std::vector<RequestTemplate> read_requests(Reading& reading, const Value& v, Named& named);

/// The value as JSON text, types kept; numbers keep their digits. Variables are expanded. Reports what JSON cannot say.
std::string read_json(Reading& reading, const Value& v);

/// Complains about a `{{placeholder}}` that is not known.
void check_placeholders(Reading& reading, const Value& at, std::string_view text);

/// A duration of the load plan, scaled as the plan is. Empty after a diagnostic.
std::optional<std::chrono::nanoseconds> read_scaled_duration(Reading& reading, const Value& v);

/// Sets named.stages and named.stages_sound. Rates and durations are scaled.
Load read_load(Reading& reading, const Value& v, Named& named);

/// Needs watch and load. Sets named.actions and named.actions_sound.
std::vector<Action> read_actions(Reading& reading, const Value& v, const Scenario& scenario, Named& named);

/// The `hpa` of a criterion or an action, checked against `watch`; empty when it is left out, or after a diagnostic.
std::string read_watched_hpa(Reading& reading, const Fields& fields, const Scenario& scenario, const Named& named);

/// Needs the rest of the scenario, to check names against it.
std::vector<Criterion> read_criteria(Reading& reading, const Value& v, const Scenario& scenario, const Named& named);

}  // namespace surgeproof::reading
