// One worker's recording of the current second: counted into without locks, handed over whole. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "loadgen/batch.h"
#include "scenarios/load_profile.h"

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

  /// `profile` must outlive it; `requests`: how many templates there are.
  Recorder(const LoadProfile& profile, std::size_t requests);

  /// The cell of a request planned at `planned`, since the start of the load.
  CellKey key_of(std::chrono::nanoseconds planned, std::uint32_t request);
  [[nodiscard]] Tally& tally() { return batch_->tally; }

  /// Whether a failure may still be recorded in full; if not it has been counted as overflow.
  [[nodiscard]] bool admit_failure(Outcome o);
  void add_failure(Failure failure) { batch_->failures.push_back(std::move(failure)); }
  /// The index by which counts name this peer.
  std::uint32_t peer_index(std::string_view address, std::string_view pod);

  /// The batch so far; `recycled`, if any, is emptied and lends its memory to the next one.
  std::unique_ptr<Batch> take(std::unique_ptr<Batch> recycled);

 private:
  const LoadProfile& profile_;
  std::size_t requests_;
  std::unique_ptr<Batch> batch_;
  std::map<Peer, std::uint32_t> peers_;
  std::array<std::uint32_t, 3> failures_by_kind_{};
  // The stage of the last instant asked for, and how long it lasts: instants mostly come in order.
  std::chrono::nanoseconds stage_begin_{};
  std::chrono::nanoseconds stage_end_{};
  std::uint32_t stage_ = 0;
};

}  // namespace surgeproof::loadgen
