// Every sync of a recording that the HPA's status tells of, decided again by the model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzers/oracle/recorded_world.h"
#include "analyzers/oracle/sync_times.h"
#include "k8s/hpa/comparison.h"
#include "k8s/hpa/controller.h"

namespace surgeproof {

/// How far the model explains what a sync did.
enum class Agreement : std::uint8_t {
  full,         ///< the same count, for the same reasons
  count,        ///< the same count; a reason differs
  own_words,    ///< the controller had no metric that it could use, says so, and did nothing
  unexplained,  ///< another count
};
std::string_view name_of(Agreement a);

struct ReplayedSync {
  std::size_t sample = 0;  ///< index into HpaTrack::samples
  RunTime at{};
  int current = 0;  ///< replicas before
  int desired = 0;  ///< and after it, as the controller said
  Agreement agreement = Agreement::unexplained;
  hpa::World world;        ///< as the model saw it
  hpa::Memory memory;      ///< before the sync
  hpa::Decision decision;  ///< the model's
  hpa::Comparison comparison;
  std::string note;  ///< what had to be assumed: "a sample that was recorded a little later"; empty: nothing
};

struct Replay {
  SyncGrid grid;
  std::vector<ReplayedSync> syncs;
  std::size_t equal_counts = 0;  ///< of `syncs`, those with the same desired replicas
};

/// Pure. `started`: wall time of the recording's zero.
Replay replay(const Timeline& timeline, const HpaTrack& track, WallTime started, const hpa::Settings& settings = {});

}  // namespace surgeproof
