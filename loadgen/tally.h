// One worker's counts of one interval: by window, stage and request, without a sample kept. Swapped whole. Pure.
//
//   request planned, sent, ended ──▶ cell (window, stage, request) ──▶ counters, histograms   nothing is allocated
//                                    peer, slowest, schedule error                            once it has grown
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/records.h"
#include "loadgen/paged_histogram.h"

namespace surgeproof::loadgen {

/// The length of all windows in the recording.
inline constexpr std::chrono::nanoseconds kWindow = std::chrono::seconds{1};

/// Answered: the service said something valid, whatever it was.
constexpr bool is_answered(Outcome o) {
  return o == Outcome::ok || o == Outcome::unexpected_status || o == Outcome::server_error || o == Outcome::too_slow ||
         o == Outcome::bad_gateway;
}

/// What is counted together.
struct CellKey {
  std::int64_t window = 0;    ///< number of the window since the start of the load, of the planned instant
  std::uint32_t stage = 0;    ///< index of the stage, likewise
  std::uint32_t request = 0;  ///< index of the template
  auto operator<=>(const CellKey&) const = default;
};

struct Cell {
  CellKey key;
  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  std::array<std::uint64_t, kOutcomes> outcomes{};
  std::uint64_t bytes_received = 0;
  PagedHistogram latency;
  PagedHistogram service;
  std::array<std::uint32_t, 4> class_latency{};  // of 1xx, 3xx, 4xx, 5xx: number of a spare histogram, 0 for none
  std::array<std::pair<std::uint16_t, std::uint64_t>, 6> statuses{};  // the first ones seen; a count of 0 is free
};

/// How a request ended, as far as it is counted.
struct Ending {
  Outcome outcome{};
  std::chrono::nanoseconds latency{};
  std::chrono::nanoseconds service{};
  std::uint64_t bytes_received = 0;
  int status = 0;
};

/// An answered request that was slow, in numbers.
struct SlowExemplar {
  CellKey key = {};
  std::chrono::nanoseconds latency{};
  RunTime planned{};
  RunTime sent{};
  RunTime first_byte{};
  RunTime ended{};
  std::uint64_t sequence = 0;
  std::uint64_t connection = 0;
  std::uint64_t bytes_received = 0;
  std::uint32_t requests_on_connection = 0;
  std::uint32_t peer = 0;
  int status = 0;
};

class Tally {
 public:
  /// Slow requests kept of one interval.
  static constexpr std::size_t kSlowest = 10;

  /// `requests`: how many templates there are; room for their usual number of cells is made at once.
  explicit Tally(std::size_t requests);

  Cell& cell(const CellKey& key) { return last_ != nullptr && last_->key == key ? *last_ : find(key); }
  void end(Cell& cell, const Ending& ending);
  void schedule_error(std::chrono::nanoseconds late) { schedule_error_.record(pages_, late); }
  /// An answer of `peer` (index among the worker's) at an instant of window number `window`.
  void answered(std::int64_t window, std::uint32_t peer);
  /// Would this latency be among the slowest?
  [[nodiscard]] bool is_slow(std::chrono::nanoseconds latency) const {
    return slowest_.size() < kSlowest || latency > slowest_.front().latency;
  }
  void add_slow(const SlowExemplar& exemplar);

  /// Forgets everything, and keeps the memory.
  void clear();

  // For the collector.
  struct PeerCount {
    std::int64_t window = 0;
    std::uint32_t peer = 0;
    std::uint64_t answered = 0;
  };
  struct OtherStatus {  // beyond those that a cell has room for
    std::uint32_t cell = 0;
    int status = 0;
    std::uint64_t count = 0;
  };
  [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }
  [[nodiscard]] const std::vector<PeerCount>& peers() const { return peers_; }
  [[nodiscard]] const std::vector<SlowExemplar>& slowest() const { return slowest_; }
  [[nodiscard]] SparseHistogram schedule_error() const { return schedule_error_.sparse(pages_); }
  /// Adds the cell's counts.
  void add_to(LoadWindow& window, const Cell& cell) const;

 private:
  Cell& find(const CellKey& key);
  void rehash(std::size_t slots);
  void count_status(Cell& cell, int status);

  PageStore pages_;
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> slots_;  // open addressing: number of the cell, from 1; a power of two in size
  Cell* last_ = nullptr;
  std::vector<PagedHistogram> spare_;  // for classes other than 2xx
  std::vector<OtherStatus> other_statuses_;
  std::vector<PeerCount> peers_;
  std::vector<std::uint32_t> peer_at_;  // by peer: number of its newest count, from 1
  std::vector<SlowExemplar> slowest_;   // a heap, the least slow in front
  PagedHistogram schedule_error_;
};

}  // namespace surgeproof::loadgen
