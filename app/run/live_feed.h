// Gathers what the live view shows from the generator, the watcher and the judge.
#pragma once

#include <string>
#include <vector>

#include "analyzers/finding.h"
#include "base/records.h"
#include "base/run_time.h"
#include "k8s/live_state.h"
#include "loadgen/engine.h"
#include "reports/live.h"
#include "reports/live_decisions.h"
#include "scenarios/load_profile.h"
#include "scenarios/scenario.h"

namespace surgeproof {

class LiveFeed {
 public:
  /// `hint` is the view's last line.
  explicit LiveFeed(const Scenario& scenario, std::string hint = "Ctrl-C stops and still writes a report");

  struct Moment {
    RunTime elapsed{};     ///< since the start of the load; negative before
    RunTime load_start{};  ///< on the run's axis
    std::string state;
    loadgen::LiveCounters load;
    k8s::LiveState cluster;
    const Verdict* verdict = nullptr;  ///< null before the first judgement
  };
  /// What was recorded since; decisions of the HPAs are remembered.
  void hear(const Record& record) { decisions_.hear(record); }
  /// Adds one moment to the histories, about once a second.
  void add(const Moment& moment);
  /// What became of an action.
  void add(const ActionSample& action);
  /// Another thing worth knowing, in the last line.
  void add_hint(const std::string& hint) { view_.hint += "; " + hint; }
  [[nodiscard]] const reports::LiveView& view() const { return view_; }

 private:
  void add_load(const Moment& moment);
  void add_cluster(const k8s::LiveState& cluster, const Moment& moment);

  LoadProfile profile_;
  reports::LiveView view_;
  reports::LiveDecisions decisions_;
  std::uint64_t failed_before_ = 0;  ///< requests that had ended otherwise than well one moment ago
  RunTime moment_before_{};
};

}  // namespace surgeproof
