#include "analyzers/critical_path.h"

#include <gmock/gmock.h>

#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> codes(const std::vector<PathStep>& steps) {
  std::vector<std::string> all;
  for (const PathStep& s : steps) all.push_back(s.code);
  return all;
}

TEST(CriticalPath, FollowsTheScaleUpToTheRecoveredLatency) {
  Story story;
  tell_good_run(story);
  story.criterion(ScaleUpCriterion{"", 5, 60s, std::nullopt}).criterion(LatencyCriterion{99, 500ms, {}, ""});
  story.during(65s, 103s).traffic(100, 2s);  // slow until the new pods have caught up
  story.at(97s).endpoints({"todo-1", "todo-2", "todo-3", "todo-4", "todo-5"});
  story.records.emplace_back(PeerWindow{98s, 1s, "10.0.0.9:80", "todo-5", 10});
  const auto paths = critical_paths(story.scenario, story.timeline());
  ASSERT_EQ(paths.size(), 1u);
  const CriticalPath& p = paths[0];
  EXPECT_EQ(codes(p.steps), (std::vector<std::string>{"metric", "decision", "creation", "scheduling", "start",
                                                      "readiness", "endpoints", "first_request", "recovery"}));
  for (std::size_t i = 1; i < p.steps.size(); ++i) {
    EXPECT_EQ(p.steps[i].interval.begin, p.steps[i - 1].interval.end) << "no hole before " << p.steps[i].code;
    EXPECT_FALSE(p.steps[i].remedy.empty());
  }
  EXPECT_EQ(p.steps[5].interval, (Interval{80s, 95s}));
  EXPECT_EQ(p.steps[6].interval.end, 97s);
  EXPECT_EQ(p.steps[7].interval.end, 98s);
  EXPECT_EQ(p.steps[8].interval.end, 103s);
  EXPECT_THAT(p.steps[0].evidence, HasSubstr("cpu at 180 % (target 70 %)"));
  EXPECT_THAT(p.steps[1].evidence, HasSubstr("replicas wanted 2 → 5"));
  EXPECT_EQ(p.reached, 95s);
  EXPECT_EQ(p.pods.size(), 3u);
  EXPECT_THAT(p.sentence, HasSubstr("took most of the way: 15s of 43s (35 %)"));
  EXPECT_TRUE(p.unseen.empty());
}

TEST(CriticalPath, SaysWhatItCannotSee) {
  Story story;
  tell_good_run(story);
  const auto paths = critical_paths(story.scenario, story.timeline());  // without a criterion: the most pods
  ASSERT_EQ(paths.size(), 1u);
  EXPECT_EQ(paths[0].to, 5);
  EXPECT_EQ(paths[0].unseen.size(), 2u);  // no slice, no pod header; the latency rose from 50 ms to 200 ms
  EXPECT_EQ(paths[0].steps.back().code, "recovery");
  EXPECT_TRUE(paths[0].steps.back().open);
}

TEST(CriticalPath, NothingWithoutAScaleUp) {
  Story story;
  story.during(0s, kLoadEnd).traffic(20, 50ms);
  EXPECT_TRUE(critical_paths(story.scenario, story.timeline()).empty());
}

}  // namespace
}  // namespace surgeproof::test
