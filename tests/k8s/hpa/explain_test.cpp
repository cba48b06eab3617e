#include "k8s/hpa/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/k8s/hpa/story.h"

namespace surgeproof::hpa {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> sync_and_explain(const World& world, Memory memory = {}) {
  const auto decision = Controller({}, std::move(memory)).sync(world, kNoon);
  return explain(decision, world);
}

TEST(Explain, TellsAMetricStepByStep) {
  World world = world_of(4, {cpu_utilization(50)});
  for (const auto* name : {"a", "b", "c"}) add_pod(world, name, 100);
  world.pods.push_back(ready_pod("d"));
  EXPECT_THAT(sync_and_explain(world),
              ElementsAre("cpu: 3 pods counted, 1 missing (d), 0 unready, 0 ignored",
                          "cpu: usage 100 % (100m on average), target 50 % of the request, ratio 2, tolerance 10 %",
                          "cpu: 1 missing pod taken to use 0: ratio 1.5 over 4 samples",
                          "cpu: ceil(1.5 x 4 samples) = 6 replicas",
                          "Stabilization window: no recommendation in it changes that.",
                          "Limits: 6 is within 1 to 20 and within the rate.",
                          "Result: 4 -> 6; reason: cpu resource utilization (percentage of request) above target."));
}

TEST(Explain, TellsFailuresAndThatNothingHappens) {
  World world = world_of(2, {cpu_utilization(50)});
  world.pod_metrics = std::unexpected(Failure{503, "", "try later"});
  const auto text = sync_and_explain(world);
  ASSERT_EQ(text.size(), 2U);
  EXPECT_THAT(text[0], HasSubstr("failed (FailedGetResourceMetric)"));
  EXPECT_THAT(text[1], HasSubstr("stays at 2; the sync ended in an error"));
}

TEST(Explain, TellsWindowAndLimits) {
  struct Row {
    const char* what;
    std::int32_t current;
    std::int64_t queue_milli;  ///< 20 a replica
    bool behavior;
    std::vector<TimedRecommendation> past;
    const char* sentence;
  };
  const Row table[] = {
      {"double", 2, 900'000, false, {}, "Rate limit (no behavior): at most max(2 x 2, 4) = 4 in one sync."},
      {"policies", 2, 900'000, true, {}, "Rate limit: the scale-up policies allow 6 at present."},
      {"maximum", 15, 900'000, true, {}, "Maximum: 20."},
      {"old and higher than current",
       4,
       20'000,
       false,
       {{8, kNoon - 10s}},
       "Stabilization window (no behavior): the highest recommendation in it is 8, and it counts even above the "
       "current count."},
      {"old, with behavior",
       4,
       20'000,
       true,
       {{8, kNoon - 10s}},
       "Stabilization window: recent recommendations were higher; 4 instead of 1."},
      {"minimum", 4, 0, true, {{4, kNoon - 1h}}, "Minimum: 1."},
  };
  for (const auto& row : table) {
    World world = world_of(row.current, {external_average("queue", 20'000)});
    answer_external(world, "queue", {row.queue_milli});
    if (row.behavior) world.hpa.spec.behavior = default_behavior();
    EXPECT_THAT(sync_and_explain(world, {row.past, {}, {}}), Contains(row.sentence)) << row.what;
  }
}

TEST(Explain, TellsAScaleThatCannotBeRead) {
  World world = world_of(2, {});
  world.scale = std::unexpected(Failure{404, "NotFound", "no such deployment"});
  EXPECT_THAT(sync_and_explain(world),
              ElementsAre("Result: nothing, the scale could not be read: failed to query scale subresource for "
                          "Deployment/shop/web: no such deployment."));
}

TEST(Explain, TellsThatMetricsWereNotRead) {
  World world = world_of(30, {cpu_utilization(50)});
  EXPECT_THAT(sync_and_explain(world),
              ElementsAre("The metrics were not read.",
                          "Result: 30 -> 20; reason: Current number of replicas above Spec.MaxReplicas."));
}

}  // namespace
}  // namespace surgeproof::hpa
