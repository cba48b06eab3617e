// Syncs found in a recording, and how their period is told.
#include <gtest/gtest.h>

#include "analyzers/oracle/sync_times.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

HpaTrack track_with(std::initializer_list<std::pair<RunTime, int>> utilizations) {
  HpaTrack track;
  for (const auto& [at, percent] : utilizations) {
    HpaSample s;
    s.at.observed = at;
    s.metrics.push_back({});
    s.metrics.back().current_utilization_percent = percent;
    track.samples.push_back(s);
  }
  return track;
}

TEST(SyncTimes, ASyncIsWhatChangesTheStatus) {
  const HpaTrack track = track_with({{1s, 20}, {16s, 20}, {31s, 25}, {32s, 25}, {46s, 90}});
  EXPECT_EQ(syncs_seen(track), (std::vector<std::size_t>{2, 4}));
}

TEST(SyncTimes, ThePeriodIsWhatTheGapsAreMultiplesOf) {
  struct Row {
    const char* what;
    HpaTrack track;
    RunTime period;
    bool measured;
  };
  const Row table[] = {
      {"every 15 s, some change nothing",
       track_with({{0s, 1}, {10s, 2}, {25s, 3}, {55s, 4}, {70s, 5}, {115s, 6}, {130s, 7}}), 15s, true},
      {"every 2 s with jitter",
       track_with({{0ms, 1}, {1000ms, 2}, {3010ms, 3}, {4995ms, 4}, {7002ms, 5}, {11008ms, 6}, {12998ms, 7}}), 2s,
       true},
      {"two gaps that could be anything: Kubernetes' own", track_with({{0s, 1}, {5s, 2}, {35s, 3}, {80s, 4}}), 15s,
       true},
      {"one sync tells nothing", track_with({{0s, 1}, {5s, 2}}), 15s, false},
      {"nothing at all", HpaTrack{}, 15s, false},
  };
  for (const Row& row : table) {
    const SyncGrid grid = find_sync_grid(row.track);
    EXPECT_EQ(grid.period, row.period) << row.what;
    EXPECT_EQ(grid.measured, row.measured) << row.what;
  }
}

TEST(SyncTimes, ThePhaseIsACircularMean) {
  EXPECT_EQ(phase_of({}, 15s), 0s);
  EXPECT_LT(std::min(phase_of({14s, 31s}, 15s), 15s - phase_of({14s, 31s}, 15s)), 100ms);
  EXPECT_NEAR(static_cast<double>(phase_of({3s, 5s, 7s}, 2s).count()), 1e9, 1e6);
}

}  // namespace
}  // namespace surgeproof
