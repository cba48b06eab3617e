// Where the workers leave their batches for the collecting thread: one lock a worker and second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "loadgen/batch.h"

namespace surgeproof::loadgen {

class Mailbox {
 public:
  /// A batch whose memory may be used again; null when there is none.
  std::unique_ptr<Batch> recycled() {
    const std::scoped_lock lock{mutex_};
    if (used_.empty()) return nullptr;
    std::unique_ptr<Batch> batch = std::move(used_.back());
    used_.pop_back();
    return batch;
  }

  void post(std::unique_ptr<Batch> batch) {
    {
      const std::scoped_lock lock{mutex_};
      full_.push_back(std::move(batch));
    }
    arrived_.notify_one();
  }

  /// Waits for a batch, then up to `patience` for `wanted` of them; returns what has come, at least one.
  std::vector<std::unique_ptr<Batch>> take(std::size_t wanted, std::chrono::nanoseconds patience) {
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [&] { return !full_.empty(); });
    arrived_.wait_for(lock, patience, [&] { return full_.size() >= wanted; });
    return std::exchange(full_, {});
  }

  /// Gives the memory of batches back.
  void recycle(std::vector<std::unique_ptr<Batch>> batches) {
    const std::scoped_lock lock{mutex_};
    for (auto& batch : batches) {
      if (used_.size() < kKept) used_.push_back(std::move(batch));
    }
  }

 private:
  static constexpr std::size_t kKept = 64;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::unique_ptr<Batch>> full_;
  std::vector<std::unique_ptr<Batch>> used_;
};

}  // namespace surgeproof::loadgen
