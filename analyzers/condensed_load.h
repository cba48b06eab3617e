// The generator's records of a run, summed as they come, in memory that does not grow with the length of the run or the
// number of requests. Pure.
//
// judge() says the same of the condensed records as of all of them, as long as no criterion asks for a part of a stage
// (a detected phase): windows become one a stage and request, answers one record a peer, failures keep the first
// examples of each outcome and count the rest, and health samples are joined in pairs once there are many.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/histogram.h"
#include "base/records.h"

namespace surgeproof {

class CondensedLoad {
 public:
  /// Failures of one outcome that are kept in full.
  static constexpr std::size_t kExamples = 100;
  /// Of the slowest answered requests so many are kept.
  static constexpr std::size_t kSlowest = 10;
  /// Health samples that are kept, at most.
  static constexpr std::size_t kSamples = 1024;
  static_assert(kSamples % 2 == 0, "joined in pairs");

  /// Records of the cluster are left out.
  void add(Record record);
  /// What a TimelineBuilder can be given in place of everything added so far.
  [[nodiscard]] std::vector<Record> records() const;

 private:
  struct Cell {
    LoadWindow counts;  ///< without its histograms
    Histogram latency;
    Histogram service_time;
    std::map<int, Histogram> class_latency;
  };

  void add_window(const LoadWindow& window);
  void add_failure(RequestFailure failure);
  void add_overflow(const FailureOverflow& overflow);
  void add_slow(SlowRequest slow);
  void add_peer(const PeerWindow& peer);
  void add_sample(GeneratorSample sample);

  std::vector<LoadMark> marks_;
  std::map<std::pair<std::string, std::string>, Cell> cells_;  // stage, request
  std::map<std::pair<std::string, std::string>, PeerWindow> peers_;
  std::vector<RequestFailure> failures_;
  std::array<std::size_t, kOutcomes> failures_by_outcome_{};
  std::vector<SlowRequest> slowest_;  // slowest first
  FailureOverflow overflow_;
  bool overflown_ = false;
  std::vector<GeneratorSample> samples_;  // without their histograms
  Histogram schedule_error_;
  std::size_t seconds_per_sample_ = 1;
  std::size_t joined_ = 0;  // into the last sample
};

}  // namespace surgeproof
