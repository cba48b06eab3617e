// One worker's recording of the current second: appended to without locks, handed over whole. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "loadgen/batch.h"

namespace surgeproof::loadgen {

/// Which failures are recorded in full. Drops, other answers and the generator's own faults have a budget each, so
/// that a flood of one kind does not hide the others.
enum class FailureKind : std::uint8_t { drop, answer, generator };
FailureKind kind_of(Outcome o);

class Recorder {
 public:
  /// In full: at most so many failures of one kind in one batch.
  static constexpr std::uint32_t kFailuresPerBatch = 200;
  /// Pods told apart by one worker; beyond, they are counted without a name.
  static constexpr std::size_t kMaxPeers = 2000;

  void add(const Event& event) { batch_.events.push_back(event); }
  /// Whether a failure may still be recorded in full; if not it has been counted as overflow.
  [[nodiscard]] bool admit_failure(Outcome o);
  void add_failure(Failure failure) { batch_.failures.push_back(std::move(failure)); }
  /// The index by which events name this peer.
  std::uint32_t peer_index(std::string_view address, std::string_view pod);

  /// The batch so far; `recycled` lends its memory to the next one.
  Batch take(Batch recycled);

 private:
  Batch batch_;
  std::map<Peer, std::uint32_t> peers_;
  std::array<std::uint32_t, 3> failures_by_kind_{};
};

}  // namespace surgeproof::loadgen
