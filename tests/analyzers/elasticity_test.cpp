#include "analyzers/elasticity.h"

#include <gmock/gmock.h>

#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using ::testing::HasSubstr;

// 20/s for 60 s, 400/s for 180 s, 20/s for 480 s; 2 ready pods, 4 from 90 s, 5 from 95 s, 2 from 580 s.
Elasticity of_good_run(bool with_limit) {
  Story story;
  tell_good_run(story);
  if (with_limit) story.criterion(LatencyCriterion{99, 500ms, {}, ""});
  return elasticity_of(story.scenario, story.timeline()).at(0);
}

TEST(Elasticity, ReplicaSecondsNeedNoDemand) {
  const Elasticity e = of_good_run(false);
  // 2 × 90 + 4 × 5 + 5 × 485 + 2 × 140
  EXPECT_DOUBLE_EQ(e.replica_seconds, 180 + 20 + 2425 + 280);
  EXPECT_FALSE(e.scores);
  EXPECT_THAT(e.demand_from, HasSubstr("no latency criterion"));
}

TEST(Elasticity, DemandIsTheLoadByWhatAReplicaServes) {
  const Elasticity e = of_good_run(true);
  ASSERT_TRUE(e.scores);
  // Two pods served 400/s well: 200/s each, and nothing was overloaded. So two are enough all the time.
  EXPECT_NEAR(*e.per_replica, 200, 1e-6);
  EXPECT_THAT(e.demand_from, HasSubstr("at least what one"));
  EXPECT_THAT(e.demand_from, HasSubstr("the demand may be lower"));
  EXPECT_DOUBLE_EQ(e.scores->under_replicas, 0);
  // (2 × 5 + 3 × 485) surplus replica-seconds in 720 s
  EXPECT_NEAR(e.scores->over_replicas, 1465.0 / 720, 1e-9);
  EXPECT_NEAR(e.scores->over_time_share, 490.0 / 720, 1e-9);
  EXPECT_NEAR(e.scores->over_provisioned_share, 1465.0 / 2905, 1e-9);
  // Three changes of supply (4, 5, 2), none of demand, in twelve minutes.
  EXPECT_NEAR(e.scores->jitter_per_minute, 3 / 12.0, 1e-9);
}

// 2905 replica-seconds at 3.6 EUR an hour are 2.905 EUR; of them 1465 were surplus.
TEST(Elasticity, MoneyWhenAPriceIsGiven) {
  Story story;
  tell_good_run(story).criterion(LatencyCriterion{99, 500ms, {}, ""});
  EXPECT_FALSE(elasticity_of(story.scenario, story.timeline()).at(0).cost);
  story.scenario.price = Price{3.6, "EUR"};
  Elasticity e = elasticity_of(story.scenario, story.timeline()).at(0);
  EXPECT_NEAR(e.cost.value(), 2.905, 1e-9);
  EXPECT_NEAR(e.wasted.value(), 1.465, 1e-9);
  EXPECT_EQ(e.currency, "EUR");
  // Without a demand nobody knows what was too much.
  story.scenario.criteria.clear();
  e = elasticity_of(story.scenario, story.timeline()).at(0);
  EXPECT_TRUE(e.cost);
  EXPECT_FALSE(e.wasted);
}

TEST(Elasticity, UnderProvisionedWhileTooFewServe) {
  Story story;
  story.during(0s, kSurge).traffic(100, 50ms);
  story.during(kSurge, 95s).traffic(400, 3s);  // two pods do not serve 400/s
  story.during(95s, kSurgeEnd).traffic(400, 100ms);
  story.during(kSurgeEnd, kLoadEnd).traffic(20, 50ms);
  story.at(75s).replicas(5);
  story.at(95s).ready(5);
  story.criterion(LatencyCriterion{99, 500ms, {}, ""});
  const Elasticity e = elasticity_of(story.scenario, story.timeline()).at(0);
  ASSERT_TRUE(e.scores);
  EXPECT_NEAR(*e.per_replica, 80, 1e-6);  // 400/s on five
  EXPECT_THAT(e.demand_from, HasSubstr("the most that one"));
  // Five were needed for 400/s, two were there for 35 s.
  EXPECT_NEAR(e.scores->under_replicas, 3 * 35.0 / 720, 1e-9);
  EXPECT_NEAR(e.scores->under_time_share, 35.0 / 720, 1e-9);
}

TEST(Elasticity, SpeedupIsTheMeanOfFourRatios) {
  const Elasticity::Scores without{
      .under_replicas = 2, .over_replicas = 1, .under_time_share = 0.4, .over_time_share = 0.2};
  const Elasticity::Scores with{
      .under_replicas = 0.5, .over_replicas = 1, .under_time_share = 0.1, .over_time_share = 0.2};
  EXPECT_DOUBLE_EQ(elastic_speedup(without, with), 2);  // (4 · 1 · 4 · 1)^(1/4)
  EXPECT_DOUBLE_EQ(elastic_speedup(with, with), 1);
  EXPECT_DOUBLE_EQ(elastic_speedup({}, {}), 1);  // zeros are floored
}

}  // namespace
}  // namespace surgeproof::test
