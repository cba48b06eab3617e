// A recorded day as records: what the judge's speed and memory are measured with.
#pragma once

#include <functional>

#include "base/records.h"
#include "scenarios/scenario.h"

namespace surgeproof::bench {

struct LongRun {
  RunTime length = std::chrono::hours{24};
  int requests = 12;        ///< names: with a window each second, 24 h of 12 are 1,036,800 windows
  std::uint64_t rate = 20;  ///< of each name, per second
  std::uint64_t failures = 100'000;
  std::uint64_t cluster_records = 50'000;
};

/// Four surges, criteria of every kind.
Scenario scenario_of(const LongRun& run);
/// Hands every record over, in the order of a recording. Returns how many load windows and cluster records there were.
std::pair<std::uint64_t, std::uint64_t> tell(const LongRun& run, const std::function<void(Record&&)>& take);

}  // namespace surgeproof::bench
