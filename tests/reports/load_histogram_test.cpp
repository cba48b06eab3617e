#include "reports/load_histogram.h"

#include <gtest/gtest.h>

#include <random>

namespace surgeproof::reports {
namespace {

using std::chrono::microseconds;

std::uint64_t total(const std::vector<HistogramRow>& rows) {
  std::uint64_t n = 0;
  for (const HistogramRow& r : rows) n += r.requests;
  return n;
}

TEST(LoadHistogram, RowsFollowOneAnotherAndHoldEverything) {
  std::mt19937_64 numbers{3};
  for (const double spread : {0.0, 0.001, 0.01, 0.1, 1.0, 3.0}) {
    for (const double middle : {0.0, 2.0, 8.0, 15.0}) {
      std::lognormal_distribution<double> latency{middle, spread};
      Histogram h;
      for (int i = 0; i < 1000; ++i) h.record(microseconds{static_cast<std::int64_t>(latency(numbers))});
      const auto rows = histogram_rows(h.sparse());
      ASSERT_FALSE(rows.empty());
      ASSERT_LE(rows.size(), 12u);
      EXPECT_EQ(total(rows), 1000u);
      EXPECT_LE(rows.front().from_ms * 1e3, static_cast<double>(h.quantile(0)->count()));
      EXPECT_GT(rows.back().to_ms * 1e3, static_cast<double>(h.max().count()));
      for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
        EXPECT_LT(rows[i].from_ms, rows[i].to_ms);
        EXPECT_EQ(rows[i].to_ms, rows[i + 1].from_ms);
      }
    }
  }
}

TEST(LoadHistogram, OneValueIsOneRow) {
  for (const int us : {0, 1, 2, 5000, 1'000'000}) {
    Histogram h;
    h.record(microseconds{us}, 7);
    const auto rows = histogram_rows(h.sparse());
    EXPECT_EQ(total(rows), 7u) << us;
    std::size_t filled = 0;
    for (const HistogramRow& r : rows) filled += r.requests > 0 ? 1 : 0;
    EXPECT_EQ(filled, 1u) << us;
  }
  EXPECT_TRUE(histogram_rows({}).empty());
}

TEST(LoadHistogram, ShowsTheTailBesideTheBulk) {
  Histogram h;
  h.record(microseconds{1000}, 99'990);
  h.record(microseconds{2'000'000}, 10);
  const auto rows = histogram_rows(h.sparse());
  EXPECT_EQ(rows.front().requests, 99'990u);
  EXPECT_EQ(rows.front().share_of_most, 1);
  EXPECT_EQ(rows.back().requests, 10u);
  EXPECT_DOUBLE_EQ(rows.back().share, 0.0001);
}

}  // namespace
}  // namespace surgeproof::reports
