#include "analyzers/scale_up_path.h"
#include "tests/analyzers/rows.h"

namespace surgeproof::test {
namespace {

ScaleUpCriterion to_five(RunTime within) { return {"", 5, within, std::nullopt}; }

// tell_good_run: the surge begins at 60 s, five pods are ready at 95 s, so it takes 35 s.
TEST(ScaleUp, Table) {
  const Row rows[] = {
      {"in time", [](Story& s) { tell_good_run(s).criterion(to_five(60s)); }, Status::pass, "in_time", "35s"},
      {"at the limit exactly", [](Story& s) { tell_good_run(s).criterion(to_five(35s)); }, Status::pass, "in_time",
       "35s"},
      {"one nanosecond over", [](Story& s) { tell_good_run(s).criterion(to_five(35s - 1ns)); }, Status::fail,
       "too_late", "35s"},
      {"never", [](Story& s) { tell_good_run(s).criterion(ScaleUpCriterion{"todo", 6, 60s, std::nullopt}); },
       Status::fail, "never", "5 of 6 pods"},
      {"from another instant",
       [](Story& s) { tell_good_run(s).criterion(ScaleUpCriterion{"todo", 5, 30s, PlanInstant{"surge", 10s}}); },
       Status::pass, "in_time", "25s"},
      {"ready before the surge",
       [](Story& s) {
         s.at(10s).replicas(5).ready(5);
         s.criterion(to_five(60s));
       },
       Status::inconclusive, "already_scaled", "0s"},
      {"no more than the minimum is always there",
       [](Story& s) { s.criterion(ScaleUpCriterion{"", 2, 60s, std::nullopt}); }, Status::pass, "in_time", "0s"},
      {"going on, not there yet", [](Story& s) { tell_good_run(s).criterion(to_five(60s)); }, Status::inconclusive,
       "undecided", "4 of 5 pods", 92s, false},
      {"going on, already there", [](Story& s) { tell_good_run(s).criterion(to_five(60s)); }, Status::pass, "in_time",
       "35s", 96s, false},
      {"going on, deadline past", [](Story& s) { tell_good_run(s).criterion(to_five(20s)); }, Status::fail, "never",
       "2 of 5 pods", 81s, false},
      {"not even begun", [](Story& s) { tell_good_run(s).criterion(to_five(60s)); }, Status::inconclusive, "undecided",
       "*", 30s, false},
      {"recording cut off", [](Story& s) { tell_good_run(s).criterion(to_five(60s)); }, Status::inconclusive, "cut_off",
       "4 of 5 pods", 92s, true},
      {"interrupted",
       [](Story& s) {
         s.at(75s).replicas(5);
         s.at(80s).interrupted();
         s.criterion(to_five(60s));
       },
       Status::inconclusive, "cut_off", "2 of 5 pods", 300s},
      {"not seen at the deadline",
       [](Story& s) {
         s.at(75s).replicas(5);
         s.at(80s).watch("pods", WatchState::Kind::lost, "connection reset");
         s.at(200s).watch("pods", WatchState::Kind::synced);
         s.at(200s).ready(5);
         s.criterion(to_five(60s));
       },
       Status::inconclusive, "watch_gap"},
      {"a gap that ended before the deadline hides nothing",
       [](Story& s) {
         s.at(75s).replicas(5);
         s.at(80s).watch("pods", WatchState::Kind::lost);
         s.at(90s).watch("pods", WatchState::Kind::synced);
         s.at(150s).ready(5);
         s.criterion(to_five(60s));
       },
       Status::fail, "too_late", "90s"},
      {"seen in time in spite of a gap",
       [](Story& s) {
         tell_good_run(s).at(80s).watch("pods", WatchState::Kind::lost);
         s.at(94s).watch("pods", WatchState::Kind::synced);
         s.criterion(to_five(60s));
       },
       Status::pass, "in_time", "35s"},
      {"a load that was not sent",
       [](Story& s) {
         s.during(kSurge, kSurgeEnd).traffic(390, 100ms).outcome(Outcome::unsent, 10);
         s.criterion(to_five(60s));
       },
       Status::inconclusive, "generator_sick", "2 of 5 pods"},
  };
  for (const Row& row : rows) check(row);
}

TEST(ScaleUp, AnHpaThatWasNeverSeenIsInconclusive) {
  Story story;
  story.criterion(ScaleUpCriterion{"todo", 5, 60s, std::nullopt});
  std::erase_if(story.records, [](const Record& r) { return std::holds_alternative<HpaSample>(r); });
  const Verdict v = story.verdict();
  EXPECT_EQ(v.findings[0].status, Status::inconclusive);
  EXPECT_EQ(v.findings[0].reason, "no_samples");
}

TEST(ScaleUp, NumbersAndMargin) {
  Story story;
  tell_good_run(story).criterion(ScaleUpCriterion{"todo", 5, 60s, std::nullopt});
  const Finding f = story.verdict().findings[0];
  EXPECT_EQ(f.observed_value, 35);
  EXPECT_EQ(f.limit_value, 60);
  EXPECT_EQ(f.unit, "seconds");
  EXPECT_EQ(f.limit, "60s");
  EXPECT_EQ(f.margin, "25s (42 %)");  // 25 of 60
  EXPECT_EQ(f.evidence, (Interval{60s, 95s}));
  // metric at 75 s with the decision and the creation, scheduled 77 s, started 80 s, ready 95 s
  EXPECT_EQ(f.sentence,
            "5 pods were ready after 35s (limit 60s); the first new pod was ready after 30s "
            "(metric 15s, decision 0s, creation 0s, scheduling 2s, start 3s, readiness 15s)");
}

TEST(ScaleUp, OnePodIsTold) {
  Story story;
  story.criterion(ScaleUpCriterion{"todo", 1, 60s, std::nullopt});
  EXPECT_TRUE(story.verdict().findings[0].sentence.starts_with("1 pod was ready after 0s"));
}

struct PathRow {
  std::string name;
  std::function<void(Story&)> tell;
  std::string slowest;
};

// To five within 60 s of the surge, which none of them reaches: the last step is open.
TEST(ScaleUp, NamesTheSlowestStep) {
  const PathRow rows[] = {
      {"no metric", [](Story&) {}, "metric"},
      {"no decision", [](Story& s) { s.at(75s).cpu(200); }, "decision"},
      {"not enough decided",
       [](Story& s) {
         s.at(75s).cpu(200).replicas(3);
         s.at(80s).ready(3);
       },
       "decision"},
      {"no pod made",
       [](Story& s) {
         s.at(75s).cpu(200).replicas(5);
         std::erase_if(s.records, [](const Record& r) {
           const auto* pod = std::get_if<PodSample>(&r);
           return pod && pod->at.observed == 75s;
         });
       },
       "creation"},
      {"no node",
       [](Story& s) {
         s.at(75s).cpu(200).replicas(5);
         s.at(76s).scheduled("todo-3").scheduled("todo-4");
         s.at(90s).ready(4);
       },
       "scheduling"},
      {"no image",
       [](Story& s) {
         s.at(75s).cpu(200).replicas(5);
         s.at(76s).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
       },
       "start"},
      {"a slow start, and gone long after",
       [](Story& s) {
         s.at(75s).cpu(200).replicas(5);
         s.at(76s).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
         s.at(78s).started("todo-3").started("todo-4").started("todo-5");
         s.at(200s).ready(5);
         s.at(580s).replicas(2);
       },
       "readiness"},
  };
  for (const PathRow& row : rows) {
    SCOPED_TRACE(row.name);
    Story story;
    row.tell(story);
    const Timeline t = story.timeline();
    const ScaleUpPath path = scale_up_path(t, *t.hpa("todo"), kSurge, 5, kSurge + 60s);
    ASSERT_NE(path.slowest(), nullptr);
    EXPECT_EQ(path.slowest()->code, row.slowest);
    EXPECT_TRUE(path.steps.back().open);
    EXPECT_EQ(path.steps.front().interval.begin, kSurge);
    EXPECT_EQ(path.steps.back().interval.end, kSurge + 60s);
    for (std::size_t i = 1; i < path.steps.size(); ++i) {
      EXPECT_EQ(path.steps[i].interval.begin, path.steps[i - 1].interval.end);
    }
  }
}

}  // namespace
}  // namespace surgeproof::test
