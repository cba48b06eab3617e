// The watcher when something is missing, forbidden, old, busy or broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/k8s/watcher_fixture.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST_F(WatcherTest, AMissingHpaNamesThoseThatExist) {
  auto watcher = make("bakend");
  watcher->start();
  const auto synced = watcher->wait_synced(10s);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, WatchError::Kind::hpa_not_found);
  EXPECT_THAT(synced.error().message, HasSubstr("\"bakend\" in namespace \"todo\""));
  EXPECT_THAT(synced.error().hint, HasSubstr("did you mean \"backend\"?"));
}

struct Refusal {
  const char* name;
  int status;
  WatchError::Kind kind;
};

class RefusedHpas : public WatcherTest, public testing::WithParamInterface<Refusal> {};

TEST_P(RefusedHpas, AreToldApart) {
  ScriptedReply reply;
  reply.status = GetParam().status;
  reply.body = R"({"kind":"Status","message":"you shall not pass"})";
  for (const char* version : {"v2", "v2beta2", "v1"}) {
    api.order("/apis/autoscaling/" + std::string(version) + "/namespaces/todo/horizontalpodautoscalers", reply, 1000);
  }
  auto watcher = make();
  watcher->start();
  const auto synced = watcher->wait_synced(10s);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, GetParam().kind);
  EXPECT_THAT(synced.error().message, HasSubstr("you shall not pass"));
  EXPECT_FALSE(synced.error().hint.empty());
}

INSTANTIATE_TEST_SUITE_P(Statuses, RefusedHpas,
                         testing::Values(Refusal{"unauthorized", 401, WatchError::Kind::unauthorized},
                                         Refusal{"forbidden", 403, WatchError::Kind::forbidden},
                                         Refusal{"missing", 404, WatchError::Kind::api_missing}),
                         [](const auto& row) { return row.param.name; });

TEST_F(WatcherTest, AMissingRightCostsOnlyThatResource) {
  ScriptedReply forbidden;
  forbidden.status = 403;
  forbidden.body = R"({"kind":"Status","message":"events is forbidden"})";
  api.order(kEvents, forbidden, 1000);
  api.order(kSlices, forbidden, 1000);
  ScriptedReply unavailable;
  unavailable.status = 503;
  api.order(kMetrics, unavailable, 1000);
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  EXPECT_EQ(recorded.all<PodSample>().size(), 2u);
  std::map<std::string, WatchState::Kind> states;
  for (const auto& s : recorded.all<WatchState>()) states[s.resource] = s.kind;
  const std::map<std::string, WatchState::Kind> expected{{"horizontalpodautoscalers", WatchState::Kind::synced},
                                                         {"deployments", WatchState::Kind::synced},
                                                         {"pods", WatchState::Kind::synced},
                                                         {"replicasets", WatchState::Kind::synced},
                                                         {"events", WatchState::Kind::forbidden},
                                                         {"endpointslices", WatchState::Kind::forbidden},
                                                         {"metrics.k8s.io/pods", WatchState::Kind::lost}};
  EXPECT_EQ(states, expected);
  EXPECT_EQ(watcher->live().gaps.size(), 3u);
}

TEST_F(WatcherTest, WithoutTheTargetPodsAreKnownByTheirOwner) {
  ScriptedReply forbidden;
  forbidden.status = 403;
  api.order(kDeployments, forbidden, 1000);
  api.set_list(kPods, pod_json({.name = "backend-a"}) + "," +
                          pod_json({.name = "worker-a", .owner = "ReplicaSet/backend-worker-77"}));
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  ASSERT_EQ(recorded.all<PodSample>().size(), 1u);
  EXPECT_EQ(recorded.all<PodSample>()[0].name, "backend-a");
}

TEST_F(WatcherTest, OlderServersAreRead) {
  const std::string v1 =
      R"({"metadata":{"name":"backend","namespace":"todo"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"backend"},)"
      R"("maxReplicas":5,"targetCPUUtilizationPercentage":70},"status":{"currentReplicas":3}})";
  struct Row {
    const char* version;
    std::string hpa;
  };
  for (const Row& row : {Row{"v2beta2", hpa_json("backend", 3, 3)}, Row{"v1", v1}}) {
    FakeApi old;
    const std::string group = "/apis/autoscaling/" + std::string(row.version);
    old.set_list(group + "/namespaces/todo/horizontalpodautoscalers", row.hpa);
    old.set_list(kDeployments, deployment_json("backend", 2, 2));
    old.set_list(kPods, pod_json({.name = "backend-a"}));
    old.set_list("/apis/discovery.k8s.io/v1beta1/namespaces/todo/endpointslices",
                 slice_json("s", "backend", "backend-a"));
    ClusterConfig config;
    config.server = old.url();
    Recorded seen;
    Watcher watcher(config, {{"todo", "backend"}}, {}, seen.sink(), quick());
    watcher.start();
    ASSERT_TRUE(watcher.wait_synced(10s)) << row.version;
    ASSERT_EQ(seen.all<HpaSample>().size(), 1u) << row.version;
    EXPECT_EQ(seen.all<HpaSample>()[0].current_replicas, 3) << row.version;
    EXPECT_EQ(seen.all<HpaSample>()[0].metrics.at(0).target_utilization_percent, 70) << row.version;
    EXPECT_EQ(seen.all<EndpointSliceSample>().size(), 1u) << row.version;
  }
}

TEST_F(WatcherTest, WantedSlicesThatMayNotBeReadAreAnError) {
  ScriptedReply refused;
  for (const auto& [status, kind, words] :
       {std::tuple{403, WatchError::Kind::forbidden, "endpointslices in namespace todo"},
        std::tuple{404, WatchError::Kind::api_missing, "EndpointSlices"}}) {
    FakeApi none;
    refused.status = status;
    for (const char* version : {"v1", "v1beta1"}) {
      none.order("/apis/discovery.k8s.io/" + std::string(version) + "/namespaces/todo/endpointslices", refused, 1000);
    }
    ClusterConfig config;
    config.server = none.url();
    config.ns = "todo";
    WatchOptions options = quick();
    options.services = {{"", "backend"}};
    Recorded seen;
    Watcher watcher(config, {}, {}, seen.sink(), options);
    watcher.start();
    const auto synced = watcher.wait_synced(10s);
    ASSERT_FALSE(synced) << status;
    EXPECT_EQ(synced.error().kind, kind) << status;
    EXPECT_THAT(synced.error().message + synced.error().hint, HasSubstr(words));
  }
}

TEST_F(WatcherTest, ASinkThatThrowsEndsTheWatchButNotTheProgram) {
  ClusterConfig config;
  config.server = api.url();
  int calls = 0;
  Watcher watcher(
      config, {{"todo", "backend"}}, {},
      [&](const Record&) {
        ++calls;
        throw std::runtime_error("disk full");
      },
      quick());
  watcher.start();
  const auto synced = watcher.wait_synced(10s);
  ASSERT_FALSE(synced);
  EXPECT_THAT(synced.error().message, HasSubstr("disk full"));
  watcher.stop();
  EXPECT_EQ(calls, 2);  // the record, and the attempt to say that the watch is over
}

TEST_F(WatcherTest, TooManyRequestsAreWaitedOut) {
  ScriptedReply busy;
  busy.status = 429;
  busy.headers["Retry-After"] = "1";
  api.order(kPods, busy, 1, FakeApi::Only::list);
  auto watcher = make();
  const auto began = std::chrono::steady_clock::now();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
}

TEST_F(WatcherTest, GarbageAndShortWatchesAreSurvived) {
  ScriptedReply garbage;
  garbage.body = "{\"type\":\"ADDED\",\"object\":[]}\nwhat is this\n";
  api.order(kPods, garbage, 1, FakeApi::Only::watch);
  ScriptedReply empty;
  api.order(kPods, empty, 1, FakeApi::Only::watch);
  ScriptedReply cut;
  cut.cut = true;
  api.order(kPods, cut, 1, FakeApi::Only::watch);
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  auto pods = api.take_watch(kPods);
  ASSERT_TRUE(pods);
  pods->push(watch_line("MODIFIED", pod_json({.name = "backend-b", .ready = false})));
  EXPECT_TRUE(recorded.wait_for<PodSample>([](const PodSample& p) { return !p.ready; }));
}

TEST_F(WatcherTest, MetricsAreRecordedWhenTheirTimestampChanges) {
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  api.set_list(kMetrics, metrics_json("backend-a", "2026-01-05T10:00:20Z", "200m") + "," +
                             metrics_json("other-a", "2026-01-05T10:00:20Z", "1"));
  ASSERT_TRUE(recorded.wait_for<PodMetricsSample>(
      [](const PodMetricsSample& s) { return s.containers[0].cpu_nanocores == 200'000'000; }));
  EXPECT_EQ(recorded.all<PodMetricsSample>().size(), 2u);
}

TEST_F(WatcherTest, NoCredentialOverPlainHttp) {
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  for (const auto& request : api.requests()) EXPECT_EQ(request.headers.count("authorization"), 0u) << request.path;
}

TEST(WatcherWithoutServer, SaysThatNobodyAnswers) {
  std::uint16_t port = 0;
  {
    port = ScriptedServer([](const ScriptedRequest&) { return ScriptedReply{}; }).port();
  }
  ClusterConfig config;
  config.server = "http://127.0.0.1:" + std::to_string(port);
  config.origin = "/home/u/.kube/config, context \"kind\"";
  Watcher watcher(config, {{"todo", "backend"}}, {}, [](const Record&) {}, quick());
  watcher.start();
  const auto synced = watcher.wait_synced(10s);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, WatchError::Kind::unreachable);
  EXPECT_THAT(synced.error().message, HasSubstr("Connection refused"));
}

TEST(WatcherWithoutServer, ATroubleThatMayPassIsOnlyToldWhenTimeIsUp) {
  ScriptedServer server([](const ScriptedRequest&) {
    ScriptedReply reply;
    reply.status = 503;
    reply.body = "starting";
    return reply;
  });
  ClusterConfig config;
  config.server = server.url();
  WatchOptions options;
  options.connect_attempts = 1000;
  Watcher watcher(config, {{"todo", "backend"}}, {}, [](const Record&) {}, options);
  watcher.start();
  WatchError error;
  for (int round = 0; round < 50 && error.message.find("starting (HTTP 503)") == std::string::npos; ++round) {
    const auto synced = watcher.wait_synced(200ms);
    ASSERT_FALSE(synced);
    error = synced.error();
    EXPECT_EQ(error.kind, WatchError::Kind::timed_out);
  }
  EXPECT_THAT(error.message, HasSubstr("starting (HTTP 503)"));
}

TEST(WatcherWithoutServer, SaysWhatIsNoApiServer) {
  ScriptedServer web([](const ScriptedRequest&) {
    ScriptedReply reply;
    reply.body = "<html>Welcome to nginx!</html>";
    return reply;
  });
  ClusterConfig config;
  config.server = web.url();
  Watcher watcher(config, {{"todo", "backend"}}, {}, [](const Record&) {}, quick());
  watcher.start();
  const auto synced = watcher.wait_synced(10s);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, WatchError::Kind::unreachable);
  EXPECT_THAT(synced.error().message, HasSubstr("is not a Kubernetes API server"));
}

TEST(WatcherWithoutServer, StopsWhileAServerIsSilent) {
  auto never = std::make_shared<Stream>();
  ScriptedServer server([&](const ScriptedRequest&) {
    ScriptedReply reply;
    reply.stream = never;
    return reply;
  });
  ClusterConfig config;
  config.server = server.url();
  Watcher watcher(config, {{"todo", "backend"}}, {}, [](const Record&) {}, quick());
  watcher.start();
  const auto synced = watcher.wait_synced(100ms);
  ASSERT_FALSE(synced);
  EXPECT_EQ(synced.error().kind, WatchError::Kind::timed_out);
  const auto began = std::chrono::steady_clock::now();
  watcher.stop();
  watcher.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

}  // namespace
}  // namespace surgeproof::k8s
