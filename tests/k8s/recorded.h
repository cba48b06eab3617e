// A sink that a test can wait on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "base/records.h"

namespace surgeproof::k8s {

class Recorded {
 public:
  RecordSink sink() {
    return [this](Record record) {
      const std::lock_guard lock(mutex_);
      records_.push_back(std::move(record));
      changed_.notify_all();
    };
  }

  /// Waits (at most ten seconds) for a record of type T that fits; empty if none came.
  template <class T>
  std::optional<T> wait_for(const std::function<bool(const T&)>& fits = [](const T&) { return true; }) {
    std::unique_lock lock(mutex_);
    std::optional<T> found;
    changed_.wait_for(lock, std::chrono::seconds{10}, [&] {
      for (const Record& record : records_) {
        const T* candidate = std::get_if<T>(&record);
        if (candidate && fits(*candidate)) found = *candidate;
        if (found) return true;
      }
      return false;
    });
    return found;
  }

  template <class T>
  std::vector<T> all() const {
    const std::lock_guard lock(mutex_);
    std::vector<T> out;
    for (const Record& record : records_) {
      if (const T* wanted = std::get_if<T>(&record)) out.push_back(*wanted);
    }
    return out;
  }

  std::vector<Record> everything() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Record> records_;
};

}  // namespace surgeproof::k8s
