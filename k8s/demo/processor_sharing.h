// A CPU limit as a processor-sharing queue: n running jobs share the limit equally, and none gets more than one core.
//
//   rate per job  r(n) = min(1, limit / n)  cores        n jobs
//   attained      V(t) = ∫ r dt                          CPU time that each job present throughout has got
//   a job that came at V0 with demand d leaves when V = V0 + d
//
// So overload raises latency as it does in a throttled container, without using that CPU. Pure; see Kleinrock,
// Queueing Systems II, chapter 4.4.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/units.h"

namespace surgeproof::demo {

class ProcessorSharing {
 public:
  using Time = std::chrono::nanoseconds;  ///< since any fixed instant; must not go back
  using JobId = std::uint64_t;

  /// A limit above 0.
  explicit ProcessorSharing(Millicores limit);

  /// A job that needs this much CPU time from now on.
  JobId add(Time now, std::chrono::nanoseconds demand);
  /// The job is given up; false when it had ended.
  bool remove(Time now, JobId id);
  /// When the next job ends if nothing else comes; empty without jobs.
  [[nodiscard]] std::optional<Time> next_completion() const;
  /// Moves on to `now` and returns the jobs that ended since, in that order.
  std::vector<JobId> advance(Time now);
  /// CPU time used by all jobs since the beginning, as of the last call.
  [[nodiscard]] std::chrono::nanoseconds cpu_used() const;
  [[nodiscard]] std::size_t running() const { return jobs_.size(); }

 private:
  using Job = std::pair<double, JobId>;  // V at its end, ns
  [[nodiscard]] double rate() const;     // cores a job
  [[nodiscard]] Time first_end() const;  // of the running jobs; there must be one
  void work_until(Time now);
  void collect_ended();

  double cores_;
  Time now_{};
  double attained_ns_ = 0;  // V
  double used_ns_ = 0;
  JobId last_id_ = 0;
  std::set<Job> jobs_;
  std::unordered_map<JobId, double> ends_;
  std::vector<JobId> ended_;
};

}  // namespace surgeproof::demo
