// What the judge says: one finding a criterion, and the verdict over all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/confidence.h"
#include "analyzers/critical_path.h"
#include "analyzers/drop_types.h"
#include "analyzers/elasticity.h"
#include "base/run_time.h"

namespace surgeproof {

enum class Status : std::uint8_t {
  pass,
  fail,
  inconclusive,  ///< no data, the generator was sick, or the API could not be read: neither proven nor refuted
};
std::string_view name_of(Status s);

/// Why something went as it did.
struct Cause {
  std::string code;      ///< stable: "max_replicas_too_low", "termination_race", …
  std::string sentence;  ///< what happened, with the numbers
  std::string remedy;    ///< what to change; may be empty
  Confidence confidence = Confidence::probable;
  std::uint64_t count = 0;            ///< failed requests or pods that it explains; 0 when it does not apply
  std::vector<std::string> evidence;  ///< one line each
  bool operator==(const Cause&) const = default;
};

struct Finding {
  std::string id;     ///< stable name without figures: "scale_up backend", "latency p99 scaling"
  std::string title;  ///< the criterion in plain words: "scale up: backend has 5 ready pods within 60s of surge"
  Status status = Status::inconclusive;
  std::string
      reason;  ///< stable reason code: "in_time", "too_late", "never", "no_samples", "watch_gap", "generator_sick", …
  std::string sentence;                  ///< one sentence for people, with the numbers
  std::string observed;                  ///< "47s"
  std::string limit;                     ///< "60s"
  std::string margin;                    ///< "13s (22 %)"; negative when broken
  std::optional<double> observed_value;  ///< in `unit`
  std::optional<double> limit_value;     ///< in `unit`
  std::string unit;                      ///< "seconds", "requests", "ratio", "replicas"
  Interval evidence{};                   ///< what was looked at
  std::vector<Cause> causes;             ///< most important first
  bool decided = true;                   ///< false: more time could still change it (the run is going on)
  int line = 0;                          ///< in the scenario file
  bool operator==(const Finding&) const = default;
};

struct Verdict {
  Status status = Status::inconclusive;
  std::vector<Finding> findings;       ///< in the order of the scenario
  std::vector<Finding> health;         ///< of the tool itself: generator, watcher; a bad one explains an inconclusive
  std::vector<Cause> causes;           ///< of the whole run, most important first, each once
  DropReport drops;                    ///< every failed request under one cause
  std::vector<Elasticity> elasticity;  ///< one for each HPA
  std::vector<CriticalPath> paths;     ///< one for each surge and HPA that scaled up, or was meant to
  bool operator==(const Verdict&) const = default;

  /// 0 pass, 1 fail, 4 inconclusive.
  [[nodiscard]] int exit_code() const;
};

}  // namespace surgeproof
