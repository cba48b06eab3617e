// Turns the workers' batches into the records of base/records.h. Pure: called by the engine's collecting thread, and by
// tests, with batches in any order.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/histogram.h"
#include "base/records.h"
#include "loadgen/batch.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

class Collector {
 public:
  /// Failures of one kind (see FailureKind) recorded in full during the run.
  static constexpr std::uint32_t kFailuresPerRun = 10'000;
  /// Seconds that recent_latency() looks back.
  static constexpr std::size_t kRecent = 5;
  /// The slowest requests recorded of so many windows, over all workers.
  static constexpr std::size_t kSlowest = Tally::kSlowest;
  static constexpr std::int64_t kSlowestWindows = 10;

  /// `load_start` on the run's axis; windows are counted from there. `scenario` is not kept.
  Collector(const Scenario& scenario, RunTime load_start, std::uint32_t workers, RecordSink sink);

  void add(const Batch& batch);
  /// Delivers what was added since. GeneratorSamples wait until every worker's part has come (or is 2 s overdue).
  void emit(RunTime now);
  /// Delivers all that is left, then the mark.
  void finish(RunTime now, LoadMark mark);

  [[nodiscard]] Histogram recent_latency() const;
  [[nodiscard]] double sent_per_second() const { return sent_per_second_; }
  [[nodiscard]] double answered_per_second() const { return answered_per_second_; }

 private:
  struct Health {
    GeneratorSample sample;
    std::uint32_t workers = 0;
  };
  struct Slow {
    SlowExemplar exemplar;
    std::uint32_t worker = 0;
  };
  using PeerKey = std::tuple<std::int64_t, std::uint32_t, std::uint32_t>;  // window, worker, peer

  LoadWindow& window_of(const CellKey& key);
  void add_failures(const Batch& batch);
  void add_slowest(const Batch& batch);
  void emit_health(bool all);
  void emit_load();
  void emit_slowest();

  bool closed_;
  std::uint64_t seed_;
  std::vector<std::string> stages_;
  std::vector<std::string> requests_;
  std::vector<bool> traced_;  // by request
  std::vector<std::chrono::nanoseconds> stage_ends_;
  RunTime load_start_;
  RecordSink sink_;
  std::map<CellKey, LoadWindow> windows_;
  std::map<PeerKey, std::uint64_t> answered_;
  std::vector<std::vector<Peer>> peers_;                  // by worker
  std::vector<std::optional<std::int64_t>> last_window_;  // by worker, once it has ended
  std::map<std::int64_t, Health> health_;
  std::int64_t newest_window_ = 0;
  std::vector<Slow> slowest_;
  std::int64_t slowest_until_ = kSlowestWindows;  // number of the window at which they are delivered
  std::vector<RequestFailure> failures_;
  std::array<std::uint32_t, 3> failures_by_kind_{};
  FailureOverflow overflow_;
  bool overflown_ = false;
  std::deque<SparseHistogram> recent_;
  double sent_per_second_ = 0;
  double answered_per_second_ = 0;
};

}  // namespace surgeproof::loadgen
