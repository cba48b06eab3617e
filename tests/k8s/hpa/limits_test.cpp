#include "k8s/hpa/limits.h"

#include <gtest/gtest.h>

#include "tests/k8s/hpa/story.h"

namespace surgeproof::hpa {
namespace {

using namespace std::chrono_literals;
using Kind = ScalingPolicy::Kind;

constexpr ReplicaRange kOneToTwenty{1, 20};

ScalingRules rules(std::vector<ScalingPolicy> policies, PolicySelect choice = PolicySelect::max) {
  return {0, choice, std::move(policies), std::nullopt};
}

struct WithoutBehaviorRow {
  const char* what;
  std::int32_t current;
  std::int32_t recommended;
  ReplicaRange range;
  std::int32_t limited;
  const char* reason;
};

TEST(LimitWithoutBehavior, AtMostDoubleOrFour) {
  const WithoutBehaviorRow table[] = {
      {"1 -> max(2, 4)", 1, 20, kOneToTwenty, 4, "ScaleUpLimit"},
      {"3 -> max(6, 4)", 3, 20, kOneToTwenty, 6, "ScaleUpLimit"},
      {"the maximum ties with the rate", 10, 30, {1, 20}, 20, "TooManyReplicas"},
      {"the maximum is below the rate", 10, 30, {1, 15}, 15, "TooManyReplicas"},
      {"below the minimum", 10, 1, {3, 20}, 3, "TooFewReplicas"},
      {"down as far as it likes", 20, 2, kOneToTwenty, 2, "DesiredWithinRange"},
  };
  for (const auto& row : table) {
    Memory memory;
    const auto limits = limit_without_behavior(memory, {}, row.current, row.recommended, row.range, kNoon);
    EXPECT_EQ(limits.limited, row.limited) << row.what;
    EXPECT_EQ(limits.limiting_reason, row.reason) << row.what;
    EXPECT_EQ(memory.recommendations, (std::vector<TimedRecommendation>{{row.recommended, kNoon}})) << row.what;
  }
}

TEST(LimitWithoutBehavior, TheHighestOfTheWindowWinsEvenAboveCurrent) {
  Memory memory{{{16, kNoon - 299s}}, {}, {}};
  const auto limits = limit_without_behavior(memory, {}, 8, 2, kOneToTwenty, kNoon);
  EXPECT_EQ(limits.limited, 16);
  EXPECT_EQ(limits.stabilization_reason, "ScaleDownStabilized");
}

struct WindowRow {
  const char* what;
  std::chrono::nanoseconds age;
  std::int32_t without_behavior;
  std::int32_t with_behavior;
};

TEST(StabilizationWindow, TheEdgeCountsOnlyWithoutBehavior) {
  const WindowRow table[] = {
      {"just inside", 300s - 1ns, 9, 9},
      {"exactly one window old", 300s, 9, 2},
      {"just outside", 300s + 1ns, 2, 2},
  };
  for (const auto& row : table) {
    Memory first{{{9, kNoon - row.age}}, {}, {}};
    Memory second = first;
    EXPECT_EQ(limit_without_behavior(first, {}, 9, 2, kOneToTwenty, kNoon).stabilized, row.without_behavior)
        << row.what;
    EXPECT_EQ(limit_with_behavior(second, {}, default_behavior(), 9, 2, kOneToTwenty, kNoon).stabilized,
              row.with_behavior)
        << row.what;
  }
}

TEST(StabilizationWindow, WithBehaviorCurrentIsBroughtBetweenTheLowestAndTheHighest) {
  Behavior behavior = default_behavior();
  behavior.scale_up->stabilization_window_seconds = 60;
  const auto stabilized = [&](std::int32_t current, std::int32_t recommended) {
    Memory memory{{{6, kNoon - 30s}, {12, kNoon - 100s}}, {}, {}};
    return limit_with_behavior(memory, {}, behavior, current, recommended, kOneToTwenty, kNoon);
  };
  // Up: the lowest of 60 s is 6. Down: the highest of 300 s is 12.
  EXPECT_EQ(stabilized(4, 18).stabilized, 6);
  EXPECT_EQ(stabilized(4, 18).stabilization_reason, "ScaleUpStabilized");
  EXPECT_EQ(stabilized(8, 18).stabilized, 8);
  EXPECT_EQ(stabilized(15, 2).stabilized, 12);
  EXPECT_EQ(stabilized(15, 2).stabilization_reason, "ScaleDownStabilized");
  EXPECT_EQ(stabilized(9, 2).stabilized, 9);
}

TEST(StabilizationWindow, AnOldRecommendationIsOverwrittenTheLastOneFirst) {
  Memory memory{{{5, kNoon - 400s}, {6, kNoon - 500s}, {7, kNoon - 10s}}, {}, {}};
  limit_without_behavior(memory, {}, 7, 3, kOneToTwenty, kNoon);
  const std::vector<TimedRecommendation> expected = {{5, kNoon - 400s}, {3, kNoon}, {7, kNoon - 10s}};
  EXPECT_EQ(memory.recommendations, expected);
}

TEST(StabilizationWindow, TheFlagFillsAnUnsetScaleDownWindowInWholeSeconds) {
  Settings settings;
  settings.downscale_stabilization = 10s + 900ms;
  Memory memory{{{9, kNoon - 10s - 1ns}}, {}, {}};
  EXPECT_EQ(limit_with_behavior(memory, settings, default_behavior(), 9, 2, kOneToTwenty, kNoon).stabilized, 2);
}

struct PolicyRow {
  const char* what;
  std::vector<ScalingPolicy> policies;
  PolicySelect choice;
  std::int32_t current;
  std::int32_t limit;
};

TEST(ScaleUpPolicies, AllowUpTo) {
  const PolicyRow table[] = {
      {"+4 or +100 %: 1 + 4", {{Kind::pods, 4, 15}, {Kind::percent, 100, 15}}, PolicySelect::max, 1, 5},
      {"+4 or +100 %: 10 x 2", {{Kind::pods, 4, 15}, {Kind::percent, 100, 15}}, PolicySelect::max, 10, 20},
      {"the smaller of both", {{Kind::pods, 4, 15}, {Kind::percent, 100, 15}}, PolicySelect::min, 10, 14},
      {"+10 % of 50 in doubles: ceil(55.00000000000001)", {{Kind::percent, 10, 15}}, PolicySelect::max, 50, 56},
      {"+10 % of 1 rounds up", {{Kind::percent, 10, 15}}, PolicySelect::max, 1, 2},
      {"disabled", {{Kind::pods, 4, 15}}, PolicySelect::disabled, 7, 7},
  };
  for (const auto& row : table) {
    EXPECT_EQ(scale_up_limit({}, rules(row.policies, row.choice), row.current, kNoon), row.limit) << row.what;
  }
}

TEST(ScaleDownPolicies, AllowDownTo) {
  const PolicyRow table[] = {
      {"-100 %", {{Kind::percent, 100, 15}}, PolicySelect::max, 10, 0},
      {"-80 % of 5 in doubles: cut(0.9999999999999998)", {{Kind::percent, 80, 15}}, PolicySelect::max, 5, 0},
      {"-10 % of 9: cut(8.1)", {{Kind::percent, 10, 15}}, PolicySelect::max, 9, 8},
      {"the greater change", {{Kind::pods, 4, 15}, {Kind::percent, 10, 15}}, PolicySelect::max, 10, 6},
      {"the smaller change", {{Kind::pods, 4, 15}, {Kind::percent, 10, 15}}, PolicySelect::min, 10, 9},
      {"disabled", {{Kind::pods, 4, 15}}, PolicySelect::disabled, 7, 7},
  };
  for (const auto& row : table) {
    EXPECT_EQ(scale_down_limit({}, rules(row.policies, row.choice), row.current, kNoon), row.limit) << row.what;
  }
}

TEST(PolicyPeriod, AnEventExactlyOnePeriodOldIsOut) {
  const std::vector<ScaleEvent> events = {{3, kNoon - 15s}, {5, kNoon - 15s + 1ns}};
  EXPECT_EQ(change_within(events, 15, kNoon), 5);
}

TEST(PolicyPeriod, BothDirectionsCountFromThePeriodsStart) {
  // 10 now; +3 and -1 within the period: it began with 8, so +4 means 12.
  const Memory memory{{}, {{3, kNoon - 5s}}, {{1, kNoon - 6s}}};
  EXPECT_EQ(scale_up_limit(memory, rules({{Kind::pods, 4, 15}}), 10, kNoon), 12);
}

TEST(LimitWithBehavior, RateAndRangeAreOneStepAndTheRangeWinsATie) {
  Behavior behavior = default_behavior();
  behavior.scale_up = rules({{Kind::pods, 4, 15}});
  behavior.scale_down = rules({{Kind::pods, 4, 15}});
  struct Row {
    const char* what;
    std::int32_t current;
    std::int32_t recommended;
    ReplicaRange range;
    std::int32_t limited;
    const char* reason;
  };
  const Row table[] = {
      {"rate", 6, 15, {1, 20}, 10, "ScaleUpLimit"},
      {"tie with the maximum", 6, 15, {1, 10}, 10, "TooManyReplicas"},
      {"maximum", 6, 15, {1, 9}, 9, "TooManyReplicas"},
      {"rate down", 15, 2, {1, 20}, 11, "ScaleDownLimit"},
      {"tie with the minimum", 15, 2, {11, 20}, 11, "TooFewReplicas"},
      {"no change, no limit", 6, 6, {1, 20}, 6, "DesiredWithinRange"},
  };
  for (const auto& row : table) {
    Memory memory;
    const auto limits = limit_with_behavior(memory, {}, behavior, row.current, row.recommended, row.range, kNoon);
    EXPECT_EQ(limits.limited, row.limited) << row.what;
    EXPECT_EQ(limits.limiting_reason, row.reason) << row.what;
  }
}

TEST(ScaleEvents, AreOverwrittenByThePeriodOfTheirOwnDirection) {
  Behavior behavior = default_behavior();
  behavior.scale_up = rules({{Kind::pods, 4, 600}});
  Memory memory{{}, {}, {{2, kNoon - 16s}}};
  // Scale-down looks back 15 s, so its old event goes, although scale-up would still look at it.
  store_scale_event(memory, behavior, 9, 7, kNoon);
  EXPECT_EQ(memory.scale_downs, (std::vector<ScaleEvent>{{2, kNoon, false}}));
  Memory edge{{}, {}, {{2, kNoon - 15s}}};
  store_scale_event(edge, behavior, 9, 7, kNoon);
  EXPECT_EQ(edge.scale_downs.size(), 2U);
}

TEST(ScaleEvents, OutdatedOnceIsOutdatedForEver) {
  Behavior behavior = default_behavior();
  Memory memory{{}, {{1, kNoon - 20s}, {2, kNoon - 20s}}, {}};
  store_scale_event(memory, behavior, 3, 4, kNoon);
  ASSERT_EQ(memory.scale_ups.size(), 2U);
  EXPECT_TRUE(memory.scale_ups[0].outdated);
  EXPECT_EQ(memory.scale_ups[1], (ScaleEvent{1, kNoon, false}));
  behavior.scale_up = rules({{Kind::pods, 4, 600}});
  store_scale_event(memory, behavior, 4, 9, kNoon + 1s);
  EXPECT_EQ(memory.scale_ups[0], (ScaleEvent{5, kNoon + 1s, false}));
}

}  // namespace
}  // namespace surgeproof::hpa
