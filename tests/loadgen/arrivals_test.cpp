#include "loadgen/arrivals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

Stage hold(double rate, std::chrono::nanoseconds d) {
  return {.name = "hold", .shape = Stage::Shape::hold, .rate = {rate}, .duration = d, .place = {}};
}

std::vector<Arrival> all_of(const LoadProfile& profile, const Load& load, std::uint32_t workers) {
  std::vector<Arrival> all;
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    Arrivals arrivals{profile, load, worker, workers};
    std::chrono::nanoseconds last{};
    while (const auto a = arrivals.next()) {
      EXPECT_GE(a->due, last);
      last = a->due;
      all.push_back(*a);
    }
    EXPECT_EQ(arrivals.next(), std::nullopt);
  }
  std::ranges::sort(all, {}, [](const Arrival& a) { return std::pair{a.due, a.sequence}; });
  return all;
}

TEST(UniformArrivals, StandInTheMiddleOfTheirSlots) {
  const std::vector stages{hold(10, 1s)};
  const LoadProfile profile{stages};
  const auto all = all_of(profile, {}, 1);
  ASSERT_EQ(all.size(), 10u);
  for (std::size_t k = 0; k < all.size(); ++k) {
    EXPECT_NEAR(static_cast<double>(all[k].due.count()), 50e6 + 100e6 * static_cast<double>(k), 10.0);
    EXPECT_EQ(all[k].sequence, k);
  }
}

TEST(UniformArrivals, WorkersShareThemWithoutGapOrOverlap) {
  Stage ramp = hold(300, 2s);
  ramp.shape = Stage::Shape::ramp;
  const std::vector stages{ramp, hold(300, 1s), hold(7, 3s)};
  const LoadProfile profile{stages};
  const auto alone = all_of(profile, {}, 1);
  EXPECT_EQ(alone.size(), 621u);  // 300·2/2 + 300 + 21
  for (const std::uint32_t workers : {2u, 3u, 7u}) EXPECT_EQ(all_of(profile, {}, workers), alone) << workers;
}

TEST(PoissonArrivals, RepeatForASeedAndDifferForAnother) {
  const std::vector stages{hold(50, 10s)};
  const LoadProfile profile{stages};
  const Load first{.arrivals = Load::Arrivals::poisson, .seed = 7, .stages = {}};
  const Load other{.arrivals = Load::Arrivals::poisson, .seed = 8, .stages = {}};
  EXPECT_EQ(all_of(profile, first, 3), all_of(profile, first, 3));
  EXPECT_NE(all_of(profile, first, 3), all_of(profile, other, 3));
}

// 2,000/s for 10 s is 20,000 ± 141 (one standard deviation); gaps have mean 0.5 ms, and a share of 1/e above the mean.
TEST(PoissonArrivals, AreExponentialWhateverTheNumberOfWorkers) {
  const std::vector stages{hold(2000, 10s)};
  const LoadProfile profile{stages};
  const Load load{.arrivals = Load::Arrivals::poisson, .seed = 1, .stages = {}};
  for (const std::uint32_t workers : {1u, 4u}) {
    const auto all = all_of(profile, load, workers);
    EXPECT_NEAR(static_cast<double>(all.size()), 20'000, 5 * 141);
    std::set<std::uint64_t> numbers;
    double above_mean = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      numbers.insert(all[i].sequence);
      if (i > 0 && all[i].due - all[i - 1].due > 500us) ++above_mean;
    }
    EXPECT_EQ(numbers.size(), all.size());
    EXPECT_NEAR(above_mean / static_cast<double>(all.size()), std::exp(-1), 0.02);
  }
}

// The second worker of seed 7 is not the first of seed 8.
TEST(PoissonArrivals, NeighbouringSeedsShareNoStream) {
  const std::vector stages{hold(50, 10s)};
  const LoadProfile profile{stages};
  Arrivals second{profile, {.arrivals = Load::Arrivals::poisson, .seed = 7, .stages = {}}, 1, 2};
  Arrivals first{profile, {.arrivals = Load::Arrivals::poisson, .seed = 8, .stages = {}}, 0, 2};
  EXPECT_NE(second.next()->due, first.next()->due);
}

TEST(Arrivals, APlanOfPausesHasNone) {
  Stage pause = hold(0, 5s);
  pause.shape = Stage::Shape::pause;
  const std::vector stages{pause};
  const LoadProfile profile{stages};
  EXPECT_TRUE(all_of(profile, {}, 2).empty());
  EXPECT_TRUE(all_of(profile, {.arrivals = Load::Arrivals::poisson, .seed = 1, .stages = {}}, 2).empty());
}

}  // namespace
}  // namespace surgeproof::loadgen
