#include "base/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace surgeproof {

std::uint64_t SparseHistogram::count() const {
  std::uint64_t total = 0;
  for (const auto& [index, n] : buckets) total += n;
  return total;
}

void SparseHistogram::merge(const SparseHistogram& other) {
  if (other.buckets.empty()) return;
  if (buckets.empty()) {
    *this = other;
    return;
  }
  std::vector<std::pair<std::uint32_t, std::uint64_t>> sum;
  sum.reserve(buckets.size() + other.buckets.size());
  auto a = buckets.begin();
  auto b = other.buckets.begin();
  while (a != buckets.end() || b != other.buckets.end()) {
    if (b == other.buckets.end() || (a != buckets.end() && a->first < b->first)) {
      sum.push_back(*a++);
    } else if (a == buckets.end() || b->first < a->first) {
      sum.push_back(*b++);
    } else {
      sum.emplace_back(a->first, a->second + b->second);
      ++a;
      ++b;
    }
  }
  buckets = std::move(sum);
  clamped += other.clamped;
  sum_us += other.sum_us;
  max_us = std::max(max_us, other.max_us);
}

std::uint32_t Histogram::index_of(std::int64_t value_us) {
  const auto v = static_cast<std::uint64_t>(std::clamp<std::int64_t>(value_us, 0, kTopUs));
  if (v < 2048) return static_cast<std::uint32_t>(v);
  const auto shift = static_cast<std::uint32_t>(std::bit_width(v)) - 11;  // v >> shift is in [1024, 2048)
  return 2048 + (shift - 1) * 1024 + static_cast<std::uint32_t>((v >> shift) - 1024);
}

std::int64_t Histogram::lowest_of(std::uint32_t index) {
  if (index < 2048) return index;
  const auto shift = (index - 2048) / 1024 + 1;
  return static_cast<std::int64_t>((index - 2048) % 1024 + 1024) << shift;
}

std::int64_t Histogram::highest_of(std::uint32_t index) {
  if (index < 2048) return index;
  const auto shift = (index - 2048) / 1024 + 1;
  return lowest_of(index) + (std::int64_t{1} << shift) - 1;
}

void Histogram::make_room(std::uint32_t past) {
  if (past > counts_.size()) counts_.resize(std::min(kBuckets, (past + kGrowth - 1) / kGrowth * kGrowth));
}

void Histogram::record(std::chrono::nanoseconds value, std::uint64_t count) {
  if (count == 0) return;
  const std::int64_t us = std::max<std::int64_t>(0, value.count() / 1000);
  const std::int64_t kept = std::min(us, kTopUs);
  if (us > kTopUs) clamped_ += count;
  const std::uint32_t index = index_of(kept);
  if (index >= counts_.size()) make_room(index + 1);
  counts_[index] += count;
  note_range(index, index + 1);
  count_ += count;
  sum_us_ += kept * static_cast<std::int64_t>(count);
  max_us_ = std::max(max_us_, kept);
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  make_room(other.past_);
  for (std::uint32_t i = other.lowest_; i < other.past_; ++i) counts_[i] += other.counts_[i];
  note_range(other.lowest_, other.past_);
  count_ += other.count_;
  add_totals(other.sum_us_, other.max_us_, other.clamped_);
}

void Histogram::merge(const SparseHistogram& other) {
  auto bucket = other.buckets.begin();
  merge_buckets(other.buckets.size(), [&] { return *bucket++; });
  add_totals(other.sum_us, other.max_us, other.clamped);
}

void Histogram::reset() {
  for (std::uint32_t i = lowest_; i < past_; ++i) counts_[i] = 0;
  lowest_ = kBuckets;
  past_ = 0;
  count_ = clamped_ = 0;
  sum_us_ = max_us_ = 0;
}

std::optional<std::chrono::microseconds> Histogram::mean() const {
  if (count_ == 0) return std::nullopt;
  return std::chrono::microseconds{sum_us_ / static_cast<std::int64_t>(count_)};
}

std::optional<std::chrono::microseconds> Histogram::quantile(double q) const {
  if (count_ == 0) return std::nullopt;
  const double wanted = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_) - 1e-9);
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  std::uint64_t seen = 0;
  for (std::uint32_t i = lowest_; i < past_; ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::chrono::microseconds{std::min(highest_of(i), max_us_)};
  }
  return std::chrono::microseconds{max_us_};
}

std::uint64_t Histogram::count_above(std::chrono::microseconds limit) const {
  if (count_ == 0) return 0;
  std::uint64_t above = 0;
  for (std::uint32_t i = std::max(index_of(limit.count()) + 1, lowest_); i < past_; ++i) above += counts_[i];
  return above;
}

SparseHistogram Histogram::sparse() const {
  SparseHistogram s;
  s.clamped = clamped_;
  s.sum_us = sum_us_;
  s.max_us = max_us_;
  if (count_ == 0) return s;
  for (std::uint32_t i = lowest_; i < past_; ++i) {
    if (counts_[i] != 0) s.buckets.emplace_back(i, counts_[i]);
  }
  return s;
}

}  // namespace surgeproof
