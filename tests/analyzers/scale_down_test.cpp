#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

ScaleDownCriterion to_two(std::optional<RunTime> not_before, RunTime within) {
  return {"", 2, not_before, within, std::nullopt};
}

// Five pods from 95 s on; the load falls at 240 s.
Story& scaled(Story& s) {
  s.at(75s).replicas(5);
  s.at(95s).ready(5);
  return s;
}

// tell_good_run: two wanted at 580 s, 340 s after the load fell.
TEST(ScaleDown, Table) {
  const Row rows[] = {
      {"in time", [](Story& s) { tell_good_run(s).criterion(to_two(300s, 420s)); }, Status::pass, "in_time", "5m40s"},
      {"at the limit", [](Story& s) { tell_good_run(s).criterion(to_two(300s, 340s)); }, Status::pass, "in_time"},
      {"over it", [](Story& s) { tell_good_run(s).criterion(to_two(300s, 340s - 1ns)); }, Status::fail, "too_late"},
      {"not before, exactly", [](Story& s) { tell_good_run(s).criterion(to_two(340s, 420s)); }, Status::pass,
       "in_time"},
      {"too early", [](Story& s) { tell_good_run(s).criterion(to_two(340s + 1ns, 420s)); }, Status::fail, "too_early"},
      {"no lower bound",
       [](Story& s) {
         scaled(s).at(250s).replicas(2);
         s.criterion(to_two(std::nullopt, 420s));
       },
       Status::pass, "in_time", "10s"},
      {"single steps before are no breach, 2 is what counts",
       [](Story& s) {
         scaled(s).at(260s).replicas(4);
         s.at(560s).replicas(2);
         s.criterion(to_two(300s, 420s));
       },
       Status::pass, "in_time", "5m20s"},
      {"never", [](Story& s) { scaled(s).criterion(to_two(300s, 420s)); }, Status::fail, "never", "5 replicas wanted"},
      {"after the deadline",
       [](Story& s) {
         scaled(s).at(700s).replicas(2);
         s.criterion(to_two(300s, 420s));
       },
       Status::fail, "too_late", "7m40s"},
      {"never scaled up", [](Story& s) { s.criterion(to_two(300s, 420s)); }, Status::inconclusive, "never_scaled_up"},
      {"before the load falls", [](Story& s) { scaled(s).criterion(to_two(300s, 420s)); }, Status::inconclusive,
       "undecided", "*", 200s, false},
      {"going on", [](Story& s) { scaled(s).criterion(to_two(300s, 420s)); }, Status::inconclusive, "undecided",
       "5 replicas wanted", 500s, false},
      {"cut off", [](Story& s) { scaled(s).criterion(to_two(300s, 420s)); }, Status::inconclusive, "cut_off",
       "5 replicas wanted", 500s, true},
      {"interrupted before the load fell",
       [](Story& s) {
         scaled(s).at(200s).interrupted();
         s.criterion(to_two(300s, 420s));
       },
       Status::inconclusive, "cut_off", "*", 715s},
      {"not seen when it may have been too early",
       [](Story& s) {
         scaled(s).at(400s).watch("deployments", WatchState::Kind::lost);
         s.at(580s).watch("deployments", WatchState::Kind::synced);
         s.at(580s).replicas(2);
         s.criterion(to_two(300s, 420s));
       },
       Status::inconclusive, "watch_gap"},
      {"not seen, but surely late enough and in time",
       [](Story& s) {
         scaled(s).at(560s).watch("deployments", WatchState::Kind::lost);
         s.at(580s).watch("deployments", WatchState::Kind::synced);
         s.at(580s).replicas(2);
         s.criterion(to_two(300s, 420s));
       },
       Status::pass, "in_time"},
      {"not seen at the deadline",
       [](Story& s) {
         scaled(s).at(600s).watch("deployments", WatchState::Kind::lost);
         s.criterion(to_two(300s, 420s));
       },
       Status::inconclusive, "watch_gap"},
  };
  for (const Row& row : rows) check(row);
}

TEST(ScaleDown, OneReplicaIsTold) {
  Story story;
  story.at(75s).replicas(2);
  story.at(580s).replicas(1);
  story.criterion(ScaleDownCriterion{"todo", 1, std::nullopt, 420s, std::nullopt});
  const std::string sentence = story.verdict().findings[0].sentence;
  EXPECT_TRUE(sentence.starts_with("1 replica was wanted after 5m40s")) << sentence;
}

TEST(ScaleDown, TellsWhenThePodsWereGone) {
  Story story;
  tell_good_run(story).criterion(to_two(300s, 420s));
  const Finding f = story.verdict().findings[0];
  EXPECT_EQ(f.sentence, "2 replicas were wanted after 5m40s (limit 7m); the last surplus pod was gone after 5m41s");
  EXPECT_EQ(f.evidence, (Interval{240s, 580s}));
}

}  // namespace
}  // namespace surgeproof::test
