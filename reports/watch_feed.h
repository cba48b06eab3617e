// From records to the screen of `surgeproof watch`. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/records.h"
#include "reports/live_decisions.h"
#include "reports/watch_view.h"

namespace surgeproof::reports {

class WatchFeed {
 public:
  /// `begun`: RunTime 0 on the wall clock. The screen shows the HPAs (namespace, name) and signals in this order.
  WatchFeed(WallTime begun, const std::vector<std::pair<std::string, std::string>>& hpas,
            const std::vector<std::string>& signals);

  void hear(const Record& record);
  /// What a Narrator says of the records.
  void tell(const std::vector<Told>& news);
  /// The view at `now`, with one more moment in each history: to be called about once a second.
  const WatchView& view_at(RunTime now);

  /// What the records do not say: cluster, length, hint, ascii.
  [[nodiscard]] WatchView& settings() { return view_; }

 private:
  struct KnownPod {
    PodSample last;
    std::optional<RunTime> since;  ///< in its present state
    std::string state;
  };
  void hear_hpa(const HpaSample& sample);
  void hear_pod(const PodSample& sample);
  void hear_state(const WatchState& state);
  void count_pods(WatchedHpa& hpa);
  [[nodiscard]] WatchedHpa* find_hpa(const std::string& ns, const std::string& name);
  [[nodiscard]] bool is_seen(const std::string& resource, const WatchedHpa& hpa) const;

  WatchView view_;
  LiveDecisions decisions_;
  std::map<std::string, KnownPod> pods_;   ///< by uid
  std::map<std::string, WatchState> bad_;  ///< what cannot be seen, by resource, namespace and HPA
};

}  // namespace surgeproof::reports
