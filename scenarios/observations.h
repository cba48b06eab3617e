// What a scenario looks at beside load and replicas: signals of a Prometheus server, texts in pods' logs; and money.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surgeproof {

struct Scenario;

/// How a value of a signal is written. Prometheus itself has no units: by its conventions values are in base units.
enum class ValueUnit : std::uint8_t {
  none,        ///< "0", "12.5"
  seconds,     ///< "1s", "250ms"
  ratio,       ///< "5%": 0.05
  per_second,  ///< "400/s", "24000/min"
  bytes,       ///< "128Mi", "1.5GB"
};

/// A limit of a signal, in base units: seconds, a ratio, per second, bytes.
struct SignalValue {
  double value = 0;
  ValueUnit unit = ValueUnit::none;
  bool operator==(const SignalValue&) const = default;
};

/// For people: "1s", "5%", "400/s", "128Mi", "12.5".
std::string format_value(SignalValue v);
/// The unit's name in a finding: "", "seconds", "ratio", "per second", "bytes".
std::string_view name_of(ValueUnit unit);

/// One `signals:` entry.
struct Signal {
  std::string name;
  std::string query;  ///< PromQL that gives one number
  std::chrono::nanoseconds every{std::chrono::seconds{15}};
};

/// A text to look for in logs. `text` may be a secret (a ${VARIABLE}'s value): only `shown` is recorded and reported.
struct LogText {
  std::string text;
  std::string shown;    ///< as written, without secrets
  bool secret = false;  ///< `text` came from a variable: it is masked wherever it stands in a line
};

/// The pods whose logs count.
struct LogScope {
  std::string ns;    ///< empty: of the watched HPAs, or the cluster's default
  std::string pods;  ///< label selector; empty: the watched HPAs' pods
  bool operator==(const LogScope&) const = default;
  auto operator<=>(const LogScope&) const = default;
};

/// "the pods app=backend", "the watched pods".
std::string describe(const LogScope& scope);

/// Everything that the criteria of a scenario look for in logs, each scope and each text once.
struct WantedLogs {
  LogScope scope;
  std::vector<LogText> texts;
};
std::vector<WantedLogs> wanted_logs(const Scenario& scenario);

/// What a replica costs.
struct Price {
  double per_replica_hour = 0;
  std::string currency;  ///< "EUR"
};

}  // namespace surgeproof
