// Gathers what the live view shows from the generator, the watcher and the judge.
#pragma once

#include <string>
#include <vector>

#include "analyzers/finding.h"
#include "base/run_time.h"
#include "k8s/live_state.h"
#include "loadgen/engine.h"
#include "reports/live.h"
#include "scenarios/load_profile.h"
#include "scenarios/scenario.h"

namespace surgeproof {

class LiveFeed {
 public:
  /// `hint` is the view's last line.
  explicit LiveFeed(const Scenario& scenario, std::string hint = "Ctrl-C stops and still writes a report");

  struct Moment {
    RunTime elapsed{};  ///< since the start of the load; negative before
    std::string state;
    loadgen::LiveCounters load;
    k8s::LiveState cluster;
    const Verdict* verdict = nullptr;  ///< null before the first judgement
  };
  /// Adds one moment to the histories, about once a second.
  void add(const Moment& moment);
  /// What became of an action.
  void add(const ActionSample& action);
  /// Another thing worth knowing, in the last line.
  void add_hint(const std::string& hint) { view_.hint += "; " + hint; }
  [[nodiscard]] const reports::LiveView& view() const { return view_; }

 private:
  void add_load(const Moment& moment);
  void add_cluster(const k8s::LiveState& cluster);

  LoadProfile profile_;
  reports::LiveView view_;
};

}  // namespace surgeproof
