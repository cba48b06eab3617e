// Carries records from the threads that make them to the one that stores and judges them.
#pragma once

#include <mutex>
#include <vector>

#include "base/records.h"

namespace surgeproof {

class RecordQueue {
 public:
  void push(Record record) {
    const std::lock_guard lock{mutex_};
    records_.push_back(std::move(record));
  }

  /// Everything that came since the last call, in the order of arrival.
  std::vector<Record> take_all() {
    const std::lock_guard lock{mutex_};
    return std::exchange(records_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Record> records_;
};

}  // namespace surgeproof
