#include "analyzers/compare/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>

namespace surgeproof {
namespace {

// Seconds whose latencies drift together: an autoregressive factor of the given memory around a median.
std::vector<TimeBin> seconds_of(double median_us, double memory, std::uint64_t seed, int n = 200) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal{0, 1};
  std::vector<TimeBin> bins;
  double drift = 0;
  for (int s = 0; s < n; ++s) {
    drift = memory * drift + std::sqrt(1 - memory * memory) * 0.2 * normal(random);
    Histogram h;
    for (int i = 0; i < 60; ++i) {
      const double us = median_us * std::exp(drift + 0.4 * normal(random));
      h.record(std::chrono::microseconds{static_cast<std::int64_t>(us)});
    }
    TimeBin bin;
    bin.requests = 60;
    for (const auto& [index, count] : h.sparse().buckets) {
      const std::uint16_t b = coarse_bucket(index);
      if (!bin.latency.empty() && bin.latency.back().first == b) {
        bin.latency.back().second += static_cast<std::uint32_t>(count);
      } else {
        bin.latency.emplace_back(b, static_cast<std::uint32_t>(count));
      }
    }
    bins.push_back(std::move(bin));
  }
  return bins;
}

TEST(Bootstrap, NormalQuantile) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-9);
  EXPECT_NEAR(normal_quantile(0.975), 1.959964, 1e-5);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232, 1e-5);
}

TEST(Bootstrap, BlocksGrowWithTheMemoryOfTheSeconds) {
  EXPECT_LE(block_length(seconds_of(50'000, 0, 1)), 4u);
  EXPECT_GE(block_length(seconds_of(50'000, 0.9, 1)), 8u);
  EXPECT_EQ(block_length(std::vector<TimeBin>{}), 1u);
}

TEST(Bootstrap, MemoryWidensTheSpread) {
  const auto spread = [](double memory) {
    return shift_of_percentile(seconds_of(50'000, memory, 1), seconds_of(50'000, memory, 2), 0.95, 1)->spread;
  };
  EXPECT_GT(spread(0.9), 1.5 * spread(0));
}

TEST(Bootstrap, FindsAChange) {
  const auto shift = shift_of_percentile(seconds_of(50'000, 0.5, 1), seconds_of(75'000, 0.5, 2), 0.95, 1);
  ASSERT_TRUE(shift);
  EXPECT_NEAR(shift->change, std::log(1.5), 0.15);
  EXPECT_GT(shift->change, 4 * shift->spread);
}

TEST(Bootstrap, TheSameRunsGiveTheSameResult) {
  const auto a = seconds_of(50'000, 0.5, 1);
  const auto b = seconds_of(50'000, 0.5, 2);
  EXPECT_EQ(shift_of_percentile(a, b, 0.99, 7)->spread, shift_of_percentile(a, b, 0.99, 7)->spread);
  EXPECT_FALSE(shift_of_percentile(a, {}, 0.99, 7));
}

}  // namespace
}  // namespace surgeproof
