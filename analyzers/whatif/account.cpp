#include "analyzers/whatif/account.h"

#include <algorithm>

#include "base/run_time.h"

namespace surgeproof::whatif {

Account account_of(const Simulation& s, const Goal& goal) {
  Account a;
  if (const auto at = s.ready_from(goal.ready, goal.from)) a.time_to = *at - goal.from;
  a.replica_seconds = s.replica_seconds;
  a.under_capacity_s = s.under_capacity_s;
  a.changes = s.changes;
  a.reversals = s.reversals;
  a.peak_utilization = s.peak_utilization;
  a.most_ready = s.most_ready();
  return a;
}

Account account_of(const HpaTrack& track, const Timeline& timeline, const Service& service, const Goal& goal) {
  Account a;
  const auto at = track.ready.first({goal.from, timeline.end}, [&](int ready) { return ready >= goal.ready; });
  if (at) a.time_to = *at - goal.from;
  track.ready.each({RunTime{0}, timeline.end}, [&](Interval span, int ready) {
    a.replica_seconds += ready * to_seconds(span.length());
    a.most_ready = std::max(a.most_ready, ready);
    const double capacity = ready * service.pod.most_per_second();
    for (RunTime t = span.begin; t < span.end;) {
      const RunTime until = std::min((t / service.demand.bin + 1) * service.demand.bin, span.end);
      if (service.demand.at(t) > capacity) a.under_capacity_s += to_seconds(until - t);
      t = until;
    }
  });
  int direction = 0;
  const auto& changes = track.wanted().changes();
  for (std::size_t i = 1; i < changes.size(); ++i) {
    const int now = changes[i].value > changes[i - 1].value ? 1 : -1;
    ++a.changes;
    if (direction != 0 && now != direction) ++a.reversals;
    direction = now;
  }
  for (const MetricTrack& m : track.metrics) {
    if (!m.utilization || !m.name.starts_with("cpu")) continue;
    for (const auto& change : m.current.changes()) {
      if (change.value) a.peak_utilization = std::max(a.peak_utilization.value_or(0), *change.value);
    }
  }
  return a;
}

Reproduction reproduction_of(const Simulation& own, const HpaTrack& track, RunTime sync_period) {
  Reproduction r;
  const Steps<int>& wanted = track.wanted();
  for (const SimulatedSync& sync : own.syncs) {
    const auto recorded = wanted.at(sync.at + std::min<RunTime>(sync_period / 4, std::chrono::seconds{1}));
    if (!recorded) continue;
    ++r.syncs;
    if (*recorded == sync.desired) ++r.equal;
  }
  return r;
}

}  // namespace surgeproof::whatif
