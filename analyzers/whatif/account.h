// What a run cost and how it went, in the same figures for a recording and for a simulation.
#pragma once

#include <optional>

#include "analyzers/timeline.h"
#include "analyzers/whatif/simulation.h"

namespace surgeproof::whatif {

struct Account {
  std::optional<RunTime> time_to;  ///< so many ready; empty: never
  double replica_seconds = 0;      ///< ready pods, summed
  double under_capacity_s = 0;
  int changes = 0;
  int reversals = 0;
  std::optional<double> peak_utilization;  ///< percent of the request
  std::int32_t most_ready = 0;
};

/// Which pods, from when on, are counted for time_to.
struct Goal {
  std::int32_t ready = 0;
  RunTime from{};
};

Account account_of(const Simulation& simulation, const Goal& goal);
Account account_of(const HpaTrack& track, const Timeline& timeline, const Service& service, const Goal& goal);

/// How well a simulation with a recording's own settings reproduces it.
struct Reproduction {
  std::size_t syncs = 0;  ///< simulated ones within the recording
  std::size_t equal = 0;  ///< with the desired replicas that the recording has shortly after that instant
};
Reproduction reproduction_of(const Simulation& own, const HpaTrack& track, RunTime sync_period);

}  // namespace surgeproof::whatif
