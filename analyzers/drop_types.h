// What drop forensics found: plain data, part of the verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/confidence.h"
#include "base/run_time.h"

namespace surgeproof {

/// Failures of one cause and pod that follow each other within two seconds.
struct DropBurst {
  RunTime first{};
  RunTime last{};
  std::uint64_t count = 0;
  bool operator==(const DropBurst&) const = default;
};

struct DropPod {
  std::string pod;  ///< empty: not known
  std::string node;
  std::uint64_t count = 0;
  RunTime first{};
  RunTime last{};
  std::string example;            ///< the first one: how it ended, and what is held against it
  std::vector<DropBurst> bursts;  ///< by time; of many the largest
  bool operator==(const DropPod&) const = default;
};

struct DropGroup {
  std::string code;      ///< "termination_race", …, "unknown"
  std::string sentence;  ///< "12 requests were sent to pods that were being deleted"
  std::string remedy;
  Confidence confidence = Confidence::low;  ///< of most of them
  std::uint64_t count = 0;
  std::uint64_t high = 0;  ///< of those, with high confidence
  std::uint64_t low = 0;
  std::vector<DropPod> pods;  ///< most failures first
  bool operator==(const DropGroup&) const = default;
};

/// Lost in the generator: never counted against the service.
struct LostHere {
  std::string why;  ///< "no local port was free (EADDRNOTAVAIL)"
  std::string remedy;
  std::uint64_t count = 0;
  RunTime first{};
  bool operator==(const LostHere&) const = default;
};

/// How long requests kept arriving at pods whose deletion had been requested.
struct SafePrestop {
  std::chrono::seconds sleep{};  ///< the latest arrival after a deletion, a second of margin, rounded up
  RunTime latest{};              ///< that arrival, after the deletion
  std::string pod;
  int pods = 0;           ///< deletions that were looked at
  bool at_least = false;  ///< arrivals went on until the pod's end: longer than it lived cannot be measured
  std::string sentence;
  bool operator==(const SafePrestop&) const = default;
};

struct DropReport {
  std::uint64_t total = 0;         ///< dropped requests, recorded in full or only counted
  std::uint64_t only_counted = 0;  ///< too many to be recorded in full: their cause is unknown
  std::vector<DropGroup> groups;   ///< most requests first, "unknown" last
  std::vector<LostHere> lost;      ///< most requests first
  std::optional<SafePrestop> prestop;
  bool operator==(const DropReport&) const = default;
};

}  // namespace surgeproof
