#include "k8s/actions/schedule.h"

#include <gtest/gtest.h>

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using Step = ActionSchedule::Step;
using Kind = Step::Kind;

TEST(ActionSchedule, HandsEachOutOnceAtItsTime) {
  ActionSchedule s({10s, 10s, 30s});
  EXPECT_EQ(s.next(0s, false), (Step{Kind::wait, 0, 10s}));
  EXPECT_EQ(s.next(10s - 1ns, false), (Step{Kind::wait, 0, 10s}));
  EXPECT_EQ(s.next(10s, false), (Step{Kind::perform, 0}));
  EXPECT_EQ(s.next(10s, false), (Step{Kind::perform, 1}));
  EXPECT_EQ(s.next(11s, false), (Step{Kind::wait, 2, 30s}));
  EXPECT_EQ(s.next(31s, false), (Step{Kind::perform, 2}));
  EXPECT_EQ(s.next(31s, false), (Step{Kind::finished}));
  EXPECT_EQ(s.next(1h, true), (Step{Kind::finished}));
}

TEST(ActionSchedule, WhatIsTooLateIsNotBegun) {
  ActionSchedule at_the_limit({10s});
  EXPECT_EQ(at_the_limit.next(10s + ActionSchedule::kLatest, false), (Step{Kind::perform, 0}));
  ActionSchedule beyond({10s, 25s});
  EXPECT_EQ(beyond.next(10s + ActionSchedule::kLatest + 1ns, false), (Step{Kind::too_late, 0}));
  EXPECT_EQ(beyond.next(21s, false), (Step{Kind::wait, 1, 25s}));
}

TEST(ActionSchedule, NothingIsBegunAfterTheLoad) {
  ActionSchedule s({10s, 20s, 30s});
  EXPECT_EQ(s.next(10s, false), (Step{Kind::perform, 0}));
  EXPECT_EQ(s.next(20s, true), (Step{Kind::missed, 1}));  // due, but too late to be under load
  EXPECT_EQ(s.next(20s, true), (Step{Kind::missed, 2}));
  EXPECT_EQ(s.next(20s, true), (Step{Kind::finished}));
  EXPECT_EQ(ActionSchedule({}).next(0s, false), (Step{Kind::finished}));
}

}  // namespace
}  // namespace surgeproof::k8s
