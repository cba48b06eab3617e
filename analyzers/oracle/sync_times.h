// When the HPA controller came round, as far as its status tells.
#pragma once

#include <optional>
#include <vector>

#include "analyzers/timeline.h"

namespace surgeproof {

/// Samples of the HPA that a sync wrote: those whose status differs from the sample before. (A sync that changes
/// nothing writes nothing.) Indices into track.samples; the first sample is none.
std::vector<std::size_t> syncs_seen(const HpaTrack& track);

/// The controller's period and an instant at which it came round.
struct SyncGrid {
  RunTime period = std::chrono::seconds{15};
  RunTime anchor{};
  bool measured = false;  ///< false: too little was seen; 15 s, from the first sample on
};

/// The period that most gaps between syncs are whole multiples of.
SyncGrid find_sync_grid(const HpaTrack& track);

/// The most frequent remainder of instants by `period`, as the first instant at or after zero: their circular mean.
RunTime phase_of(const std::vector<RunTime>& instants, RunTime period);

}  // namespace surgeproof
