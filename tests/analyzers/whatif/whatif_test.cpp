// Simulation, feasibility and tuning on small services whose arithmetic fits a comment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzers/whatif/feasibility.h"
#include "analyzers/whatif/patch.h"
#include "analyzers/whatif/setting.h"
#include "analyzers/whatif/simulation.h"
#include "analyzers/whatif/tune.h"
#include "tests/analyzers/whatif/cpu_service.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// 2 to 10 pods of 200m at 70 %; 5 ms of CPU a request; 15 s syncs and samples; ready after 10 s.
/// 60 s at 40/s (100m a pod: 50 %), then `surge` per second.
Service service_with(double surge, RunTime length = 600s) {
  Service s = cpu_service(5s, 10s);
  s.demand.per_second.assign(static_cast<std::size_t>(length / 1s), surge);
  std::fill_n(s.demand.per_second.begin(), 60, 40.0);
  return s;
}

TEST(Simulation, StaysWhereTheLoadIsOnTarget) {
  const Simulation s = simulate(service_with(40));
  EXPECT_EQ(s.changes, 0);
  EXPECT_DOUBLE_EQ(s.replica_seconds, 1200);
  EXPECT_EQ(s.lost_requests, 0);
  EXPECT_NEAR(s.peak_utilization, 50, 0.01);
  EXPECT_EQ(s.syncs.size(), 40U);
}

TEST(Simulation, ScalesToWhatTheLoadNeeds) {
  // 140/s cost 700m: 175 % of two requests, exactly 70 % of five.
  const Simulation s = simulate(service_with(140));
  EXPECT_EQ(s.most_ready(), 5);
  const auto ready = s.ready_from(5, 60s);
  ASSERT_TRUE(ready);
  EXPECT_GT(*ready, 60s + 10s);
  EXPECT_LE(*ready, 60s + 15s + 15s + 1s + 15s + 10s);
  EXPECT_EQ(s.under_capacity_s, 0);  // two pods can do 200/s
}

TEST(Simulation, SaturatedPodsQueueAndLose) {
  // 400/s against two pods of 100/s: 200/s queue up, and after 10 s of waiting they are lost.
  Service service = service_with(400);
  service.loop.spec.max_replicas = 2;
  const Simulation s = simulate(service);
  EXPECT_NEAR(s.under_capacity_s, 540, 1);
  EXPECT_NEAR(s.worst_wait_s, 10, 0.1);
  EXPECT_NEAR(s.lost_requests, 540 * 200 - 2000, 300);  // the queue itself holds 10 s of 200/s
  EXPECT_NEAR(s.peak_utilization, 250, 1);
}

TEST(Simulation, TheStabilizationWindowHoldsPods) {
  Service service = service_with(140, 1200s);
  std::fill(service.demand.per_second.begin() + 240, service.demand.per_second.end(), 40.0);
  const auto down_after = [&](const char* setting) {
    Service changed = service;
    EXPECT_TRUE(apply_setting(setting, changed));
    const auto at = simulate(changed).wanted_down_to(2, 240s);
    return at ? *at - 240s : RunTime::max();
  };
  EXPECT_GE(down_after("behavior.scaleDown.stabilizationWindowSeconds=300"), 300s);
  EXPECT_LE(down_after("behavior.scaleDown.stabilizationWindowSeconds=300"), 300s + 46s);
  EXPECT_LE(down_after("behavior.scaleDown.stabilizationWindowSeconds=60"), 60s + 46s);
}

TEST(Simulation, ADayTakesAllSyncs) {
  Service day = service_with(140, 24h);
  const Simulation s = simulate(day);
  EXPECT_EQ(s.syncs.size(), 5760U);
  EXPECT_EQ(s.bins.size(), 86'400U);
}

TEST(Setting, TakesEveryNameAndRefusesTheRest) {
  Service s = service_with(40);
  for (const char* good : {"minReplicas=3",
                           "maxReplicas=8",
                           "target=60",
                           "target=60%",
                           "behavior=none",
                           "replicas=4",
                           "pod-start=20s",
                           "pod-limit=1",
                           "pod-request=250m",
                           "cpu-per-request=7ms",
                           "idle-cpu=2m",
                           "client-timeout=5s",
                           "load-scale=1.5",
                           "sync=30s",
                           "metric-resolution=60s",
                           "metric-window=30s",
                           "metric-lag=0s",
                           "behavior.scaleUp.selectPolicy=Min",
                           "behavior.scaleUp.policies=Pods:2/60s,Percent:50/15s",
                           "behavior.scaleDown.stabilizationWindowSeconds=60",
                           "behavior.scaleDown.tolerance=0.05"}) {
    EXPECT_TRUE(apply_setting(good, s)) << good;
  }
  EXPECT_EQ(s.loop.spec.max_replicas, 8);
  EXPECT_EQ(s.pod.to_running, 10s);  // at half of the way, as before
  EXPECT_EQ(s.loop.spec.behavior->scale_up->policies->size(), 2U);
  EXPECT_DOUBLE_EQ(s.demand.per_second.front(), 60);
  const std::pair<const char*, const char*> bad[] = {
      {"maxReplicas", "NAME=VALUE"},
      {"maxReplicas=0", "at least 1"},
      {"maxReplica=3", "did you mean maxReplicas"},
      {"target=high", "percent"},
      {"sync=15", "duration"},
      {"behavior.scaleUp.policies=Pods:4", "Pods:4/15s"},
      {"behavior.scaleUp.selectPolicy=max", "Max, Min or Disabled"},
      {"behavior.scaleDown.stabilizationWindowSeconds=3601", "3600"},
      {"behavior.scaleDown.window=1", "did you mean"},
  };
  for (const auto& [text, words] : bad) {
    const auto applied = apply_setting(text, s);
    ASSERT_FALSE(applied) << text;
    EXPECT_THAT(applied.error(), HasSubstr(words)) << text;
  }
}

FeasibilityQuestion question(int to) {
  FeasibilityQuestion q;
  q.spec = service_with(40).loop.spec;
  q.from = 2;
  q.to = to;
  q.cpu_request_millicores = 200;
  q.cpu_limit_millicores = 500;
  q.pod_start = {20s, 40s};
  return q;
}

TEST(Feasibility, GivesBoundsThatContainASimulation) {
  const Feasibility f = time_to(question(5));
  ASSERT_TRUE(f.possible) << f.impossible_because;
  ASSERT_TRUE(f.latest);
  EXPECT_GE(f.earliest, 20s);  // a pod takes as long
  EXPECT_LT(f.earliest, *f.latest);
  Service s = service_with(140);
  s.pod.to_ready = 30s;
  const auto ready = simulate(s).ready_from(5, 60s);
  ASSERT_TRUE(ready);
  EXPECT_GE(*ready - 60s, f.earliest);
  EXPECT_LE(*ready - 60s, *f.latest);
  EXPECT_EQ(objection(f, 5, 10min), "");
  EXPECT_THAT(objection(f, 5, 15s), HasSubstr("cannot be met with this configuration: at least"));
}

// Scrapes come 10 s apart at least, 15 s apart by the manifest. A kubelet reads a container's counter every 10 to 20 s,
// and a round of scrapes is spread over up to 4 s: a sample is up to 24 s old when it is served.
TEST(Feasibility, DerivesTheAgeOfMetricsFromWhatIsSeen) {
  struct Row {
    const char* name;
    std::optional<TimeRange> seen;
    TimeRange resolution;
    TimeRange lag;
  };
  const std::vector<Row> rows{
      {"nothing is known", {}, {10s, 15s}, {0s, 24s}},
      {"the usual ones", TimeRange{15s, 15s}, {10s, 15s}, {0s, 24s}},
      {"a resolution of 10 s, seen through 10 to 20 s of kubelet", TimeRange{11s, 19s}, {10s, 19s}, {0s, 24s}},
      {"the least that a kubelet does", TimeRange{10s, 10s}, {10s, 15s}, {0s, 24s}},
      {"metrics-server without a flag", TimeRange{52s, 68s}, {10s, 68s}, {0s, 24s}},
      {"young containers have short ones", TimeRange{8310ms, 8310ms}, {8310ms, 15s}, {0s, 24s}},
      {"a young one beside an old one", TimeRange{5s, 12s}, {5s, 15s}, {0s, 24s}},
      // No kubelet measures whole seconds: readings are one window apart, and one or two old when they are scraped.
      {"another source", TimeRange{2s, 2s}, {2s, 2s}, {0s, 6s}},
      {"another source, or chance", TimeRange{10s, 10s}, {10s, 15s}, {0s, 24s}},
  };
  for (const Row& row : rows) {
    const MetricPipeline p = metric_pipeline(row.seen);
    EXPECT_EQ(p.resolution, row.resolution) << row.name;
    EXPECT_EQ(p.lag, row.lag) << row.name;
  }
}

// 2 pods of 200m on their target of 140m, then 385m each; more than 154m is outside the tolerance: a sample must show
// at least 14/245 of its window, 0.86 s of 15 s, of the surge. At the worst moment it shows a little less, so that the
// next must come, and a sync has just passed by when that one is served; moments lie on whole seconds.
TEST(Feasibility, TheFirstSyncThatSeesTheSurgeIsBoundedByTheAgeOfTheMetrics) {
  struct Row {
    const char* name;
    std::optional<TimeRange> windows;
    std::chrono::seconds sync;
    std::chrono::seconds most;
  };
  const std::vector<Row> rows{
      {"nothing is known", {}, 15s, 53s},  // 0 + 15 to the next sample, 24 old, 14 to the sync
      {"as on the project's cluster", TimeRange{10s, 13s}, 15s, 53s},
      {"wide windows", TimeRange{11s, 20s}, 15s, 59s},                    // 1 + 20 + 24 + 14
      {"metrics-server without a flag", TimeRange{60s, 60s}, 15s, 101s},  // 3 + 60 + 24 + 14
      {"a slow controller", {}, 30s, 68s},                                // 0 + 15 + 24 + 29
  };
  for (const Row& row : rows) {
    FeasibilityQuestion q = question(5);
    q.metrics = metric_pipeline(row.windows);
    q.sync = {row.sync, row.sync};
    const Feasibility f = time_to(q);
    ASSERT_TRUE(f.latest) << row.name;
    EXPECT_EQ(f.seen.most, row.most) << row.name;
    EXPECT_LE(f.seen.least, 3s) << row.name;
    EXPECT_LE(f.seen.least, f.at_best.seen) << row.name;
    EXPECT_GE(f.seen.most, f.at_worst.seen) << row.name;
    EXPECT_GE(f.rounds.most, f.at_worst.rounds) << row.name;
    EXPECT_GE(f.start.most, f.at_worst.start) << row.name;
    EXPECT_GE(*f.latest, f.seen.most + q.pod_start.most) << row.name << ": a pod starts after it is wanted";
  }
}

TEST(Feasibility, SaysWhyItCanNeverBe) {
  FeasibilityQuestion low = question(12);
  EXPECT_EQ(time_to(low).impossible_because, "maxReplicas is 10");
  FeasibilityQuestion weak = question(5);
  weak.cpu_limit_millicores = 150;  // 75 % of the request: within the tolerance of 70 %
  EXPECT_THAT(time_to(weak).impossible_because, HasSubstr("CPU limit of 150m"));
  FeasibilityQuestion off = question(5);
  off.spec.behavior = hpa::Behavior{};
  hpa::apply_defaults(off.spec);
  off.spec.behavior->scale_up->select_policy = hpa::PolicySelect::disabled;
  EXPECT_THAT(time_to(off).impossible_because, HasSubstr("Disabled"));
  FeasibilityQuestion none = question(5);
  none.spec.metrics.clear();
  EXPECT_EQ(time_to(none).unknown_because, "the HPA has no CPU metric");
  EXPECT_EQ(objection(time_to(none), 5, 1s), "") << "what is not known is no objection";
  EXPECT_EQ(span_words(time_to(none)), "not known: the HPA has no CPU metric");
  EXPECT_TRUE(time_to(question(2)).possible);
}

TEST(Feasibility, ItsStagesAddUp) {
  FeasibilityQuestion q = question(9);
  const Feasibility f = time_to(q);
  ASSERT_TRUE(f.latest);
  EXPECT_EQ(f.at_best.seen + f.at_best.rounds + f.at_best.start, f.earliest);
  EXPECT_EQ(f.at_worst.seen + f.at_worst.rounds + f.at_worst.start, *f.latest);
  EXPECT_EQ(f.at_best.wanted.front(), 2);
  EXPECT_GE(f.at_best.wanted.back(), 9);
  EXPECT_GT(f.at_best.wanted.size(), 2u) << "a pod at its limit is 3.6 times the target";
}

TEST(Feasibility, ReadsATemplateAsTheMetricDoes) {
  PodTemplate pod;
  ContainerSpec app;
  app.name = "app";
  app.cpu_request_milli = 200;
  app.cpu_limit_milli = 500;
  app.readiness = ProbeSpec{.initial_delay = std::chrono::seconds{5}, .period = std::chrono::seconds{10}};
  ContainerSpec sidecar;
  sidecar.name = "proxy";
  sidecar.role = ContainerSpec::Role::sidecar;
  sidecar.cpu_limit_milli = 100;
  ContainerSpec init = app;
  init.role = ContainerSpec::Role::init;
  pod.containers = {app, sidecar, init};
  auto spec = service_with(40).loop.spec;
  const auto q = question_for(spec, &pod, {}, 5);
  EXPECT_EQ(q.cpu_request_millicores, 300) << "a limit alone is the request, an init container does not count";
  EXPECT_EQ(q.cpu_limit_millicores, 600);
  EXPECT_EQ(q.pod_start.least, 5s);
  EXPECT_EQ(q.pod_start.most, 45s);
  EXPECT_EQ(q.from, 2);
  spec.metrics.front().type = hpa::MetricType::container_resource;
  spec.metrics.front().container = "proxy";
  EXPECT_EQ(question_for(spec, &pod, {}, 5).cpu_request_millicores, 100);
  EXPECT_EQ(question_for(spec, &pod, {}, 5).cpu_limit_millicores, 100);
  pod.pod_cpu_request_milli = 250;
  EXPECT_EQ(question_for(service_with(40).loop.spec, &pod, {}, 5).cpu_request_millicores, 250);
  pod.containers[0].cpu_limit_milli.reset();
  EXPECT_EQ(question_for(service_with(40).loop.spec, &pod, {}, 5).cpu_limit_millicores, std::nullopt);
  EXPECT_EQ(question_for(spec, nullptr, TimeRange{0s, 7s}, 5).pod_start.least, 1s);
}

Scenario scenario_of(int to, std::chrono::nanoseconds within) {
  Scenario s;
  s.watch.push_back({});
  s.watch.back().hpa = "todo";
  Stage calm;
  calm.name = "calm";
  calm.rate = Rate{40};
  calm.duration = 60s;
  Stage surge = calm;
  surge.name = "surge";
  surge.shape = Stage::Shape::step;
  surge.rate = Rate{140};
  surge.duration = 240s;
  s.load.stages = {calm, surge};
  Criterion up;
  up.rule = ScaleUpCriterion{"todo", to, within, std::nullopt};
  s.criteria.push_back(up);
  return s;
}

TEST(Tune, FindsTheCheapestSettingsThatMeetTheCriteria) {
  const Scenario scenario = scenario_of(5, 90s);
  Service s = service_with(140, 300s);
  s.loop.spec.max_replicas = 3;  // five can never be
  const std::vector<TuneCase> cases{{s, {scenario, "todo", RunTime{0}}, 0.05}};
  const Tuning t = tune(cases, 2000);
  EXPECT_EQ(t.current.failed, 1);
  ASSERT_TRUE(t.met);
  EXPECT_GE(t.best.candidate.max, 5);
  EXPECT_LE(t.tried, 2000U);
  ASSERT_FALSE(t.reasons.empty());
  EXPECT_EQ(t.reasons.back().setting, "maxReplicas");
  EXPECT_THAT(t.reasons.back().why, HasSubstr("5"));
  EXPECT_THAT(patch_text(s.loop.spec, t.spec, "{}"), HasSubstr("maxReplicas: "));
  ASSERT_FALSE(t.pareto.empty());
  EXPECT_EQ(t.pareto.back().failed, 0);
}

TEST(Tune, SaysWhenNothingDoes) {
  Scenario scenario = scenario_of(5, 90s);
  scenario.criteria.push_back(
      {ReplicasCriterion{"", std::nullopt, 4, std::nullopt, {}}, {}});  // five, but at most four
  const Tuning t = tune({{service_with(140, 300s), {scenario, "todo", RunTime{0}}, 0.05}}, 500);
  EXPECT_FALSE(t.met);
  EXPECT_EQ(t.best.failed, 1);
  EXPECT_THAT(t.unmet, testing::ElementsAre(testing::AnyOf(HasSubstr("5 ready pods"), HasSubstr("at most 4"))));
}

TEST(Patch, HoldsOnlyWhatDiffers) {
  const hpa::AutoscalerSpec from = service_with(40).loop.spec;
  EXPECT_EQ(patch_text(from, from, "{}"), "spec: {}\n");
  Candidate c = candidate_of(from, {});
  c.own_behavior = false;
  c.down_window_s = 60;
  c.target = 55;
  const std::string json =
      R"({"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":70}}}]})";
  EXPECT_EQ(patch_text(from, with(c, from), json),
            "spec:\n"
            "  metrics:\n"
            "    - {\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":\"Utilization\","
            "\"averageUtilization\":55}}}\n"
            "  behavior:\n"
            "    scaleUp:\n"
            "      stabilizationWindowSeconds: 0\n"
            "      selectPolicy: Max\n"
            "      policies:\n"
            "        - {type: Percent, value: 100, periodSeconds: 15}\n"
            "        - {type: Pods, value: 4, periodSeconds: 15}\n"
            "    scaleDown:\n"
            "      stabilizationWindowSeconds: 60\n"
            "      selectPolicy: Max\n"
            "      policies:\n"
            "        - {type: Percent, value: 100, periodSeconds: 15}\n");
}

}  // namespace
}  // namespace surgeproof::whatif
