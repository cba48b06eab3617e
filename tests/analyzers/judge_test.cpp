#include "analyzers/judge.h"

#include <gmock/gmock.h>

#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;

Story& with_all_criteria(Story& s) {
  return s.criterion(ScaleUpCriterion{"", 5, 60s, std::nullopt})
      .criterion(LatencyCriterion{99, 1s, {During::Kind::phase, "scaling"}, ""})
      .criterion(ErrorRateCriterion{Ratio{0.001}, {}, ""})
      .criterion(DroppedRequestsCriterion{0, {}})
      .criterion(ReplicasCriterion{"", 2, 5, 4, {}})
      .criterion(ScaleDownCriterion{"", 2, 300s, 420s, std::nullopt});
}

TEST(Judge, AGoodRunPasses) {
  Story story;
  const Verdict v = with_all_criteria(tell_good_run(story)).verdict();
  EXPECT_EQ(v.status, Status::pass);
  EXPECT_EQ(v.exit_code(), 0);
  ASSERT_EQ(v.findings.size(), 6u);
  for (const Finding& f : v.findings) EXPECT_EQ(f.status, Status::pass) << f.sentence;
  EXPECT_THAT(v.causes, IsEmpty());
  EXPECT_TRUE(all_decided(v));
  EXPECT_EQ(headline(v), "all 6 criteria met");
}

TEST(Judge, AFailureOutweighsWhatIsOpen) {
  Story story;
  with_all_criteria(tell_good_run(story)).criterion(LatencyCriterion{99, 1ms, {}, ""});
  story.criterion(LatencyCriterion{99, 1ms, {}, "nobody sends this"});
  const Verdict v = story.verdict();
  EXPECT_EQ(v.status, Status::fail);
  EXPECT_EQ(v.exit_code(), 1);
  EXPECT_THAT(headline(v), StartsWith("1 of 8 criteria not met; "));
}

TEST(Judge, OneOpenCriterionMakesTheRunInconclusive) {
  Story story;
  with_all_criteria(tell_good_run(story)).criterion(LatencyCriterion{99, 1s, {}, "nobody sends this"});
  const Verdict v = story.verdict();
  EXPECT_EQ(v.status, Status::inconclusive);
  EXPECT_EQ(v.exit_code(), 4);
  EXPECT_THAT(headline(v), StartsWith("1 of 7 criteria neither met nor broken"));
}

TEST(Judge, NoCriterionIsNoPass) {
  Story story;
  const Verdict v = tell_good_run(story).verdict();
  EXPECT_EQ(v.exit_code(), 4);
  EXPECT_EQ(headline(v), "the scenario has no criterion to judge");
}

TEST(Judge, ASickGeneratorProvesNothingGood) {
  Story story;
  with_all_criteria(tell_good_run(story)).during(kSurge, kSurgeEnd).generator(1ms, 0.99);
  const Verdict v = story.verdict();
  EXPECT_EQ(v.status, Status::inconclusive);
  EXPECT_THAT(headline(v), StartsWith("the busiest worker used 99 % of a core"));
}

TEST(Judge, ACutOffRecordingIsJudgedUpToItsEnd) {
  Story story;
  with_all_criteria(tell_good_run(story)).criterion(LatencyCriterion{99, 1ms, {During::Kind::stage, "baseline"}, ""});
  const Verdict v = story.verdict(100s, true);
  EXPECT_EQ(v.findings[0].status, Status::pass);  // five pods at 95 s
  EXPECT_EQ(v.findings[3].reason, "cut_off");     // no drop so far
  EXPECT_EQ(v.findings[5].reason, "cut_off");     // the load has not fallen
  EXPECT_EQ(v.findings[6].status, Status::fail);  // the baseline is over
  EXPECT_EQ(v.exit_code(), 1);
}

TEST(Judge, MoreTimeDecides) {
  Story story;
  with_all_criteria(tell_good_run(story));
  const Verdict early = story.verdict(100s, false);
  EXPECT_FALSE(all_decided(early));
  EXPECT_EQ(headline(early), "5 of 6 criteria still open");
  // Two replicas are wanted at 580 s, and the load ends at 720 s; answers may take 10 s, and the mark says they are in.
  EXPECT_TRUE(all_decided(story.verdict(kLoadEnd + 2s, false)));
}

TEST(Judge, APhaseThatRepeatsIsJudgedInEachRound) {
  const auto judged = [](std::string during) {
    Story story;
    story.scenario.load.stages = {{"calm", Stage::Shape::hold, Rate{20}, 60s, {}},
                                  {"rush", Stage::Shape::step, Rate{400}, 60s, {}},
                                  {"pause", Stage::Shape::hold, Rate{20}, 60s, {}},
                                  {"again", Stage::Shape::step, Rate{400}, 60s, {}}};
    story.during(60s, 120s).traffic(400, 100ms);
    story.during(180s, 240s).traffic(400, 900ms);  // alone too slow; of both together half
    story.criterion(LatencyCriterion{50, 500ms, {During::Kind::phase, std::move(during)}, ""});
    return story.verdict(260s).findings.front();
  };
  const Finding both = judged("scaling");
  EXPECT_EQ(both.status, Status::fail) << both.sentence;
  EXPECT_NE(both.sentence.find("the scaling 2 phase"), std::string::npos) << both.sentence;
  EXPECT_NE(both.sentence.find("the worst of 2 such phases"), std::string::npos) << both.sentence;
  EXPECT_EQ(judged("scaling 1").status, Status::pass);
  EXPECT_EQ(judged("scaling 2").status, Status::fail);
}

TEST(Judge, EqualRulesGetDifferentIds) {
  Story story;
  tell_good_run(story).criterion(LatencyCriterion{99, 1s, {}, ""}).criterion(LatencyCriterion{99, 2s, {}, ""});
  const Verdict v = story.verdict();
  EXPECT_EQ(v.findings[1].id, v.findings[0].id + " #2");
}

TEST(Judge, NothingAtAllIsInconclusive) {
  Story story;
  story.records.clear();
  const Verdict v = with_all_criteria(story).verdict(1s, true);
  for (const Finding& f : v.findings) EXPECT_EQ(f.status, Status::inconclusive) << f.sentence;
  EXPECT_EQ(v.exit_code(), 4);
}

}  // namespace
}  // namespace surgeproof::test
