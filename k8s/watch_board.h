// What the watcher's thread tells the others: the only state that two threads share.
#pragma once

#include <chrono>
#include <condition_variable>
#include <expected>
#include <mutex>
#include <optional>

#include "k8s/live_state.h"
#include "k8s/watch_error.h"
#include "k8s/watcher.h"

namespace surgeproof::k8s {

class WatchBoard {
 public:
  void set_live(LiveState live);
  void set_facts(ClusterFacts facts);
  /// An error that waiting does not cure; wait_synced() returns it. Nothing clears it, the last counts.
  void set_error(WatchError error);
  /// The last trouble that may pass: told when the wait times out.
  void set_trouble(WatchError trouble);

  std::expected<void, WatchError> wait_synced(std::chrono::nanoseconds timeout);
  [[nodiscard]] LiveState live() const;
  [[nodiscard]] ClusterFacts facts() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  LiveState live_;
  ClusterFacts facts_;
  std::optional<WatchError> error_;
  std::optional<WatchError> trouble_;
};

}  // namespace surgeproof::k8s
