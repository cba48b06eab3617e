// What simulate and tune work on: a recorded run, a scenario's plan or a table of load, with the service that bears it.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "analyzers/whatif/fit.h"
#include "app/hpa_flags.h"
#include "app/recorded_run.h"
#include "app/scenario_file.h"

namespace surgeproof {

struct WhatIfChoice {
  std::string source;              ///< run directory, scenario (YAML) or CSV
  std::string like;                ///< run directory whose service bears a planned load or a CSV
  std::vector<std::string> files;  ///< objects instead: the HPA, and its target for requests and limits
  std::string hpa;                 ///< name; empty: the only one
  HpaFlags flags;
  std::vector<std::string> settings;  ///< "NAME=VALUE"
};

struct WhatIf {
  std::string title;
  std::string ns;
  std::string hpa;
  std::unique_ptr<RecordedRun> run;  ///< of a recording; track points into it
  const HpaTrack* track = nullptr;
  std::unique_ptr<LoadedScenario> plan;  ///< of a scenario
  whatif::FittedService fitted;          ///< the service as it is
  whatif::Service changed;               ///< with the settings
  RunTime load_started{};
  bool planned_only = false;  ///< the load is not that of `run`

  /// Null for a CSV.
  [[nodiscard]] const Scenario* scenario() const;
};

/// The error is one sentence (or a scenario's diagnostics) with what would do.
std::expected<WhatIf, std::string> load_whatif(const WhatIfChoice& choice);

}  // namespace surgeproof
