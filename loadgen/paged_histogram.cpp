#include "loadgen/paged_histogram.h"

#include <algorithm>

namespace surgeproof::loadgen {

std::uint32_t PageStore::take() {
  pages_.emplace_back();
  return static_cast<std::uint32_t>(pages_.size());
}

void PagedHistogram::record(PageStore& store, std::chrono::nanoseconds value) {
  const std::int64_t us = std::max<std::int64_t>(0, value.count() / 1000);
  const std::int64_t kept = std::min(us, Histogram::kTopUs);
  const std::uint32_t index = Histogram::index_of(kept);
  std::uint32_t& page = pages_[index / PageStore::kPageBuckets];
  if (page == 0) page = store.take();
  ++store.page(page)[index % PageStore::kPageBuckets];
  ++count_;
  if (us > kept) ++clamped_;
  sum_us_ += kept;
  max_us_ = std::max(max_us_, kept);
}

SparseHistogram PagedHistogram::sparse(const PageStore& store) const {
  SparseHistogram s;
  s.clamped = clamped_;
  s.sum_us = sum_us_;
  s.max_us = max_us_;
  for (std::uint32_t p = 0; p < kPages; ++p) {
    if (pages_[p] == 0) continue;
    const PageStore::Page& counts = store.page(pages_[p]);
    for (std::uint32_t i = 0; i < PageStore::kPageBuckets; ++i) {
      if (counts[i] != 0) s.buckets.emplace_back(p * PageStore::kPageBuckets + i, counts[i]);
    }
  }
  return s;
}

}  // namespace surgeproof::loadgen
