// Actions on the timeline: instants of criteria, what is not done proves nothing, and which pods they took away.
#include <gmock/gmock.h>

#include "analyzers/causes/drops.h"
#include "analyzers/judge.h"
#include "analyzers/moment.h"
#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using State = ActionSample::State;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ActionSample sample(std::string name, State state, RunTime begun = 70s) {
  ActionSample s;
  s.name = std::move(name);
  s.kind = "restart";
  s.what = "restart deployment/todo";
  s.state = state;
  s.planned = 65s;
  const bool was_begun = state != State::planned && state != State::left_out && state != State::missed;
  if (was_begun) s.begun = begun;
  if (was_begun && state != State::begun) s.ended = begun + 1s;
  s.at = s.ended.value_or(s.begun.value_or(RunTime{}));
  s.object = {"Deployment", "default", "todo"};
  if (state == State::refused || state == State::failed) s.error = "the server's words";
  return s;
}

Story& with_action(Story& story) {
  story.scenario.actions.push_back({"deploy", {"surge", 5s}, "default", RestartAction{{{}, "todo"}}, {}});
  return story;
}

PlanInstant after_action(RunTime offset = {}) { return {{}, offset, "deploy"}; }

// 5 pods are wanted at 75 s and ready at 95 s; the action is planned for 65 s and carried out at 70 s.
TEST(Actions, ACriterionCountsFromWhenItWasCarriedOut) {
  Story story;
  with_action(tell_good_run(story)).criterion(ScaleUpCriterion{"", 5, 25s, after_action()});
  story.criterion(ScaleUpCriterion{"", 5, 24s, after_action()});            // 95 − 70 = 25
  story.criterion(ScaleUpCriterion{"", 5, 20s, after_action(5s)});          // 95 − 75 = 20
  story.criterion(ScaleDownCriterion{"", 2, {}, 500s, after_action(10s)});  // 580 − 80 = 500
  story.criterion(ScaleDownCriterion{"", 2, {}, 499s, after_action(10s)});
  story.records.emplace_back(sample("deploy", State::planned));
  story.records.emplace_back(sample("deploy", State::done));
  const Verdict v = story.verdict();
  const Status expected[] = {Status::pass, Status::fail, Status::pass, Status::pass, Status::fail};
  ASSERT_EQ(v.findings.size(), std::size(expected));
  for (std::size_t i = 0; i < v.findings.size(); ++i) {
    EXPECT_EQ(v.findings[i].status, expected[i]) << i << ": " << v.findings[i].sentence;
  }
}

struct ActionsRow {
  State state;
  bool complete;
  std::string reason;
  bool decided;
};

TEST(Actions, WhatDependsOnOneThatWasNotDoneIsInconclusiveByName) {
  const ActionsRow rows[] = {
      {State::planned, false, "undecided", false},     {State::begun, false, "undecided", false},
      {State::planned, true, "cut_off", true},         {State::begun, true, "cut_off", true},
      {State::refused, false, "action_refused", true}, {State::refused, true, "action_refused", true},
      {State::failed, true, "action_failed", true},    {State::unknown, true, "action_unknown", true},
      {State::missed, true, "action_missed", true},    {State::left_out, true, "action_left_out", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(name_of(row.state));
    Story story;
    with_action(tell_good_run(story)).criterion(ScaleUpCriterion{"", 5, 60s, after_action()});
    story.records.emplace_back(sample("deploy", row.state));
    const Verdict v = story.verdict(kLoadEnd + 10s, row.complete);
    EXPECT_EQ(v.status, Status::inconclusive);
    const Finding& f = v.findings.at(0);
    EXPECT_EQ(f.status, Status::inconclusive);
    EXPECT_EQ(f.reason, row.reason) << f.sentence;
    EXPECT_EQ(f.decided, row.decided);
    EXPECT_THAT(f.sentence, HasSubstr("action deploy"));
    if (!f.reason.starts_with("action_")) continue;
    ASSERT_FALSE(f.causes.empty());
    EXPECT_EQ(f.causes[0].code, "action_not_done");
    EXPECT_FALSE(f.causes[0].remedy.empty());
  }
}

TEST(Actions, AnActionThatIsNotInTheRecordingIsSaid) {
  Story story;
  with_action(tell_good_run(story)).criterion(ScaleUpCriterion{"", 5, 60s, after_action()});
  const Verdict v = story.verdict();
  EXPECT_EQ(v.findings.at(0).reason, "action_unknown") << v.findings.at(0).sentence;
  EXPECT_EQ(v.status, Status::inconclusive);
}

// The criteria do not name the action; without it they were not judged on the run that was meant.
TEST(Actions, ARunWithoutOneOfItsActionsIsNoProof) {
  for (const auto& [state, status] : {std::pair{State::done, Status::pass},
                                      {State::left_out, Status::pass},
                                      {State::refused, Status::inconclusive},
                                      {State::failed, Status::inconclusive},
                                      {State::unknown, Status::inconclusive},
                                      {State::missed, Status::inconclusive}}) {
    Story story;
    with_action(tell_good_run(story)).criterion(DroppedRequestsCriterion{0, {}});
    story.records.emplace_back(sample("deploy", state));
    const Verdict v = story.verdict();
    EXPECT_EQ(v.status, status) << name_of(state);
    EXPECT_EQ(v.findings.at(0).status, Status::pass) << name_of(state);
    if (status != Status::pass) EXPECT_THAT(headline(v), HasSubstr("action deploy")) << name_of(state);
  }
}

TEST(Actions, TheLastWordOnEachCountsWhateverTheOrder) {
  Story story;
  story.records.emplace_back(sample("deploy", State::done));
  story.records.emplace_back(sample("deploy", State::begun));
  story.records.emplace_back(sample("deploy", State::planned));
  const Timeline t = story.timeline();
  ASSERT_EQ(t.actions.size(), 1u);
  EXPECT_EQ(t.actions[0].state, State::done);
  EXPECT_EQ(t.action("deploy"), &t.actions[0]);
  EXPECT_EQ(t.action("other"), nullptr);
}

std::string detail_for(const Story& story, RunTime at, const std::string& pod) {
  RequestFailure f = failed_new(Outcome::connect_refused);
  f.pod = pod;
  f.planned = f.ended = at;
  const Timeline t = story.timeline();
  const DropCause cause = DropForensics(t).explain(f);
  EXPECT_EQ(cause.code, "termination_race");
  EXPECT_EQ(cause.pod, pod);
  return cause.detail;
}

TEST(Actions, ADropNamesTheActionThatTookItsPodAway) {
  Story story;
  story.at(300s).deletion("todo-1");
  story.at(320s).deletion("todo-2");
  ActionSample deletion = sample("kill one", State::done, 300s);
  deletion.kind = "delete_pod";
  deletion.object = {"Pod", "default", "todo-1"};
  story.records.emplace_back(deletion);
  story.records.emplace_back(sample("deploy", State::done, 310s));
  EXPECT_THAT(detail_for(story, 301s, "todo-1"), EndsWith(", by action kill one"));
  EXPECT_THAT(detail_for(story, 321s, "todo-2"), EndsWith(", by action deploy"));
}

TEST(Actions, OtherPodsAreNotTheActions) {
  struct Other {
    std::string name;
    std::function<void(ActionSample&)> change;
  };
  const Other rows[] = {
      {"another workload", [](ActionSample& a) { a.object.name = "other"; }},
      {"another namespace", [](ActionSample& a) { a.object.ns = "other"; }},
      {"it was refused", [](ActionSample& a) { a.state = State::refused; }},
      {"it came later", [](ActionSample& a) { a.begun = 330s; }},
      {"scaled long before", [](ActionSample& a) { a.kind = "scale", a.begun = 304s; }},
  };
  for (const auto& row : rows) {
    Story story;
    story.at(320s).deletion("todo-2");
    ActionSample a = sample("deploy", State::done, 310s);
    row.change(a);
    story.records.emplace_back(a);
    EXPECT_THAT(detail_for(story, 321s, "todo-2"), ::testing::Not(HasSubstr("by action"))) << row.name;
  }
}

}  // namespace
}  // namespace surgeproof::test
