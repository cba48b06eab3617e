#include "analyzers/steps.h"

#include <gtest/gtest.h>

#include <chrono>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

Steps<int> two_four_three() {
  Steps<int> s;
  s.add(10s, 2);
  s.add(20s, 4);
  s.add(25s, 4);  // no change
  s.add(30s, 3);
  return s;
}

TEST(Steps, KnowsNothingBeforeTheFirstChangeAndHoldsTheLast) {
  const auto s = two_four_three();
  EXPECT_EQ(s.at(9s), std::nullopt);
  EXPECT_EQ(s.at(10s), 2);
  EXPECT_EQ(s.at(19s), 2);
  EXPECT_EQ(s.at(20s), 4);
  EXPECT_EQ(s.at(1h), 3);
  EXPECT_EQ(s.changes().size(), 3u);
}

TEST(Steps, TheLaterOfTwoAtOneInstantHolds) {
  Steps<int> s;
  s.add(1s, 1);
  s.add(2s, 2);
  s.add(2s, 1);
  EXPECT_EQ(s.changes().size(), 1u);
  EXPECT_EQ(s.at(3s), 1);
}

TEST(Steps, FindsTheFirstInstantIncludingBothEnds) {
  const auto s = two_four_three();
  const auto at_least = [](int n) { return [n](int v) { return v >= n; }; };
  EXPECT_EQ(s.first({0s, 20s}, at_least(4)), 20s);
  EXPECT_EQ(s.first({0s, 19s}, at_least(4)), std::nullopt);
  EXPECT_EQ(s.first({22s, 40s}, at_least(4)), 22s);  // held already
  EXPECT_EQ(s.first({35s, 40s}, at_least(4)), std::nullopt);
}

TEST(Steps, RangeAndChangesAreHalfOpen) {
  const auto s = two_four_three();
  EXPECT_EQ(s.range({0s, 10s}), std::nullopt);
  EXPECT_EQ(s.range({0s, 20s}), (std::pair{2, 2}));
  EXPECT_EQ(s.range({12s, 31s}), (std::pair{2, 4}));
  EXPECT_EQ(s.changes_in({10s, 30s}), 1);  // the value at the begin is no change, one at the end is outside
  EXPECT_EQ(s.changes_in({0s, 31s}), 2);   // the first value known is no change
}

TEST(Steps, PiecesCoverWhatIsKnown) {
  RunTime known{};
  two_four_three().each({0s, 40s}, [&](Interval i, int) { known += i.length(); });
  EXPECT_EQ(known, 30s);
}

}  // namespace
}  // namespace surgeproof
