// Conditions, events, errors and memory of whole syncs.
#include "k8s/hpa/controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/k8s/hpa/story.h"

namespace surgeproof::hpa {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

World queue_world(std::int32_t replicas, std::int64_t queue_milli) {
  World world = world_of(replicas, {external_average("queue", 20'000)});
  answer_external(world, "queue", {queue_milli});
  return world;
}

TEST(Controller, ScalesAndSaysWhy) {
  Controller controller;
  const auto decision = controller.sync(queue_world(2, 90'000), kNoon);
  EXPECT_EQ(decision.desired_replicas, 4);
  EXPECT_TRUE(decision.rescaled);
  EXPECT_EQ(decision.rescale_reason, "external metric queue(nil) above target");
  EXPECT_FALSE(decision.error);
  EXPECT_THAT(event_reasons(decision), ElementsAre("SuccessfulRescale"));
  EXPECT_EQ(decision.events[0].message, "New size: 4; reason: external metric queue(nil) above target");
  EXPECT_EQ(condition(decision, "AbleToScale"), "AbleToScale=True/SucceededRescale");
  EXPECT_EQ(condition(decision, "ScalingActive"), "ScalingActive=True/ValidMetricFound");
  EXPECT_EQ(condition(decision, "ScalingLimited"), "ScalingLimited=True/ScaleUpLimit");
  EXPECT_EQ(decision.status.current_replicas, 2);
  EXPECT_EQ(decision.status.desired_replicas, 4);
  EXPECT_EQ(decision.status.last_scale_time, kNoon);
  EXPECT_THAT(controller.memory().scale_ups, IsEmpty()) << "without behavior nothing looks at events";
}

TEST(Controller, TheFirstSyncRemembersCurrentAndSoCannotScaleDown) {
  Controller controller;
  World world = queue_world(5, 20'000);
  EXPECT_EQ(controller.sync(world, kNoon).desired_replicas, 5);
  EXPECT_EQ(controller.sync(world, noon_plus(300s)).desired_replicas, 5) << "exactly one window old";
  EXPECT_EQ(controller.sync(world, noon_plus(300s + 1ns)).desired_replicas, 1);
  controller.restart();
  EXPECT_EQ(controller.sync(world, noon_plus(600s)).desired_replicas, 5);
}

TEST(Controller, ARestartForgetsEvents) {
  World world = queue_world(2, 900'000);
  world.hpa.spec.behavior = default_behavior();
  world.hpa.spec.behavior->scale_up->policies = {{ScalingPolicy::Kind::pods, 2, 120}};
  Controller controller;
  EXPECT_EQ(controller.sync(world, kNoon).desired_replicas, 4);
  world.scale->spec_replicas = 4;
  EXPECT_EQ(controller.sync(world, noon_plus(15s)).desired_replicas, 4);
  controller.restart();
  EXPECT_EQ(controller.sync(world, noon_plus(30s)).desired_replicas, 6);
}

TEST(Controller, OutsideTheRangeItJumpsWithoutReadingMetrics) {
  World world = queue_world(30, 20'000);
  world.hpa.spec.behavior = default_behavior();
  world.hpa.spec.behavior->scale_down->select_policy = PolicySelect::disabled;
  world.hpa.status.conditions = {{"ScalingActive", "False", "FailedGetExternalMetric", "", kNoon - 1h}};
  Controller controller;
  auto decision = controller.sync(world, kNoon);
  EXPECT_EQ(decision.desired_replicas, 20);
  EXPECT_EQ(decision.rescale_reason, "Current number of replicas above Spec.MaxReplicas");
  EXPECT_THAT(decision.per_metric, IsEmpty());
  EXPECT_EQ(condition(decision, "ScalingActive"), "ScalingActive=False/FailedGetExternalMetric") << "stale";
  EXPECT_EQ(controller.memory().scale_downs, (std::vector<ScaleEvent>{{10, kNoon}}));
  world.scale->spec_replicas = 2;
  world.hpa.spec.min_replicas = 3;
  decision = controller.sync(world, noon_plus(15s));
  EXPECT_EQ(decision.desired_replicas, 3);
  EXPECT_EQ(decision.rescale_reason, "Current number of replicas below Spec.MinReplicas");
}

TEST(Controller, AtZeroItIsDisabledUnlessTheMinimumIsZero) {
  World world = queue_world(0, 90'000);
  auto decision = Controller().sync(world, kNoon);
  EXPECT_EQ(decision.desired_replicas, 0);
  EXPECT_EQ(condition(decision, "ScalingActive"), "ScalingActive=False/ScalingDisabled");
  EXPECT_THAT(decision.events, IsEmpty());
  world.hpa.spec.min_replicas = 0;
  decision = Controller().sync(world, kNoon);
  EXPECT_EQ(decision.desired_replicas, 4);
}

TEST(Controller, AnUnreadableScaleEndsTheSync) {
  World world = queue_world(2, 90'000);
  world.scale = std::unexpected(Failure{404, "NotFound", "deployments.apps \"web\" not found"});
  Controller controller;
  const auto decision = controller.sync(world, kNoon);
  EXPECT_FALSE(decision.desired_replicas);
  EXPECT_THAT(*decision.error, HasSubstr("Deployment/shop/web"));
  EXPECT_THAT(event_reasons(decision), ElementsAre("FailedGetScale"));
  EXPECT_EQ(condition(decision, "AbleToScale"), "AbleToScale=False/FailedGetScale");
  EXPECT_THAT(controller.memory().recommendations, IsEmpty());
}

TEST(Controller, AMalformedApiVersionIsAnUnreadableScale) {
  World world = queue_world(2, 90'000);
  world.hpa.spec.target.api_version = "apps/v1/extra";
  const auto decision = Controller().sync(world, kNoon);
  EXPECT_FALSE(decision.desired_replicas);
  EXPECT_EQ(condition(decision, "AbleToScale"), "AbleToScale=False/FailedGetScale");
}

TEST(Controller, AFailedWriteKeepsTheRecommendationButNoEvent) {
  World world = queue_world(2, 90'000);
  world.hpa.spec.behavior = default_behavior();
  world.hpa.status.desired_replicas = 2;
  world.scale_update = Failure{409, "Conflict", "the object has been modified"};
  Controller controller;
  const auto decision = controller.sync(world, kNoon);
  EXPECT_EQ(decision.desired_replicas, 2);
  EXPECT_FALSE(decision.rescaled);
  EXPECT_FALSE(decision.rescale_reason);
  EXPECT_TRUE(decision.error);
  EXPECT_THAT(event_reasons(decision), ElementsAre("FailedRescale"));
  EXPECT_EQ(condition(decision, "AbleToScale"), "AbleToScale=False/FailedUpdateScale");
  EXPECT_EQ(decision.status.desired_replicas, 2);
  EXPECT_EQ(controller.memory().recommendations.size(), 2U);
  EXPECT_THAT(controller.memory().scale_ups, IsEmpty());
}

struct SelectorRow {
  const char* selector;
  const char* condition;
  const char* event;
};

TEST(Controller, ASelectorThatDoesNotServe) {
  const SelectorRow table[] = {
      {"", "ScalingActive=False/InvalidSelector", "SelectorRequired"},
      {"app in", "ScalingActive=False/InvalidSelector", "InvalidSelector"},
      {"app=web", "ScalingActive=False/AmbiguousSelector", "AmbiguousSelector"},
  };
  for (const auto& row : table) {
    World world = queue_world(2, 90'000);
    world.scale->selector = row.selector;
    world.pods = {ready_pod("a")};
    world.other_autoscalers = {{"shop", "rival", "app"}};
    const auto decision = Controller().sync(world, kNoon);
    EXPECT_EQ(condition(decision, "ScalingActive"), row.condition) << row.selector;
    EXPECT_THAT(event_reasons(decision), ElementsAre(row.event, "FailedComputeMetricsReplicas")) << row.selector;
    EXPECT_TRUE(decision.error) << row.selector;
    EXPECT_THAT(decision.per_metric, IsEmpty()) << row.selector;
  }
}

TEST(Controller, ARivalElsewhereOrWithoutCommonPodsIsNone) {
  World world = queue_world(2, 90'000);
  world.pods = {ready_pod("a")};
  world.other_autoscalers = {{"elsewhere", "rival", "app=web"}, {"shop", "other", "app=db"}, {"shop", "web", "app"}};
  EXPECT_FALSE(Controller().sync(world, kNoon).error);
}

TEST(Controller, APartialFailureBlocksTheWayDownOnly) {
  struct Row {
    const char* what;
    std::int64_t queue_milli;
    std::int32_t desired;
    const char* condition;
  };
  const Row table[] = {
      {"down: 20 / 20 = 1 of 3", 20'000, 3, "ScalingActive=False/FailedGetExternalMetric"},
      {"equal", 60'000, 3, "ScalingActive=True/ValidMetricFound"},
      {"up", 100'000, 5, "ScalingActive=True/ValidMetricFound"},
  };
  for (const auto& row : table) {
    World world = queue_world(3, row.queue_milli);
    world.hpa.spec.metrics.insert(world.hpa.spec.metrics.begin(), external_average("absent", 1));
    world.hpa.spec.metrics.push_back(cpu_utilization(50));
    Memory old{{{0, kNoon - 1h}}, {}, {}};
    const auto decision = Controller({}, old).sync(world, kNoon);
    EXPECT_EQ(decision.desired_replicas, row.desired) << row.what;
    EXPECT_EQ(condition(decision, "ScalingActive"), row.condition) << row.what;
    EXPECT_THAT(*decision.error, HasSubstr("invalid metrics (2 invalid out of 3)")) << row.what;
    ASSERT_EQ(decision.per_metric.size(), 3U) << row.what;
    EXPECT_EQ(decision.per_metric[0].reason, "FailedGetExternalMetric") << row.what;
    EXPECT_EQ(decision.per_metric[2].reason, "FailedGetResourceMetric") << row.what;
    EXPECT_EQ(decision.status.current_metrics.at(0).type, MetricType::unknown) << "a failed metric's entry is empty";
  }
}

TEST(Controller, TheLargestProposalWins) {
  World world = queue_world(3, 100'000);
  world.hpa.spec.metrics.push_back(external_average("jobs", 1'000));
  answer_external(world, "jobs", {6'000});
  const auto decision = Controller().sync(world, kNoon);
  EXPECT_EQ(decision.desired_replicas, 6);
  EXPECT_EQ(decision.rescale_reason, "external metric jobs(nil) above target");
}

TEST(Controller, AnUnknownMetricTypeFails) {
  World world = queue_world(3, 100'000);
  world.hpa.spec.metrics[0].type = MetricType::unknown;
  world.hpa.spec.metrics[0].type_name = "Stars";
  const auto decision = Controller().sync(world, kNoon);
  EXPECT_EQ(condition(decision, "ScalingActive"), "ScalingActive=False/InvalidMetricSourceType");
  EXPECT_THAT(event_reasons(decision), ElementsAre("InvalidMetricSourceType", "FailedComputeMetricsReplicas"));
}

TEST(Controller, MissingCpuRequestsAndAnAbsentMetricsApiLookTheSameFromFarAway) {
  World world = world_of(2, {cpu_utilization(50)});
  add_pod(world, "a", 90);
  world.pods[0].containers[0].requests.clear();
  auto decision = Controller().sync(world, kNoon);
  EXPECT_EQ(condition(decision, "ScalingActive"), "ScalingActive=False/FailedGetResourceMetric");
  EXPECT_THAT(decision.per_metric[0].error, HasSubstr("missing request for cpu in container app of Pod a"));
  world.pod_metrics = std::unexpected(Failure{503, "ServiceUnavailable", "the server is currently unable to serve"});
  decision = Controller().sync(world, kNoon);
  EXPECT_EQ(condition(decision, "ScalingActive"), "ScalingActive=False/FailedGetResourceMetric");
  EXPECT_THAT(decision.per_metric[0].error, HasSubstr("the server is currently unable to serve"));
  EXPECT_THAT(event_reasons(decision), ElementsAre("FailedGetResourceMetric", "FailedComputeMetricsReplicas"));
}

TEST(Controller, AConditionsTimeChangesWithItsStatusOnly) {
  Controller controller;
  World world = queue_world(2, 40'000);
  world.hpa.status = controller.sync(world, kNoon).status;
  world.hpa.status = controller.sync(world, noon_plus(15s)).status;
  for (const auto& c : world.hpa.status.conditions) EXPECT_EQ(c.last_transition, kNoon) << c.type;
  world.external_metrics.clear();
  world.hpa.status = controller.sync(world, noon_plus(30s)).status;
  for (const auto& c : world.hpa.status.conditions) {
    EXPECT_EQ(c.last_transition, c.type == "ScalingActive" ? noon_plus(30s) : kNoon) << c.type;
  }
}

TEST(Controller, SyncsBelowFifteenSecondsRampByTheirPolicies) {
  World world = queue_world(1, 900'000);
  world.hpa.spec.behavior = default_behavior();
  world.hpa.spec.behavior->scale_up->policies = {{ScalingPolicy::Kind::pods, 2, 2}};
  Controller controller;
  std::vector<std::int32_t> counts;
  for (int i = 0; i < 6; ++i) {
    const auto decision = controller.sync(world, noon_plus(i * 1s));
    world.scale->spec_replicas = *decision.desired_replicas;
    counts.push_back(world.scale->spec_replicas);
  }
  // The event of 2 s before is exactly one period old, so it is out.
  EXPECT_THAT(counts, ElementsAre(3, 3, 5, 5, 7, 7));
}

}  // namespace
}  // namespace surgeproof::hpa
