// Log-linear histogram of microseconds with three significant digits, after HdrHistogram (Gil Tene).
//
//   index        0 .. 2047   value = index              (1 µs steps)
//   then, per power of two, 1024 steps: 2048..4095 in steps of 2, 4096..8191 in steps of 4, …
//
// Two histograms merge exactly: the layout is the same for all.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace surgeproof {

/// The non-empty buckets of a histogram, ascending by index: what is recorded and sent between threads.
struct SparseHistogram {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> buckets;  ///< bucket index, count
  std::uint64_t clamped = 0;                                     ///< of those, values over the top
  std::int64_t sum_us = 0;
  std::int64_t max_us = 0;  ///< exact
  bool operator==(const SparseHistogram&) const = default;
  [[nodiscard]] std::uint64_t count() const;
  /// Adds the other's values, exactly.
  void merge(const SparseHistogram& other);
};

class Histogram {
 public:
  static constexpr std::int64_t kTopUs =
      (std::int64_t{1} << 30) - 1;  ///< about 18 minutes; above is clamped and counted

  /// Negative values count as 0. Values over kTopUs are clamped and counted.
  void record(std::chrono::nanoseconds value, std::uint64_t count = 1);
  void merge(const Histogram& other);
  void merge(const SparseHistogram& other);
  /// As merge() of a SparseHistogram kept in a form of its own: `next()` gives its `buckets` pairs of index and count,
  /// ascending by index. An index beyond the last bucket is left out.
  template <class Next>
  void merge_buckets(std::uint64_t buckets, Next next);
  void add_totals(std::int64_t sum_us, std::int64_t max_us, std::uint64_t clamped);
  void reset();

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t clamped() const { return clamped_; }
  [[nodiscard]] std::chrono::microseconds max() const { return std::chrono::microseconds{max_us_}; }
  [[nodiscard]] std::chrono::microseconds sum() const { return std::chrono::microseconds{sum_us_}; }
  /// Empty when there is no value.
  [[nodiscard]] std::optional<std::chrono::microseconds> mean() const;
  /// The least bucket's highest value such that a share of at least `q` (0 to 1) of all values is not above it;
  /// never above max(). Empty when there is no value: zero samples have no percentile.
  [[nodiscard]] std::optional<std::chrono::microseconds> quantile(double q) const;
  /// How many values are above `limit` (to bucket resolution: a value in limit's own bucket is not above).
  [[nodiscard]] std::uint64_t count_above(std::chrono::microseconds limit) const;
  [[nodiscard]] SparseHistogram sparse() const;

  static std::uint32_t index_of(std::int64_t value_us);
  /// Lowest and highest value that fall into a bucket.
  static std::int64_t lowest_of(std::uint32_t index);
  static std::int64_t highest_of(std::uint32_t index);
  static constexpr std::uint32_t kBuckets = 2048 + 19 * 1024;

 private:
  static constexpr std::uint32_t kGrowth = 2048;
  void make_room(std::uint32_t past);
  void note_range(std::uint32_t lowest, std::uint32_t past) {
    lowest_ = lowest < lowest_ ? lowest : lowest_;
    past_ = past < past_ ? past_ : past;
  }

  std::vector<std::uint64_t> counts_;  // up to the highest value so far
  std::uint32_t lowest_ = kBuckets;    // buckets below are empty,
  std::uint32_t past_ = 0;             // as are those from here on: values lie close together, buckets are many
  std::uint64_t count_ = 0;
  std::uint64_t clamped_ = 0;
  std::int64_t sum_us_ = 0;
  std::int64_t max_us_ = 0;
};

template <class Next>
void Histogram::merge_buckets(std::uint64_t buckets, Next next) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < buckets; ++i) {
    const auto [index, n] = next();
    if (n == 0 || index >= kBuckets) continue;
    if (index >= counts_.size()) make_room(index + 1);
    if (sum == 0) note_range(index, index + 1);
    counts_[index] += n;
    past_ = index < past_ ? past_ : index + 1;
    sum += n;
  }
  count_ += sum;
}

inline void Histogram::add_totals(std::int64_t sum_us, std::int64_t max_us, std::uint64_t clamped) {
  clamped_ += clamped;
  sum_us_ += sum_us;
  if (max_us > max_us_) max_us_ = max_us;
}

}  // namespace surgeproof
