#include "analyzers/timeline.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Timeline, AddsDeltasOfOneWindow) {
  Story story;
  story.during(10s, 12s).traffic(5, 20ms);
  story.during(10s, 11s).outcome(Outcome::timeout, 2);  // a slow answer, long after its window
  story.during(10s, 11s).traffic("other", 1, 20ms);
  const Timeline t = story.timeline();
  ASSERT_EQ(t.windows.size(), 3u);  // list at 10 s, other at 10 s, list at 11 s
  EXPECT_EQ(t.windows[0].planned, 7u);
  EXPECT_EQ(t.windows[0].count(Outcome::timeout), 2u);
  EXPECT_EQ(t.windows[0].latency.count(), 5u);
  EXPECT_EQ(t.windows[1].request, "other");
  EXPECT_EQ(t.windows_in({10s, 11s}), (std::pair<std::size_t, std::size_t>{0, 2}));
  EXPECT_EQ(t.windows_in({11s, 1h}), (std::pair<std::size_t, std::size_t>{2, 3}));
}

TEST(Timeline, TheOrderOfRecordsDoesNotMatter) {
  Story story;
  tell_good_run(story);
  story.at(85s).watch("pods", WatchState::Kind::lost).endpoints({"todo-1", "todo-2"});
  story.at(86s).watch("pods", WatchState::Kind::synced);
  story.at(97s).endpoints({"todo-1", "todo-2", "todo-3"});
  story.at(98s).failure(failed_new(Outcome::reset));
  const Timeline expected = story.timeline();
  std::mt19937 random(1);
  for (int i = 0; i < 5; ++i) {
    std::shuffle(story.records.begin(), story.records.end(), random);
    const Timeline t = story.timeline();
    EXPECT_EQ(t.windows, expected.windows);
    EXPECT_EQ(t.pods, expected.pods);
    EXPECT_EQ(t.hpas, expected.hpas);
    EXPECT_EQ(t.gaps, expected.gaps);
    EXPECT_EQ(t.phases, expected.phases);
    EXPECT_EQ(t.endpoint_changes, expected.endpoint_changes);
    EXPECT_EQ(t.failures, expected.failures);
  }
}

TEST(Timeline, BuildingEverySecondGivesTheSameAsBuildingOnce) {
  Story story;
  tell_good_run(story);
  TimelineBuilder live(story.scenario);
  std::size_t n = 0;
  for (const Record& r : story.records) {
    live.add(r);
    if (++n % 50 == 0) live.build(1s, false);
  }
  live.add(LoadMark{kLoadEnd + 1s, LoadMark::Kind::finished});
  const Timeline& t = live.build(kLoadEnd + 10s, true);
  const Timeline once = story.timeline();
  EXPECT_EQ(t.windows, once.windows);
  EXPECT_EQ(t.hpas, once.hpas);
  EXPECT_EQ(t.pods, once.pods);
  EXPECT_EQ(t.phases, once.phases);
}

TEST(Timeline, PlacesStagesFromTheStartOfTheLoad) {
  Story story;
  story.records.clear();
  story.records.emplace_back(LoadMark{7s, LoadMark::Kind::started});
  const Timeline t = story.timeline();
  ASSERT_EQ(t.stages.size(), 3u);
  EXPECT_EQ(t.stages[1].interval, (Interval{67s, 247s}));
  EXPECT_EQ(t.surge, 67s);
  EXPECT_EQ(t.surge_end, 247s);
  EXPECT_EQ(t.load_interval(), (Interval{7s, 727s}));
}

TEST(Timeline, NothingIsPlacedBeforeTheLoadStarts) {
  Story story;
  story.records.clear();
  const Timeline t = story.timeline(5s, false);
  EXPECT_THAT(t.stages, IsEmpty());
  EXPECT_THAT(t.phases, IsEmpty());
  EXPECT_EQ(t.load_interval(), std::nullopt);
}

TEST(Timeline, RampsBeginAtTheRateBefore) {
  Story story;
  story.scenario.load.stages[1].shape = Stage::Shape::ramp;
  const Timeline t = story.timeline();
  EXPECT_EQ(t.stages[1].rate_begin, 20);
  EXPECT_EQ(t.stages[1].rate_end, 400);
}

struct PhaseRow {
  std::string name;
  RunTime end;
  bool complete;
  std::vector<Phase> phases;
};

TEST(Timeline, DetectsPhases) {
  using K = Phase::Kind;
  const PhaseRow rows[] = {
      {"before the surge", 30s, false, {{K::baseline, {0s, 30s}, false}}},
      {"nothing is ready yet", 80s, false, {{K::baseline, {0s, 60s}, true}, {K::scaling, {60s, 80s}, false}}},
      {"most so far",
       92s,
       false,
       {{K::baseline, {0s, 60s}, true}, {K::scaling, {60s, 90s}, false}, {K::scaled, {90s, 92s}, false}}},
      {"all that there can be",
       100s,
       false,
       {{K::baseline, {0s, 60s}, true}, {K::scaling, {60s, 95s}, true}, {K::scaled, {95s, 100s}, false}}},
      {"over",
       730s,
       true,
       {{K::baseline, {0s, 60s}, true},
        {K::scaling, {60s, 95s}, true},
        {K::scaled, {95s, 240s}, true},
        {K::draining, {240s, 730s}, true}}},
  };
  for (const PhaseRow& row : rows) {
    SCOPED_TRACE(row.name);
    Story story;
    story.at(75s).replicas(5);
    // A live timeline knows only what has happened.
    if (row.end > 90s) story.at(90s).ready(4);
    if (row.end > 95s) story.at(95s).ready(5);
    EXPECT_EQ(story.timeline(row.end, row.complete).phases, row.phases);
  }
}

TEST(Timeline, EachSurgeHasItsRoundOfPhases) {
  Story story;
  auto& stages = story.scenario.load.stages;
  stages = {{"calm", Stage::Shape::hold, Rate{20}, 60s, {}},
            {"rush", Stage::Shape::step, Rate{400}, 180s, {}},
            {"pause", Stage::Shape::hold, Rate{20}, 200s, {}},
            {"again", Stage::Shape::step, Rate{300}, 60s, {}},
            {"after", Stage::Shape::hold, Rate{20}, 100s, {}}};
  story.at(75s).replicas(4);
  story.at(90s).ready(4);
  story.at(300s).replicas(2);  // the last surplus pod is gone a second later
  const Timeline t = story.timeline(600s);
  using Kind = Phase::Kind;
  const std::vector<Phase> expected{{Kind::baseline, {0s, 60s}, true, 1},    {Kind::scaling, {60s, 90s}, true, 1},
                                    {Kind::scaled, {90s, 240s}, true, 1},    {Kind::draining, {240s, 301s}, true, 1},
                                    {Kind::baseline, {301s, 440s}, true, 2}, {Kind::scaling, {440s, 500s}, true, 2},
                                    {Kind::draining, {500s, 600s}, true, 2}};
  ASSERT_EQ(t.phases.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(t.phases[i].name(), expected[i].name());
    EXPECT_EQ(t.phases[i].interval, expected[i].interval) << expected[i].name();
    EXPECT_EQ(t.phases[i].closed, expected[i].closed) << expected[i].name();
  }
  EXPECT_EQ(t.phases_named("scaling").size(), 2u);
  EXPECT_EQ(t.phases_named("scaling 2").size(), 1u);
  EXPECT_TRUE(t.phases_named("scaling 3").empty());
}

TEST(Timeline, ScalesToTheEndOfTheSurgeWhenNothingWasAdded) {
  const Timeline t = Story().timeline();
  ASSERT_NE(t.phase(Phase::Kind::scaling), nullptr);
  EXPECT_EQ(t.phase(Phase::Kind::scaling)->interval, (Interval{kSurge, kSurgeEnd}));
  EXPECT_EQ(t.phase(Phase::Kind::scaled), nullptr);
}

TEST(Timeline, GapsLastUntilTheNextSync) {
  Story story;
  story.at(10s).watch("pods", WatchState::Kind::lost, "eof");
  story.at(12s).watch("pods", WatchState::Kind::lost, "refused");
  story.at(20s).watch("pods", WatchState::Kind::synced);
  story.at(30s).watch("events in default", WatchState::Kind::forbidden, "no right");
  const Timeline t = story.timeline(100s, false);
  ASSERT_EQ(t.gaps.size(), 3u);
  EXPECT_EQ(t.gaps[0].interval, (Interval{0s, 100s}));  // events were never listed
  EXPECT_EQ(t.gaps[1].interval, (Interval{10s, 12s}));
  EXPECT_EQ(t.gaps[2].interval, (Interval{12s, 20s}));
  EXPECT_NE(t.gap_in("pods", {5s, 11s}), nullptr);
  EXPECT_EQ(t.gap_in("pods", {0s, 9s}), nullptr);
  EXPECT_EQ(t.gap_in("pods", {20s, 99s}), nullptr);
  ASSERT_NE(t.gap_in("events", {50s, 60s}), nullptr);
  EXPECT_TRUE(t.gap_in("events", {50s, 60s})->open);
  EXPECT_EQ(t.gap_in("metrics.k8s.io/pods", {0s, 99s}), nullptr);
}

TEST(Timeline, NamespacesAndHpasHaveGapsOfTheirOwn) {
  Story story;
  const auto say = [&](RunTime at, std::string ns, std::string hpa, WatchState::Kind kind) {
    story.records.emplace_back(WatchState{at, "nodes/x", kind, "", std::move(ns), std::move(hpa)});
  };
  say(0s, "todo", "backend", WatchState::Kind::synced);
  say(0s, "shop", "backend", WatchState::Kind::synced);
  say(0s, "shop", "cart", WatchState::Kind::synced);
  say(10s, "shop", "backend", WatchState::Kind::lost);
  say(12s, "todo", "backend", WatchState::Kind::synced);  // another's: ends nothing
  say(20s, "shop", "backend", WatchState::Kind::synced);
  const Timeline t = story.timeline(100s, false);
  ASSERT_EQ(t.gaps.size(), 1u);
  EXPECT_EQ(t.gaps[0].interval, (Interval{10s, 20s}));
  EXPECT_EQ(t.gaps[0].ns, "shop");
  EXPECT_EQ(t.gaps[0].hpa, "backend");
}

TEST(Timeline, AResourceThatWasNeverListedIsAGapFromTheBeginning) {
  Story story;
  story.at(30s).watch("events", WatchState::Kind::forbidden);
  const Timeline t = story.timeline(100s, false);
  ASSERT_EQ(t.gaps.size(), 1u);
  EXPECT_EQ(t.gaps[0].interval, (Interval{0s, 100s}));
}

TEST(Timeline, FollowsAPodsLife) {
  Story story;
  story.at(75s).replicas(3);
  story.at(77s).scheduled("todo-3");
  story.at(80s).started("todo-3");
  story.at(90s).ready(3);
  story.at(91s).endpoints({"todo-1", "todo-2", "todo-3"});
  story.at(300s).deletion("todo-3");
  story.at(301s).endpoints({"todo-1", "todo-2"});
  story.at(320s).terminated("todo-3");
  story.at(321s).gone("todo-3");
  story.records.emplace_back(PeerWindow{92s, 1s, "10.0.0.3:80", "todo-3", 4});
  story.records.emplace_back(PeerWindow{301s, 1s, "10.0.0.3:80", "todo-3", 1});
  const Timeline t = story.timeline();
  const PodLife& pod = t.pods.back();
  EXPECT_EQ(pod.name, "todo-3");
  EXPECT_FALSE(pod.before_watch);
  EXPECT_EQ(pod.created, (Stamp{75s, kWallZero + 75s}));
  EXPECT_EQ(pod.scheduled->observed, 77s);
  EXPECT_EQ(pod.started->observed, 80s);
  EXPECT_EQ(pod.ready->observed, 90s);
  EXPECT_EQ(pod.in_endpoints, 91s);
  EXPECT_EQ(pod.first_request, 92s);
  EXPECT_EQ(pod.last_request, 302s);
  EXPECT_EQ(pod.deletion_requested->observed, 300s);
  EXPECT_EQ(pod.out_of_endpoints, 301s);
  EXPECT_EQ(pod.terminated->observed, 320s);
  EXPECT_EQ(pod.gone, 321s);
  EXPECT_THAT(pod.ends, ElementsAre(ContainerEnd{320s, kWallZero + 320s, "app", "Completed", 0, 0}));
  // Ready pods: 2, then 3 at 90 s, and 2 again as soon as the deletion is requested.
  EXPECT_EQ(t.hpa("todo")->ready.at(299s), 3);
  EXPECT_EQ(t.hpa("todo")->ready.at(300s), 2);
  EXPECT_EQ(t.hpa("")->pods.at(320s), 3);
  EXPECT_EQ(t.hpa("")->pods.at(321s), 2);
  EXPECT_EQ(t.services.at(0).ready.at(301s), 2);
  EXPECT_EQ(t.server_zero, kWallZero);
  EXPECT_EQ(t.run_time_of(kWallZero + 80s), 80s);
}

TEST(Timeline, ACrashIsSeenOnce) {
  Story story;
  story.at(100s).crash("todo-1", 137, "OOMKilled");
  story.at(110s).ready(2);
  const Timeline t = story.timeline();
  EXPECT_THAT(t.pods.at(0).ends, ElementsAre(ContainerEnd{100s, kWallZero + 100s, "app", "OOMKilled", 137, 0}));
  EXPECT_EQ(t.pods.at(0).restarts, 1);
}

TEST(Timeline, TheTargetsReadyCountStandsInForPodsThatCannotBeSeen) {
  Story story;
  std::erase_if(story.records, [](const Record& r) { return std::holds_alternative<PodSample>(r); });
  ScaleTargetSample s;
  s.at.observed = 50s;
  s.ref = {"Deployment", "default", "todo"};
  s.spec_replicas = 3;
  s.ready_replicas = 2;
  story.records.emplace_back(s);
  const Timeline t = story.timeline();
  EXPECT_EQ(t.hpa("todo")->ready.at(60s), 2);
  EXPECT_EQ(t.hpa("todo")->wanted().at(60s), 3);
}

TEST(Timeline, MetricsAreKeptByNameWithTheirTarget) {
  Story story;
  story.at(75s).cpu(180);
  const Timeline t = story.timeline();
  const HpaTrack& hpa = t.hpas.at(0);
  ASSERT_EQ(hpa.metrics.size(), 1u);
  EXPECT_TRUE(hpa.metrics[0].utilization);
  EXPECT_EQ(hpa.metrics[0].current.at(75s).value(), 180.0);
  EXPECT_EQ(hpa.metrics[0].target.at(75s), 70.0);
}

TEST(Timeline, AMillionWindowsStayLinear) {
  // A day with 12 requests a second-window: judged by how the time grows, not by the clock of this machine.
  Story story;
  TimelineBuilder builder(story.scenario);
  LoadWindow w;
  w.length = 1s;
  w.planned = 1;
  for (int i = 0; i < 200'000; ++i) {
    w.begin = std::chrono::seconds{i};
    builder.add(w);
    if (i % 1000 == 0) builder.build(w.begin, false);
  }
  EXPECT_EQ(builder.build(200'000s, true).windows.size(), 200'000u);
}

}  // namespace
}  // namespace surgeproof::test
