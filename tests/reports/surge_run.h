// A run as it could have been recorded: 2 → 5 → 2 pods, too slow while scaling, some requests dropped while pods end.
// Made by arithmetic only, so that every number in the golden files is the same everywhere.
#pragma once

#include <string>

#include "analyzers/finding.h"
#include "analyzers/timeline.h"
#include "base/run_info.h"
#include "reports/report.h"
#include "scenarios/scenario.h"

namespace surgeproof::reports {

struct RecordedRun {
  RunInfo info;
  Scenario scenario;
  Timeline timeline;
  Verdict verdict;
  std::string scenario_text;
};

RecordedRun surge_run();

/// 30 minutes at 1,000/s with 10 pods: what the size of a report is measured with.
RecordedRun long_run();

/// The same cluster, watched without load.
RecordedRun watched_run();

/// Nothing was recorded: neither load nor cluster.
RecordedRun empty_run();

inline Report report_of(const RecordedRun& run) {
  return build_report(run.info, run.scenario, run.timeline, run.verdict, run.scenario_text);
}

/// With a log of decisions: one that the controller's model explains, one that it does not.
Report with_decisions(Report report);

}  // namespace surgeproof::reports
