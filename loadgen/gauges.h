// One worker's running totals, readable from any thread at any time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "base/records.h"

namespace surgeproof::loadgen {

/// A counter with one writing thread: an increment is a plain load and store.
class Gauge {
 public:
  void add(std::uint64_t n = 1) { set(value() + n); }
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Gauges {
  Gauge planned;
  Gauge sent;
  std::array<Gauge, kOutcomes> outcomes;
  Gauge in_flight;
  Gauge backlog;
  Gauge connections;
};

}  // namespace surgeproof::loadgen
