// Which pods count, and what one metric asks for.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "k8s/hpa/replica_calculator.h"
#include "tests/k8s/hpa/story.h"

namespace surgeproof::hpa {
namespace {

using namespace std::chrono_literals;

/// The only metric's result of one sync.
MetricResult only_metric(const World& world, Settings settings = {}) {
  const auto decision = Controller(settings).sync(world, kNoon);
  EXPECT_EQ(decision.per_metric.size(), 1U);
  return decision.per_metric.empty() ? MetricResult{} : decision.per_metric.front();
}

TEST(Utilization, IsAWholePercentAndTheToleranceIncludesItsBounds) {
  struct Row {
    const char* what;
    std::int64_t milli;  ///< of 100m each, on both pods
    std::int32_t target;
    std::int32_t utilization;
    std::int32_t proposal;
  };
  const Row table[] = {
      {"88 / 80 = 1.1: within", 88, 80, 88, 2},
      {"89 / 80: ceil(1.1125 x 2)", 89, 80, 89, 3},
      {"72 / 80 = 0.9: within", 72, 80, 72, 2},
      {"40 / 80: ceil(0.5 x 2)", 40, 80, 40, 1},
      {"0 %", 0, 80, 0, 0},
  };
  for (const auto& row : table) {
    World world = world_of(2, {cpu_utilization(row.target)});
    add_pod(world, "a", row.milli);
    add_pod(world, "b", row.milli);
    const auto metric = only_metric(world);
    EXPECT_EQ(metric.utilization, row.utilization) << row.what;
    EXPECT_EQ(metric.proposal, row.proposal) << row.what;
    EXPECT_EQ(metric.raw_average_milli, row.milli) << row.what;
  }
}

TEST(Utilization, TolerancePerDirectionNeedsTheGate) {
  World world = world_of(4, {cpu_utilization(50)});
  for (const auto* name : {"a", "b", "c", "d"}) add_pod(world, name, 60);  // ratio 1.2
  world.hpa.spec.behavior = default_behavior();
  world.hpa.spec.behavior->scale_up->tolerance = 0.25;
  Settings settings;
  EXPECT_EQ(only_metric(world, settings).proposal, 5);
  settings.configurable_tolerance = true;
  EXPECT_EQ(only_metric(world, settings).proposal, 4);
}

TEST(Utilization, MissingPodsAreFilledInAgainstTheDirection) {
  struct Row {
    const char* what;
    std::int64_t milli;
    std::int32_t target;
    std::int32_t proposal;
    ProposalPath path;
  };
  // 3 pods with a sample, 1 without, 100m each, 4 replicas.
  const Row table[] = {
      {"up: (3 x 100 + 0) / 400 = 75 %; 75/50 x 4", 100, 50, 6, ProposalPath::recomputed},
      {"up, but 45 % of 400 is below 50 %", 60, 50, 4, ProposalPath::recomputed_within},
      {"down: (3 x 10 + 100) / 400 = 32 %; 32/80 x 4", 10, 80, 2, ProposalPath::recomputed},
      {"down, but with 100 % for the fourth it is 56 % of 50 %", 42, 50, 4, ProposalPath::recomputed_within},
      {"target above 100 %: (3 x 60 + 150) / 400 = 82 %; 82/150 x 4", 60, 150, 3, ProposalPath::recomputed},
  };
  for (const auto& row : table) {
    World world = world_of(4, {cpu_utilization(row.target)});
    for (const auto* name : {"a", "b", "c"}) add_pod(world, name, row.milli);
    world.pods.push_back(ready_pod("d"));
    const auto metric = only_metric(world);
    EXPECT_EQ(metric.proposal, row.proposal) << row.what;
    EXPECT_EQ(metric.path, row.path) << row.what;
    EXPECT_EQ(metric.pods.missing, std::vector<std::string>{"d"}) << row.what;
  }
}

TEST(Utilization, UnreadyPodsCountAsIdleOnTheWayUpOnly) {
  World world = world_of(3, {cpu_utilization(50)});
  add_pod(world, "a", 100);
  add_pod(world, "b", 100);
  add_pod(world, "c", 100);
  world.pods.back().phase = PodPhase::pending;
  // (100 + 100 + 0) / 300 = 66 %; 66/50 x 3 = 3.96
  EXPECT_EQ(only_metric(world).proposal, 4);
  for (auto& m : *world.pod_metrics) m.containers[0].usage["cpu"] = 10;
  // 20 / 200 = 10 %; 10/50 x 2 pods = 0.4
  EXPECT_EQ(only_metric(world).proposal, 1);
}

TEST(Utilization, FewerPodsThanReplicasMayTurnTheDirection) {
  World world = world_of(6, {cpu_utilization(50)});
  add_pod(world, "a", 100);
  add_pod(world, "b", 100);
  EXPECT_EQ(only_metric(world).proposal, 4);  // 2.0 x 2 pods, not x 6 replicas
  // With a missing pod the same is held back: 66 % / 50 % x 3 = 4 is below 6.
  world.pods.push_back(ready_pod("c"));
  const auto metric = only_metric(world);
  EXPECT_EQ(metric.proposal, 6);
  EXPECT_EQ(metric.path, ProposalPath::recomputed_contrary);
}

TEST(Grouping, SortsPods) {
  struct Row {
    const char* what;
    std::function<void(Pod&, PodMetrics&)> change;
    std::string group;  ///< "counted", "unready", "missing", "ignored"
  };
  const auto start = [](Pod& pod, std::chrono::nanoseconds ago) { pod.start_time = kNoon - ago; };
  const Row table[] = {
      {"ready for long", [](Pod&, PodMetrics&) {}, "counted"},
      {"being deleted", [](Pod& p, PodMetrics&) { p.terminating = true; }, "ignored"},
      {"Failed", [](Pod& p, PodMetrics&) { p.phase = PodPhase::failed; }, "ignored"},
      {"Succeeded", [](Pod& p, PodMetrics&) { p.phase = PodPhase::succeeded; }, "counted"},
      {"Pending", [](Pod& p, PodMetrics&) { p.phase = PodPhase::pending; }, "unready"},
      {"starting without a sample", [&](Pod& p, PodMetrics& m) { start(p, 10s), p.ready = "False", m.name = "x"; },
       "missing"},
      {"starting with a sample", [&](Pod& p, PodMetrics&) { start(p, 10s), p.ready = "False"; }, "unready"},
      {"no Ready condition", [](Pod& p, PodMetrics&) { p.ready.reset(); }, "unready"},
      {"no start time", [](Pod& p, PodMetrics&) { p.start_time.reset(); }, "unready"},
      {"ready, but the window reaches back before it",
       [&](Pod& p, PodMetrics&) { start(p, 60s), p.ready_since = kNoon - 15s + 1ns; }, "unready"},
      {"ready exactly one window ago", [&](Pod& p, PodMetrics&) { start(p, 60s), p.ready_since = kNoon - 15s; },
       "counted"},
      {"the initialization period ends now", [&](Pod& p, PodMetrics&) { start(p, 300s), p.ready_since = kNoon; },
       "counted"},
      {"later: never was ready", [](Pod& p, PodMetrics&) { p.ready = "False", p.ready_since = p.start_time; },
       "unready"},
      {"later: broke exactly 30 s after its start",
       [](Pod& p, PodMetrics&) { p.ready = "False", p.ready_since = *p.start_time + 30s; }, "counted"},
      {"Unknown is not False", [](Pod& p, PodMetrics&) { p.ready = "Unknown", p.ready_since = p.start_time; },
       "counted"},
      {"a container without the resource", [](Pod&, PodMetrics& m) { m.containers.push_back({"log", {}}); }, "missing"},
      {"no containers in the sample", [](Pod&, PodMetrics& m) { m.containers.clear(); }, "missing"},
  };
  for (const auto& row : table) {
    World world = world_of(2, {cpu_utilization(50)});
    add_pod(world, "other", 50);
    add_pod(world, "it", 50);
    row.change(world.pods.back(), world.pod_metrics->back());
    const auto pods = only_metric(world).pods;
    const auto has = [](const std::vector<std::string>& names) {
      return std::ranges::find(names, "it") != names.end();
    };
    EXPECT_EQ(has(pods.counted), row.group == "counted") << row.what;
    EXPECT_EQ(has(pods.unready), row.group == "unready") << row.what;
    EXPECT_EQ(has(pods.missing), row.group == "missing") << row.what;
    EXPECT_EQ(has(pods.ignored), row.group == "ignored") << row.what;
  }
}

TEST(Grouping, ReadinessMattersForCpuOnly) {
  World world = world_of(1, {cpu_average(100)});
  world.hpa.spec.metrics[0].name = "memory";
  add_pod(world, "a", 0);
  world.pods[0].ready = "False";
  world.pods[0].start_time = kNoon;
  world.pod_metrics->front().containers[0].usage["memory"] = 100;
  EXPECT_EQ(only_metric(world).pods.counted, std::vector<std::string>{"a"});
}

TEST(Grouping, OtherNamespacesAndLabelsAreNotTheTargets) {
  World world = world_of(1, {cpu_utilization(50)});
  add_pod(world, "a", 50);
  add_pod(world, "b", 100);
  world.pods.back().ns = world.pod_metrics->back().ns = "elsewhere";
  add_pod(world, "c", 100);
  world.pods.back().labels["app"] = world.pod_metrics->back().labels["app"] = "db";
  EXPECT_EQ(only_metric(world).utilization, 50);
}

struct RequestsRow {
  const char* what;
  std::function<void(World&)> change;
  std::optional<std::int32_t> utilization;  ///< of one pod that uses 60m; empty: the metric fails
};

TEST(Requests, OfAPod) {
  const RequestsRow table[] = {
      {"one container", [](World&) {}, 60},
      {"sidecar init containers count", [](World& w) { w.pods[0].init_containers = {{"s", true, {{"cpu", 50}}}}; }, 40},
      {"other init containers do not", [](World& w) { w.pods[0].init_containers = {{"i", false, {{"cpu", 500}}}}; },
       60},
      {"a container without a request", [](World& w) { w.pods[0].containers.push_back({"b", false, {}}); }, {}},
      {"an ignored pod without a request",
       [](World& w) {
         w.pods.push_back(ready_pod("gone"));
         w.pods.back().phase = PodPhase::failed;
         w.pods.back().containers[0].requests.clear();
       },
       {}},
      {"pod-level requests win", [](World& w) { w.pods[0].pod_requests = ResourceList{{"cpu", 300}}; }, 20},
      {"pod-level requests and overhead",
       [](World& w) {
         w.pods[0].pod_requests = ResourceList{{"cpu", 250}};
         w.pods[0].overhead = ResourceList{{"cpu", 50}};
       },
       20},
      {"overhead alone does not count", [](World& w) { w.pods[0].overhead = ResourceList{{"cpu", 50}}; }, 60},
      {"pod-level memory: cpu by the containers, init containers as the scheduler sees them",
       [](World& w) {
         w.pods[0].pod_requests = ResourceList{{"memory", 1}};
         w.pods[0].init_containers = {{"i", false, {{"cpu", 200}}}};
       },
       30},
      {"pod-level memory, and no cpu request anywhere",
       [](World& w) {
         w.pods[0].pod_requests = ResourceList{{"memory", 1}};
         w.pods[0].containers[0].requests.clear();
       },
       {}},
  };
  for (const auto& row : table) {
    World world = world_of(1, {cpu_utilization(50)});
    add_pod(world, "a", 60);
    row.change(world);
    const auto metric = only_metric(world);
    EXPECT_EQ(metric.utilization, row.utilization) << row.what;
    EXPECT_EQ(metric.reason, row.utilization ? "" : "FailedGetResourceMetric") << row.what;
  }
}

TEST(Requests, WithoutTheGatePodLevelRequestsDoNotCount) {
  World world = world_of(1, {cpu_utilization(50)});
  add_pod(world, "a", 60);
  world.pods[0].pod_requests = ResourceList{{"cpu", 300}};
  Settings settings;
  settings.pod_level_resources = false;
  EXPECT_EQ(only_metric(world, settings).utilization, 60);
}

TEST(ContainerResource, CountsOneContainer) {
  World world = world_of(2, {cpu_utilization(50)});
  world.hpa.spec.metrics[0].type = MetricType::container_resource;
  world.hpa.spec.metrics[0].container = "app";
  add_pod(world, "a", 40);
  add_pod(world, "b", 40);
  for (auto& m : *world.pod_metrics) m.containers.push_back({"log", {{"cpu", 999}}});
  EXPECT_EQ(only_metric(world).utilization, 40);
  // A pod whose spec lacks the container requests nothing (until 1.34): 80 / 100.
  world.pods[1].containers[0].name = "old";
  EXPECT_EQ(only_metric(world).utilization, 80);
  // A pod whose sample lacks the container is missing, not an error.
  world.pod_metrics->back().containers[0].name = "old";
  const auto metric = only_metric(world);
  EXPECT_EQ(metric.utilization, 40);
  EXPECT_EQ(metric.pods.missing, std::vector<std::string>{"b"});
}

TEST(PlainAverage, TruncatesAndCountsSamplesOfUnknownPods) {
  World world = world_of(2, {cpu_average(100)});
  add_pod(world, "a", 100);
  add_pod(world, "b", 101);
  world.pod_metrics->push_back(cpu_usage("unknown", 400));
  const auto metric = only_metric(world);
  EXPECT_EQ(metric.raw_average_milli, 200);  // 601 / 3
  EXPECT_EQ(metric.proposal, 4);             // 2.0 x 2 pods
  EXPECT_FALSE(metric.utilization);
}

struct TotalRow {
  const char* what;
  std::int32_t spec_replicas;
  std::int32_t status_replicas;
  std::vector<std::int64_t> values;
  std::optional<std::int32_t> proposal;
};

TEST(ExternalAverageValue, GoesByStatusReplicas) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const TotalRow table[] = {
      {"ceil(90 / 20)", 2, 2, {90'000}, 5},
      {"105 / (20 x 5) = 1.05: within, so status.replicas", 4, 5, {105'000}, 5},
      {"series add up", 2, 2, {30'000, 31'000}, 4},
      {"a sum below zero is taken for an overflow", 3, 3, {-5'000, 100'000}, 2147483647},
      {"overflow", 3, 3, {kMax, kMax}, 2147483647},
      {"nothing at all", 3, 3, {0}, 0},
      {"at zero", 1, 0, {30'000}, 2},
  };
  for (const auto& row : table) {
    World world = world_of(row.spec_replicas, {external_average("queue", 20'000)});
    world.scale->status_replicas = row.status_replicas;
    answer_external(world, "queue", row.values);
    EXPECT_EQ(only_metric(world).proposal, row.proposal) << row.what;
  }
}

TEST(ExternalValue, MultipliesWithRunningAndReadyPods) {
  World world = world_of(3, {external_value("latency", 100)});
  answer_external(world, "latency", {150});
  for (const auto* name : {"a", "b", "c"}) world.pods.push_back(ready_pod(name));
  EXPECT_EQ(only_metric(world).proposal, 5);  // 1.5 x 3
  world.pods[0].terminating = true;           // still Running and Ready
  EXPECT_EQ(only_metric(world).proposal, 5);
  world.pods[0].ready = "False";
  EXPECT_EQ(only_metric(world).proposal, 3);  // 1.5 x 2
  world.pods.clear();
  EXPECT_EQ(only_metric(world).reason, "FailedGetExternalMetric");
}

TEST(ExternalValue, AtZeroReplicasNeitherToleranceNorPodsCount) {
  World world = world_of(0, {external_value("queue", 100)});
  world.hpa.spec.min_replicas = 0;
  answer_external(world, "queue", {105});
  const auto metric = only_metric(world);
  EXPECT_EQ(metric.proposal, 2);
  EXPECT_EQ(metric.path, ProposalPath::from_zero);
}

TEST(ObjectMetric, NeedsExactlyOneItem) {
  MetricSpec spec;
  spec.type = MetricType::object;
  spec.name = "hits";
  spec.described_object = {"networking.k8s.io/v1", "Ingress", "main"};
  spec.target = {"AverageValue", std::nullopt, 10'000, std::nullopt};
  World world = world_of(2, {spec});
  const auto answer = [](std::vector<CustomMetricValue> items) {
    return CustomMetricAnswer{"hits", ObjectReference{"", "Ingress", "main"}, {}, std::move(items)};
  };
  const CustomMetricValue hits{"main", 35'000, kNoon, std::nullopt};
  world.custom_metrics = {answer({hits})};
  const auto metric = only_metric(world);
  EXPECT_EQ(metric.proposal, 4);
  EXPECT_EQ(metric.raw_average_milli, 17'500);
  EXPECT_EQ(metric.description, "external metric hits(nil)");
  world.custom_metrics = {answer({hits, hits})};
  EXPECT_EQ(only_metric(world).reason, "FailedGetObjectMetric");
  world.custom_metrics.clear();
  EXPECT_EQ(only_metric(world).reason, "FailedGetObjectMetric");
}

}  // namespace
}  // namespace surgeproof::hpa
