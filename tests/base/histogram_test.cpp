#include "base/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

TEST(Histogram, EmptyHasNoPercentile) {
  const Histogram h;
  EXPECT_EQ(h.quantile(0.99), std::nullopt);
  EXPECT_EQ(h.mean(), std::nullopt);
  EXPECT_EQ(h.count(), 0u);
}

TEST(Histogram, BucketsCoverTheRangeWithoutGaps) {
  EXPECT_EQ(Histogram::index_of(Histogram::kTopUs), Histogram::kBuckets - 1);
  for (std::uint32_t i = 1; i < Histogram::kBuckets; ++i) {
    ASSERT_EQ(Histogram::lowest_of(i), Histogram::highest_of(i - 1) + 1) << i;
    ASSERT_EQ(Histogram::index_of(Histogram::lowest_of(i)), i);
    ASSERT_EQ(Histogram::index_of(Histogram::highest_of(i)), i);
  }
}

TEST(Histogram, QuantilesKeepThreeDigits) {
  std::mt19937_64 random{7};
  std::lognormal_distribution<double> latency{9, 1.5};
  Histogram h;
  std::vector<std::int64_t> all;
  for (int i = 0; i < 20'000; ++i) {
    const auto us = static_cast<std::int64_t>(latency(random));
    all.push_back(us);
    h.record(std::chrono::microseconds{us});
  }
  std::sort(all.begin(), all.end());
  for (const double q : {0.0, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(q * 20'000)));
    const auto truth = static_cast<double>(all[rank - 1]);
    EXPECT_NEAR(static_cast<double>(h.quantile(q)->count()), truth, 1 + truth / 1000) << q;
  }
  EXPECT_EQ(h.max().count(), all.back());
}

TEST(Histogram, ClampsAndCountsWhatIsOverTheTop) {
  Histogram h;
  h.record(2h);
  h.record(-5s);
  EXPECT_EQ(h.count(), 2u);
  EXPECT_EQ(h.clamped(), 1u);
  EXPECT_EQ(h.max().count(), Histogram::kTopUs);
  EXPECT_EQ(h.quantile(0)->count(), 0);
}

TEST(Histogram, MergesExactly) {
  Histogram a, b, both;
  for (int i = 0; i < 1000; ++i) {
    (i % 3 == 0 ? a : b).record(std::chrono::microseconds{i * 977});
    both.record(std::chrono::microseconds{i * 977});
  }
  Histogram merged;
  merged.merge(a);
  merged.merge(b.sparse());
  EXPECT_EQ(merged.sparse(), both.sparse());
}

TEST(Histogram, CountsAboveALimit) {
  Histogram h;
  h.record(100ms, 5);
  h.record(2s, 3);
  EXPECT_EQ(h.count_above(1s), 3u);
  EXPECT_EQ(h.count_above(2s), 0u);
  EXPECT_EQ(h.count_above(50ms), 8u);
}

// It looks only at the buckets between the least and the greatest value: whatever moves those must be noticed.
TEST(Histogram, KnowsWhereItsValuesLie) {
  Histogram high;
  high.record(5min, 2);
  Histogram h;
  h.merge(high);
  h.record(7us);
  EXPECT_EQ(h.sparse().buckets.size(), 2u);
  EXPECT_EQ(h.quantile(0.1), 7us);
  EXPECT_EQ(h.count_above(7us), 2u);
  EXPECT_EQ(h.count_above(6us), 3u);

  h.reset();
  EXPECT_EQ(h.sparse(), SparseHistogram{});
  EXPECT_EQ(h.count_above(0us), 0u);
  h.record(1s);
  EXPECT_EQ(h.sparse().buckets,
            (std::vector<std::pair<std::uint32_t, std::uint64_t>>{{Histogram::index_of(1'000'000), 1}}));

  SparseHistogram beyond = high.sparse();
  beyond.buckets.insert(beyond.buckets.begin(), {3, 1});
  beyond.buckets.emplace_back(Histogram::kBuckets, 9);  // of a damaged recording
  Histogram low;
  low.record(10us);
  low.merge(beyond);
  EXPECT_EQ(low.count(), 4u);
  EXPECT_EQ(low.quantile(0), 3us);
  EXPECT_EQ(low.count_above(10us), 2u);
  Histogram empty;
  low.merge(empty);
  empty.merge(low);
  EXPECT_EQ(empty.sparse(), low.sparse());
}

}  // namespace
}  // namespace surgeproof
