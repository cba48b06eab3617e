// The whole control plane in virtual time: minutes pass in milliseconds, no socket, no thread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/workload_json.h"
#include "tests/k8s/demo/world.h"

namespace surgeproof::demo {
namespace {

using namespace std::chrono_literals;

std::string text(const ObjectPtr& o, std::string_view path) { return std::string{text_at(*o, path)}; }

// Steps until it holds; how long that took, or nullopt after the limit.
std::optional<std::chrono::nanoseconds> until(World& w, std::chrono::nanoseconds limit,
                                              const std::function<bool()>& holds) {
  const auto begin = w.elapsed();
  while (w.elapsed() - begin < limit) {
    if (holds()) return w.elapsed() - begin;
    w.run(50ms);
  }
  return std::nullopt;
}

TEST(ControlPlane, ComesUpWithItsPodsBehindTheService) {
  World w;
  EXPECT_LT(w.elapsed(), 3s);
  EXPECT_EQ(w.ready(), 2U);
  EXPECT_EQ(condition_status(*w.hpa(), "ScalingActive"), "True");
  w.run(1s);
  ASSERT_FALSE(w.backends.empty());
  EXPECT_EQ(w.backends.back().size(), 2U);
  EXPECT_EQ(int_at(*w.deployment(), "status.availableReplicas"), 2);
  EXPECT_TRUE(w.saw("ScalingReplicaSet", "from 0 to 2"));
  EXPECT_TRUE(w.saw("Scheduled", "Successfully assigned todo/todo-"));
  EXPECT_TRUE(w.saw("Started", "Started container app"));
}

TEST(ControlPlane, GoesFromTwoToFiveAndBack) {
  World w;
  w.runtime.set_demand({100});
  w.run(8s);
  EXPECT_EQ(w.wanted(), 2);
  w.runtime.set_demand({700});  // 350m each: 175 % of the request
  const auto up = until(w, 20s, [&] { return w.ready() == 5; });
  ASSERT_TRUE(up.has_value());
  EXPECT_LT(*up, 15s);
  EXPECT_TRUE(w.saw("SuccessfulRescale", "New size: 5"));
  w.run(10s);
  EXPECT_EQ(w.wanted(), 5);  // 140m each: exactly the target
  w.runtime.set_demand({200});
  const auto down = until(w, 40s, [&] { return w.wanted() == 2; });
  ASSERT_TRUE(down.has_value());
  EXPECT_GE(*down, 10s);  // the stabilization window
  EXPECT_LE(*down, 24s);  // the scenario's limit
  w.run(15s);
  EXPECT_EQ(w.pods().size(), 2U);
  EXPECT_EQ(w.runtime.running(), 2U);
}

TEST(ControlPlane, RealisticTimesScaleUpWithinTheUpstreamBound) {
  World w{DemoOptions::realistic()};
  w.runtime.set_demand({100});
  w.run(60s);
  w.runtime.set_demand({700});
  const auto up = until(w, 150s, [&] { return w.ready() == 5; });
  ASSERT_TRUE(up.has_value());
  EXPECT_LE(*up, 100s);
  w.run(60s);
  w.runtime.set_demand({200});
  const auto down = until(w, 600s, [&] { return w.wanted() == 2; });
  ASSERT_TRUE(down.has_value());
  EXPECT_GE(*down, 300s);
  EXPECT_LE(*down, 390s);
}

TEST(ControlPlane, RemovesEndpointsWhileThePodStillRuns) {
  World w;
  w.run(2s);
  const ObjectPtr victim = w.pods().front();
  const std::string name = text(victim, "metadata.name");
  const auto deleted_at = w.queue.now();
  ASSERT_TRUE(w.store().remove(types::kPods, "todo", name));
  w.run(100ms);
  const ObjectPtr slice = w.store().list(types::kEndpointSlices).front();
  bool listed = false;
  for (const auto& e : array_at(*slice, "endpoints")) {
    if (text_at(e.get_object(), "targetRef.name") != name) continue;
    listed = true;
    EXPECT_FALSE(bool_at(e.get_object(), "conditions.ready", true));
    EXPECT_TRUE(bool_at(e.get_object(), "conditions.serving"));
    EXPECT_TRUE(bool_at(e.get_object(), "conditions.terminating"));
  }
  EXPECT_TRUE(listed);
  // The proxy learns of it 300 ms later; SIGTERM comes only after preStop.
  w.run(10s);
  ASSERT_EQ(w.runtime.stops.size(), 1U);
  EXPECT_EQ(w.runtime.stops[0].pod, name);
  EXPECT_EQ(w.runtime.stops[0].how, "TERM");
  EXPECT_GE(w.runtime.stops[0].at - deleted_at, 4s);
  EXPECT_LT(w.runtime.stops[0].at - deleted_at, 4100ms);
  EXPECT_EQ(w.store().get(types::kPods, "todo", name), nullptr);
  EXPECT_EQ(w.ready(), 2U);  // replaced
  EXPECT_TRUE(w.saw("Killing", "Stopping container app"));
}

TEST(ControlPlane, KillsWhatIgnoresSigtermAtTheEndOfTheGrace) {
  World w;
  w.runtime.ignores_term = true;
  const std::string name = text(w.pods().front(), "metadata.name");
  const auto deleted_at = w.queue.now();
  ASSERT_TRUE(w.store().remove(types::kPods, "todo", name));
  w.run(15s);
  ASSERT_EQ(w.runtime.stops.size(), 2U);
  EXPECT_EQ(w.runtime.stops[1].how, "KILL");
  EXPECT_GE(w.runtime.stops[1].at - deleted_at, 10s);
  EXPECT_LT(w.runtime.stops[1].at - deleted_at, 10100ms);
  EXPECT_EQ(w.store().get(types::kPods, "todo", name), nullptr);
}

TEST(ControlPlane, ForcedDeletionKillsAtOnce) {
  World w;
  const std::string name = text(w.pods().front(), "metadata.name");
  ASSERT_TRUE(w.store().remove(types::kPods, "todo", name, {.grace = 0s}));
  w.run(50ms);
  ASSERT_EQ(w.runtime.stops.size(), 1U);
  EXPECT_EQ(w.runtime.stops[0].how, "KILL");
}

TEST(ControlPlane, RestartsACrashedContainer) {
  World w;
  w.run(2s);
  const std::string name = text(w.pods().front(), "metadata.name");
  w.runtime.crash(name, {137, "OOMKilled"});
  w.run(100ms);
  ObjectPtr pod = w.store().get(types::kPods, "todo", name);
  const auto status = [&]() -> const boost::json::object& {
    return array_at(*pod, "status.containerStatuses").front().get_object();
  };
  EXPECT_FALSE(is_pod_ready(*pod));
  EXPECT_EQ(text_at(status(), "state.terminated.reason"), "OOMKilled");
  w.run(4s);
  pod = w.store().get(types::kPods, "todo", name);
  EXPECT_TRUE(is_pod_ready(*pod));
  EXPECT_EQ(int_at(status(), "restartCount"), 1);
  EXPECT_EQ(int_at(status(), "lastState.terminated.exitCode"), 137);
  EXPECT_EQ(w.pods().size(), 2U);
  // The second time it has to wait: 10 s.
  w.runtime.crash(name, {1, "Error"});
  w.run(9s);
  pod = w.store().get(types::kPods, "todo", name);
  EXPECT_EQ(text_at(status(), "state.waiting.reason"), "CrashLoopBackOff");
  EXPECT_TRUE(w.saw("BackOff", "Back-off restarting failed container app"));
  w.run(5s);
  pod = w.store().get(types::kPods, "todo", name);
  EXPECT_TRUE(is_pod_ready(*pod));
}

TEST(ControlPlane, RolloutRestartKeepsTheServiceAvailable) {
  World w;
  w.run(2s);
  const std::string old_pod = text(w.pods().front(), "metadata.name");
  // As `kubectl rollout restart` does it.
  ASSERT_TRUE(w.store().modify(types::kDeployments, "todo", "todo", [](boost::json::object& d) {
    ensure_object(d, "spec.template.metadata.annotations")["kubectl.kubernetes.io/restartedAt"] = "now";
  }));
  std::size_t least = 99;
  for (int i = 0; i < 400; ++i) {
    w.run(50ms);
    least = std::min(least, w.ready());
    ASSERT_LE(w.ready(), 3U);  // maxSurge: 25 % of 2, rounded up
  }
  EXPECT_EQ(least, 2U);  // maxUnavailable: 25 % of 2, rounded down
  EXPECT_EQ(w.store().list(types::kReplicaSets).size(), 2U);
  EXPECT_EQ(w.store().get(types::kPods, "todo", old_pod), nullptr);
  EXPECT_EQ(w.pods().size(), 2U);
  EXPECT_EQ(int_at(*w.deployment(), "status.updatedReplicas"), 2);
  const auto& annotations = object_at(*w.deployment(), "metadata.annotations");
  EXPECT_EQ(annotations.at("deployment.kubernetes.io/revision").get_string(), "2");
}

TEST(ControlPlane, ManualScalingTakesEffect) {
  World w;
  ASSERT_TRUE(w.store().remove(types::kHpas, "todo", "todo"));
  const auto scale = [&](int n) {
    (void)w.store().modify(types::kDeployments, "todo", "todo",
                           [&](boost::json::object& d) { ensure_object(d, "spec")["replicas"] = n; });
  };
  scale(4);
  w.run(10s);
  EXPECT_EQ(w.ready(), 4U);
  scale(0);
  w.run(10s);
  EXPECT_EQ(w.pods().size(), 0U);
  EXPECT_TRUE(w.backends.back().empty());
}

TEST(ControlPlane, RepairsASpoiltEndpointSlice) {
  World w;
  w.run(1s);
  const std::string name = text(w.store().list(types::kEndpointSlices).front(), "metadata.name");
  ASSERT_TRUE(w.store().modify(types::kEndpointSlices, "todo", name, [](boost::json::object& slice) {
    slice.erase("endpoints");
    slice["ports"] = "none";
  }));
  w.run(1s);
  EXPECT_EQ(w.backends.back().size(), 2U);
}

TEST(ControlPlane, DeletingTheDeploymentEndsItsPods) {
  World w;
  ASSERT_TRUE(w.store().remove(types::kDeployments, "todo", "todo"));
  w.run(10s);
  EXPECT_TRUE(w.pods().empty());
  EXPECT_EQ(w.runtime.running(), 0U);
}

struct BreakRow {
  Break what;
  std::string_view reason;   // of ScalingActive; empty: True
  std::size_t ready_at_20s;  // after the step of the load
};

TEST(ControlPlane, BreaksShowInTheHpa) {
  for (const BreakRow& row :
       {BreakRow{Break::no_metrics, "FailedGetResourceMetric", 2},
        BreakRow{Break::no_requests, "FailedGetResourceMetric", 2}, BreakRow{Break::max_replicas, "", 3},
        BreakRow{Break::slow_start, "", 2}, BreakRow{Break::premature_ready, "", 5}, BreakRow{Break::slow, "", 5}}) {
    DemoOptions o = DemoOptions::quick();
    apply_break(o, row.what);
    World w{o};
    w.runtime.set_demand({100});
    w.run(8s);
    w.runtime.set_demand({700});
    w.run(20s);
    EXPECT_EQ(w.ready(), row.ready_at_20s) << name_of(row.what);
    EXPECT_EQ(condition_status(*w.hpa(), "ScalingActive"), row.reason.empty() ? "True" : "False") << name_of(row.what);
    if (!row.reason.empty()) {
      EXPECT_TRUE(w.saw(row.reason)) << name_of(row.what);
    }
  }
}

TEST(ControlPlane, PrematureReadyIsReadyBeforeItServes) {
  DemoOptions o = DemoOptions::quick();
  apply_break(o, Break::premature_ready);
  World w{o};
  ASSERT_TRUE(w.store().remove(types::kHpas, "todo", "todo"));  // it would see no need
  ASSERT_TRUE(w.store().modify(types::kDeployments, "todo", "todo",
                               [](boost::json::object& d) { ensure_object(d, "spec")["replicas"] = 3; }));
  const auto ready = until(w, 10s, [&] { return w.ready() == 3; });
  ASSERT_TRUE(ready.has_value());
  EXPECT_LT(*ready, 2s);  // while START_DELAY is 3 s
}

TEST(ControlPlane, TheHpaStaysActiveFromTheBeginning) {
  World w;
  w.runtime.set_demand({100});
  for (int i = 0; i < 100; ++i) {
    w.run(100ms);
    ASSERT_EQ(condition_status(*w.hpa(), "ScalingActive"), "True") << i;
    ASSERT_EQ(w.store().list(types::kPodMetrics).size(), 2U) << i;
  }
}

TEST(ControlPlane, MetricsComeLateAndOnlyOfPodsThatRanLongEnough) {
  World w;
  w.runtime.set_demand({200});
  w.run(9s);
  const auto metrics = w.store().list(types::kPodMetrics);
  ASSERT_EQ(metrics.size(), 2U);
  const auto& container = array_at(*metrics.front(), "containers").front().get_object();
  EXPECT_EQ(text_at(container, "name"), "app");
  EXPECT_EQ(text_at(container, "usage.cpu"), "100000000n");
  EXPECT_EQ(text(metrics.front(), "window"), "2.000s");
}

}  // namespace
}  // namespace surgeproof::demo
