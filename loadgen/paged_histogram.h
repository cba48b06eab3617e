// Histogram (base/histogram.h) for a worker's hot path: the same buckets, kept in pages that are taken from a store
// when the first value falls into them. A latency that varies a little touches a few pages of half a kilobyte, where a
// dense histogram takes 172 kB. Recording allocates only while the store still grows. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/histogram.h"

namespace surgeproof::loadgen {

/// Pages of counters; given back all at once.
class PageStore {
 public:
  static constexpr std::uint32_t kPageBuckets = 128;
  using Page = std::array<std::uint32_t, kPageBuckets>;

  explicit PageStore(std::size_t reserved = 0) { pages_.reserve(reserved); }
  /// The number of an empty page, from 1.
  std::uint32_t take();
  [[nodiscard]] Page& page(std::uint32_t number) { return pages_[number - 1]; }
  [[nodiscard]] const Page& page(std::uint32_t number) const { return pages_[number - 1]; }
  /// Forgets all pages, and keeps their memory.
  void clear() { pages_.clear(); }

 private:
  std::vector<Page> pages_;
};

class PagedHistogram {
 public:
  /// Negative values count as 0; over Histogram::kTopUs they are clamped, and counted as such.
  void record(PageStore& store, std::chrono::nanoseconds value);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] SparseHistogram sparse(const PageStore& store) const;
  /// To be called when the store was cleared.
  void clear() { *this = {}; }

 private:
  static constexpr std::uint32_t kPages = Histogram::kBuckets / PageStore::kPageBuckets;
  static_assert(Histogram::kBuckets % PageStore::kPageBuckets == 0);

  std::array<std::uint32_t, kPages> pages_{};  // number in the store; 0: none yet
  std::uint64_t count_ = 0;
  std::uint64_t clamped_ = 0;
  std::int64_t sum_us_ = 0;
  std::int64_t max_us_ = 0;
};

}  // namespace surgeproof::loadgen
