#include <gtest/gtest.h>

#include "reports/report.h"
#include "tests/reports/surge_run.h"

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

class SurgeReport : public testing::Test {
 protected:
  const Report report_ = report_of(surge_run());
};

TEST_F(SurgeReport, CountsTimeFromTheLoadsBegin) {
  EXPECT_EQ(report_.begin_s, -2);
  EXPECT_EQ(report_.end_s, 723);
  EXPECT_EQ(report_.load_started, "2025-06-02T09:00:02.250Z");
  EXPECT_EQ(report_.stages[1].begin_s, 60);
  EXPECT_EQ(report_.criteria[0].begin_s, 60);
  EXPECT_EQ(report_.criteria[0].end_s, 107);
}

TEST_F(SurgeReport, SumsByStage) {
  // 60 s at 20/s; 180 s at 400/s; the ramp; 450 s at 20/s with three seconds of four drops each.
  EXPECT_EQ(report_.by_stage[0].planned, 1200u);
  EXPECT_EQ(report_.by_stage[1].planned, 72000u);
  EXPECT_DOUBLE_EQ(report_.by_stage[1].offered_per_second, 400);
  EXPECT_EQ(report_.by_stage[3].planned, 9000u);
  EXPECT_EQ(report_.by_stage[3].dropped, 12u);
  // Answered: all but the nine refused connections.
  EXPECT_DOUBLE_EQ(report_.by_stage[3].served_per_second, (9000 - 9) / 450.0);
  EXPECT_EQ(report_.by_stage[3].replicas[0].lowest_ready, 2);
  EXPECT_EQ(report_.by_stage[3].replicas[0].highest_ready, 5);
  std::uint64_t planned = 0;
  for (const SpanSummary& s : report_.by_stage) planned += s.planned;
  EXPECT_EQ(report_.total.planned, planned);
}

ActionSample action(std::string name, RunTime planned, ObjectRef object) {
  ActionSample a;
  a.name = std::move(name);
  a.state = ActionSample::State::done;
  a.planned = planned;
  a.begun = planned + 3ms;
  a.ended = planned + 43ms;
  a.object = std::move(object);
  return a;
}

TEST(Report, TellsWhatWasDoneToTheCluster) {
  RecordedRun run = surge_run();
  const RunTime start = *run.timeline.load_started;
  run.timeline.actions = {action("deletion", start + 200s, {"Pod", "todo", "todo-5d8f7c9b6-a"}),
                          action("deploy", start + 210s, {"Deployment", "todo", "todo"})};
  run.timeline.actions[1].state = ActionSample::State::refused;
  run.timeline.actions[1].error = "deployments.apps \"todo\" is forbidden";
  const Report report = report_of(run);
  ASSERT_EQ(report.actions.size(), 2u);
  const ActionMark& deletion = report.actions[0];
  EXPECT_EQ(deletion.state, "done");
  EXPECT_EQ(deletion.object, "Pod/todo/todo-5d8f7c9b6-a");
  EXPECT_EQ(deletion.planned_s, 200);
  EXPECT_EQ(deletion.begun_s, 200.003);
  EXPECT_EQ(deletion.ended_s, 200.043);
  EXPECT_EQ(report.actions[1].sentence, "was refused: deployments.apps \"todo\" is forbidden");
  const auto in_log = [&](const std::string& reason) {
    return std::ranges::count_if(report.log, [&](const LogLine& l) { return l.reason == reason; });
  };
  EXPECT_EQ(in_log("action deploy"), 1);
  EXPECT_EQ(in_log("action deletion"), 1);
}

// The surge goes on at 95.25 s: of the second from 95 on a quarter is there.
TEST(Report, ShowsNoFallWhileTheLoadGoesOn) {
  RecordedRun run = surge_run();
  Timeline& t = run.timeline;
  WindowTable so_far;
  for (LoadWindow w : t.windows) {
    if (w.begin > *t.load_started + 95s) break;
    if (w.begin == *t.load_started + 95s) w.planned = w.sent = 100;
    so_far.push_back(std::move(w));
  }
  t.windows = std::move(so_far);
  std::erase_if(t.peers, [&](const PeerWindow& p) { return p.begin > *t.load_started + 95s; });
  t.end = *t.load_started + 95s + 250ms;
  struct Row {
    bool complete;
    bool load_over;
    std::size_t bins;
  };
  for (const Row& row : {Row{false, false, 95}, Row{false, true, 96}, Row{true, false, 96}}) {
    t.complete = row.complete;
    t.load_finished = row.load_over ? std::optional{t.end} : std::nullopt;
    const LoadSeries load = report_of(run).load;
    ASSERT_EQ(load.t_s.size(), row.bins);
    EXPECT_EQ(load.offered.size(), row.bins);
    EXPECT_EQ(load.p99_ms.size(), row.bins);
    EXPECT_EQ(load.offered.back(), row.bins == 95 ? 400 : 100);
  }
}

TEST_F(SurgeReport, PutsTheLoadIntoEqualBins) {
  const LoadSeries& load = report_.load;
  EXPECT_EQ(load.bin_s, 1);
  ASSERT_EQ(load.t_s.size(), 720u);
  EXPECT_EQ(load.offered[10], 20);
  EXPECT_EQ(load.offered[100], 400);
  EXPECT_EQ(load.served[100], 400);
  for (const auto* column : {&load.p50_ms, &load.p95_ms, &load.p99_ms}) EXPECT_EQ(column->size(), 720u);
  std::uint64_t cells = 0;
  for (const auto& cell : load.heat.cells) cells += cell.count;
  EXPECT_EQ(cells, report_.total.planned);
  for (const LoadSeries::Errors& e : load.errors) {
    if (e.outcome == Outcome::connect_refused) {
      EXPECT_EQ(e.per_second[587], 3);
    }
  }
}

TEST_F(SurgeReport, StepsHoldFromOneInstantToTheNext) {
  const ReplicaSteps& r = report_.hpas[0].replicas;
  ASSERT_EQ(r.t_s.size(), r.ready.size());
  EXPECT_TRUE(std::ranges::is_sorted(r.t_s));
  const auto at = std::ranges::find(r.t_s, 75.0) - r.t_s.begin();
  EXPECT_EQ(r.desired[at], 4);
  EXPECT_EQ(r.current[at], 2);
  EXPECT_EQ(r.ready[at], 2);
  EXPECT_EQ(r.t_s.back(), report_.end_s);
}

TEST_F(SurgeReport, SumsReplicaSeconds) {
  // 2 pods for 2 + 90 s, 4 for 17 s, 5 for 479 s, 2 for 137 s.
  EXPECT_EQ(report_.hpas[0].scores.at("replica_seconds"), 184 + 68 + 2395 + 274);
}

TEST_F(SurgeReport, NamesTheSlowestStepOfTheWay) {
  ASSERT_FALSE(report_.hpas[0].paths.empty());
  const auto& path = report_.hpas[0].paths[0].stages;
  ASSERT_FALSE(path.empty());
  EXPECT_EQ(path.front().begin_s, 60);
  const auto ready = std::ranges::find(path, std::string("readiness"), &PathStage::code);
  ASSERT_NE(ready, path.end());
  EXPECT_EQ(ready->end_s, 107);
  EXPECT_EQ(path.back().end_s, 108);  // its first answer, and the latency is back
  EXPECT_EQ(std::ranges::count_if(path, &PathStage::slowest), 1);
}

TEST_F(SurgeReport, FailuresMostFrequentFirst) {
  ASSERT_GE(report_.failures.size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(report_.failures, std::greater{}, &FailureRow::count));
  EXPECT_EQ(report_.failure_examples.size(), 10u);
}

TEST(Report, LongRunsAreDrawnWithFewerAndWiderBins) {
  RecordedRun run = surge_run();
  LoadWindow late = run.timeline.windows.back();
  late.begin = 4h;
  run.timeline.windows.push_back(late);
  run.timeline.end = 4h + 10s;
  const LoadSeries load = report_of(run).load;
  EXPECT_EQ(load.bin_s, 10);  // 14,400 s in at most 1,800 bins are at least 8 s each
  EXPECT_LE(load.t_s.size(), 1800u);
  EXPECT_EQ(load.offered[20], 400);
}

TEST(Report, RatesOfAPhaseThatEndsWithinAWindow) {
  RecordedRun run = surge_run();
  // The window that begins at 106 s is counted whole: 47 windows of 400 requests, 47 s.
  run.timeline.phases[1].interval.end -= 420ms;
  run.timeline.phases[2].interval.begin -= 420ms;
  const Report report = report_of(run);
  EXPECT_DOUBLE_EQ(report.by_phase[1].offered_per_second, 400);
  EXPECT_DOUBLE_EQ(report.by_phase[2].offered_per_second, 400);
}

TEST(Report, TheCurvesEndWithTheLoad) {
  RecordedRun run = surge_run();
  PeerWindow late = run.timeline.peers.back();
  late.begin += 3s;
  late.answered = 0;
  run.timeline.peers.push_back(late);
  EXPECT_EQ(report_of(run).load.t_s.size(), 720u);
}

// What the server says happened before the watch began is listed, and is no warning of the watch.
TEST(Report, AWatchCountsTheWarningsOfItsOwnTime) {
  struct Row {
    const char* name;
    const char* type;
    std::optional<std::chrono::milliseconds> reported;  // from the begin; empty: the server does not say
    const char* headline;
  };
  const std::vector<Row> rows{
      {"a minute before", "Warning", -60s, "0 warnings"},     {"in the same second", "Warning", -999ms, "1 warning"},
      {"just before that", "Warning", -1001ms, "0 warnings"}, {"meanwhile", "Warning", 5s, "1 warning"},
      {"nobody knows when", "Warning", {}, "1 warning"},      {"no warning", "Normal", 5s, "0 warnings"},
  };
  for (const Row& row : rows) {
    RecordedRun run = empty_run();
    run.info.started = WallTime{1'750'000'000s};
    run.scenario.criteria.clear();
    run.scenario.load.stages.clear();
    run.scenario.load.closed.reset();
    ASSERT_TRUE(run.scenario.load.none());
    run.scenario.watch.assign(1, {});
    ClusterEvent event;
    event.type = row.type;
    event.at.observed = 30ms;
    if (row.reported) event.at.reported = run.info.started + *row.reported;
    run.timeline.events = {event};
    const Report report = report_of(run);
    EXPECT_TRUE(report.headline.ends_with(row.headline)) << row.name << ": " << report.headline;
    EXPECT_EQ(report.log.size(), 1u) << row.name;
  }
}

TEST(Report, WithoutSamplesThereIsNoFigure) {
  const Report report = report_of(empty_run());
  EXPECT_FALSE(report.total.p99_ms);
  EXPECT_FALSE(report.generator.schedule_error_p99_ms);
  EXPECT_TRUE(report.load.t_s.empty());
  EXPECT_EQ(report.exit_code, 4);
}

}  // namespace
}  // namespace surgeproof::reports
