#include "scenarios/load_profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

Stage stage(Stage::Shape shape, double per_second, nanoseconds duration) {
  Stage s;
  s.shape = shape;
  s.rate = {per_second};
  s.duration = duration;
  return s;
}

constexpr auto kHold = Stage::Shape::hold;
constexpr auto kRamp = Stage::Shape::ramp;
constexpr auto kPause = Stage::Shape::pause;

TEST(LoadProfile, Empty) {
  const LoadProfile p{{}};
  EXPECT_EQ(p.duration(), 0s);
  EXPECT_EQ(p.total(), 0);
  EXPECT_EQ(p.instant_of(0), std::nullopt);
  EXPECT_EQ(p.rate_at(0s).per_second, 0);
  EXPECT_EQ(p.stage_at(5s), 0u);
}

TEST(LoadProfile, RatesAndSums) {
  const std::vector<Stage> stages{stage(kRamp, 400, 30s), stage(kHold, 400, 120s), stage(kPause, 0, 10s),
                                  stage(kRamp, 20, 10s), stage(Stage::Shape::step, 100, 10s)};
  const LoadProfile p{stages};
  EXPECT_EQ(p.duration(), 180s);
  EXPECT_EQ(p.peak().per_second, 400);
  // 400·30/2 + 400·120 + 0 + 20·10/2 + 100·10
  EXPECT_DOUBLE_EQ(p.total(), 6000 + 48000 + 100 + 1000);
  struct Row {
    nanoseconds t;
    double rate;
    double sum;
    std::size_t stage;
  };
  for (const auto& [t, rate, sum, index] :
       {Row{-1s, 0, 0, 0}, Row{0s, 0, 0, 0}, Row{15s, 200, 1500, 0}, Row{30s, 400, 6000, 1}, Row{100s, 400, 34000, 1},
        Row{150s, 0, 54000, 2}, Row{155s, 0, 54000, 2}, Row{165s, 10, 54025, 3}, Row{170s, 100, 54100, 4},
        Row{180s, 0, 55100, 4}, Row{999s, 0, 55100, 4}}) {
    EXPECT_DOUBLE_EQ(p.rate_at(t).per_second, rate) << t.count();
    EXPECT_DOUBLE_EQ(p.expected_until(t), sum) << t.count();
    EXPECT_EQ(p.stage_at(t), index) << t.count();
  }
}

TEST(LoadProfile, InstantsOfKnownCounts) {
  const std::vector<Stage> stages{stage(kHold, 10, 1s), stage(kPause, 0, 5s), stage(kRamp, 10, 2s)};
  const LoadProfile p{stages};
  EXPECT_EQ(p.instant_of(0), 0ns);
  EXPECT_EQ(p.instant_of(5), 500ms);
  EXPECT_EQ(p.instant_of(10), 1s);  // reached before the pause, not after it
  // In the ramp from 0 to 10/s over 2 s the sum is 2.5·x², so 2.5 more are due after 1 s.
  EXPECT_EQ(p.instant_of(12.5), 7s);
  EXPECT_EQ(p.instant_of(20), 8s);
  EXPECT_EQ(p.instant_of(20.001), std::nullopt);
}

TEST(LoadProfile, NoDriftOverHours) {
  const std::vector<Stage> stages{stage(kHold, 0.1, 24h), stage(kHold, 1'000'000.0 / 3, 48h)};
  const LoadProfile p{stages};
  EXPECT_EQ(p.instant_of(8640), 24h);
  // The k-th request of the second stage is due 3·k µs after its begin, however large k is.
  for (const double k : {1.0, 1e6, 1e9, 5e10}) {
    const auto expected = 24h + nanoseconds{static_cast<std::int64_t>(3000 * k)};
    EXPECT_NEAR(static_cast<double>((*p.instant_of(8640 + k) - expected).count()), 0, 100) << k;
  }
}

TEST(LoadProfile, NearlyLevelRampHasNoCancellation) {
  const std::vector<Stage> stages{stage(kHold, 1000, 1s), stage(kRamp, 1000.000001, 1h)};
  const LoadProfile p{stages};
  // Within the ramp the rate is 1000/s but for 1e-9 of it: request 1000 + k is due k ms after its begin.
  for (const double k : {1.0, 1000.0, 1e6}) {
    EXPECT_NEAR(static_cast<double>((*p.instant_of(1000 + k) - 1s).count()), k * 1e6, 1 + k * 1e6 * 1e-9) << k;
  }
}

std::vector<Stage> random_stages(std::mt19937_64& random) {
  std::vector<Stage> stages;
  const auto n = 1 + random() % 6;
  for (std::size_t i = 0; i < n; ++i) {
    const auto shape = static_cast<Stage::Shape>(random() % 4);
    const double rate = std::pow(10.0, std::uniform_real_distribution<double>{-2, 6}(random));
    const auto length = nanoseconds{static_cast<std::int64_t>(
        std::pow(10.0, std::uniform_real_distribution<double>{6, 13.5}(random)))};  // 1 ms to 9 h
    stages.push_back(stage(shape, rate, length));
  }
  return stages;
}

TEST(LoadProfile, TheInverseOfTheIntegral) {
  std::mt19937_64 random{11};
  for (int round = 0; round < 2000; ++round) {
    const auto stages = random_stages(random);
    const LoadProfile p{stages};
    if (p.total() == 0) continue;
    for (int i = 0; i < 20; ++i) {
      const double count = std::uniform_real_distribution<double>{0, p.total()}(random);
      const auto t = p.instant_of(count);
      ASSERT_TRUE(t);
      ASSERT_GE(*t, 0ns);
      ASSERT_LE(*t, p.duration());
      // One nanosecond of rounding is worth up to peak·1e-9 requests.
      const double slack = 2e-9 * p.peak().per_second + p.total() * 1e-11;
      ASSERT_NEAR(p.expected_until(*t), count, slack) << "round " << round;
    }
  }
}

TEST(LoadProfile, InstantsAscend) {
  std::mt19937_64 random{12};
  for (int round = 0; round < 500; ++round) {
    const auto stages = random_stages(random);
    const LoadProfile p{stages};
    const double step = p.total() / 1000;
    nanoseconds last{-1};
    for (int k = 0; k <= 1000; ++k) {
      const auto t = p.instant_of(k * step);
      if (!t) continue;
      ASSERT_GE(*t, last);
      last = *t;
    }
  }
}

TEST(LoadProfile, EveryRequestOfARampIsDueAfterTheOneBefore) {
  const std::vector<Stage> stages{stage(kRamp, 5000, 20s), stage(kRamp, 1, 20s)};
  const LoadProfile p{stages};
  nanoseconds last{-1};
  const auto total = static_cast<int>(p.total());
  for (int k = 0; k < total; ++k) {
    const auto t = p.instant_of(k);
    ASSERT_TRUE(t);
    ASSERT_GT(*t, last) << k;
    last = *t;
  }
}

}  // namespace
}  // namespace surgeproof
