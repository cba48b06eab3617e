// What a worker hands over once a second: plain data, made without locks, turned into records by the Collector.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/records.h"
#include "loadgen/tally.h"

namespace surgeproof::loadgen {

struct Peer {
  std::string address;  ///< "127.0.0.1:8080"
  std::string pod;
  auto operator<=>(const Peer&) const = default;
};

struct Failure {
  std::uint32_t request = 0;           ///< index of the template
  std::chrono::nanoseconds planned{};  ///< since the start of the load
  RequestFailure details;              ///< all but stage, request and planned
};

struct Batch {
  explicit Batch(std::size_t requests = 0) : tally(requests) {}

  std::uint32_t worker = 0;
  std::int64_t window = 0;  ///< number of the window since the start of the load that ended with this batch
  bool last = false;        ///< the worker has ended
  Tally tally;
  std::vector<Failure> failures;
  std::array<std::uint64_t, kOutcomes> overflow{};  ///< failures beyond the worker's bound
  std::vector<Peer> new_peers;                      ///< appended to those of earlier batches
  double cpu_share = 0;                             ///< of the window on a CPU
  std::uint64_t backlog = 0;                        ///< these three: now
  std::uint64_t in_flight = 0;
  std::uint64_t connections = 0;
};

}  // namespace surgeproof::loadgen
