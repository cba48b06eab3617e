// Carries out a scenario's actions at their times, on a thread of its own, and records what became of each.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/records.h"
#include "k8s/actions/performer.h"
#include "k8s/actions/schedule.h"

namespace surgeproof::k8s {

/// What was planned, as the first record of it; `at` is the recording's begin.
ActionSample planned_sample(const ActionRequest& request, ActionSample::State state);

class ActionRunner {
 public:
  /// Carries one out; blocks for a bounded time.
  using Perform = std::function<ActionOutcome(const ActionRequest&)>;

  /// `requests` by their times. `sink` is called from this object's thread and from start().
  ActionRunner(std::vector<ActionRequest> requests, ClockAnchor anchor, RecordSink sink, Perform perform);
  ~ActionRunner();  ///< stop()s
  ActionRunner(const ActionRunner&) = delete;
  ActionRunner& operator=(const ActionRunner&) = delete;

  /// Records what is planned and begins to wait.
  void start();
  /// The load is over, or the user has had enough: nothing is begun any more. Does not wait.
  void end();
  /// end(), and waits for an action that is under way; no record comes after it.
  void stop();
  /// Every action has its end in the record.
  [[nodiscard]] bool finished() const { return finished_; }

 private:
  void serve();
  void carry_out(std::size_t index);
  void give_up(std::size_t index, ActionSample::State state, std::string why);
  [[nodiscard]] RunTime now() const { return anchor_.run_time(std::chrono::steady_clock::now()); }

  const std::vector<ActionRequest> requests_;
  const ClockAnchor anchor_;
  const RecordSink sink_;
  const Perform perform_;
  ActionSchedule schedule_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;  // under mutex_
  std::atomic<bool> finished_ = false;
  std::thread thread_;
};

}  // namespace surgeproof::k8s
