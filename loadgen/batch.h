// What a worker hands over once a second: plain data, made without locks, turned into records by the Collector.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/records.h"

namespace surgeproof::loadgen {

/// The length of all windows in the recording.
inline constexpr std::chrono::nanoseconds kWindow = std::chrono::seconds{1};

/// One step of one request's life. A request that is sent at once makes two of them, one that waits up to four.
struct Event {
  enum : std::uint8_t {
    kPlanned = 1,     ///< it is due
    kDispatched = 2,  ///< given to a connection, be it one that must be opened first: `lateness` counts
    kSent = 4,        ///< its first byte is with the socket
    kEnded = 8,       ///< the remaining fields count
  };
  std::chrono::nanoseconds planned{};   ///< since the start of the load
  std::chrono::nanoseconds lateness{};  ///< kDispatched: since the planned instant; kEnded: latency, likewise
  std::chrono::nanoseconds service{};   ///< from the actual send to the end
  std::uint64_t bytes_received = 0;
  std::uint32_t request = 0;  ///< index of the template
  std::uint32_t peer = 0;     ///< index into the worker's peers; answered requests only
  std::uint16_t status = 0;
  std::uint8_t what = 0;
  Outcome outcome{};
};

/// Answered: the service said something valid, whatever it was.
constexpr bool is_answered(Outcome o) {
  return o == Outcome::ok || o == Outcome::unexpected_status || o == Outcome::server_error || o == Outcome::too_slow ||
         o == Outcome::bad_gateway;
}

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
  std::uint32_t worker = 0;
  std::int64_t window = 0;  ///< number of the window since the start of the load that ended with this batch
  bool last = false;        ///< the worker has ended
  std::vector<Event> events;
  std::vector<Failure> failures;
  std::array<std::uint64_t, kOutcomes> overflow{};  ///< failures beyond the worker's bound
  std::vector<Peer> new_peers;                      ///< appended to those of earlier batches
  double cpu_share = 0;                             ///< of the window on a CPU
  std::uint64_t backlog = 0;                        ///< these three: now
  std::uint64_t in_flight = 0;
  std::uint64_t connections = 0;
};

}  // namespace surgeproof::loadgen
