#include <gtest/gtest.h>

#include "base/wall_time.h"
#include "k8s/json_access.h"
#include "k8s/views.h"
#include "tests/k8s/objects.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;

json::object object(const std::string& text) {
  const auto value = parse_json(text);
  EXPECT_TRUE(value && value->is_object()) << text;
  return value && value->is_object() ? value->get_object() : json::object();
}

TEST(PodView, ReadsARunningPod) {
  const PodSample s = pod_view(object(pod_json({.name = "backend-a"})), "backend", 3s);
  EXPECT_EQ(s.name, "backend-a");
  EXPECT_EQ(s.hpa, "backend");
  EXPECT_EQ(s.owner, "ReplicaSet/backend-5d8f6c");
  EXPECT_EQ(s.phase, "Running");
  EXPECT_EQ(s.node, "node-1");
  EXPECT_EQ(s.ip, "10.1.0.7");
  EXPECT_TRUE(s.ready);
  EXPECT_EQ(s.created, parse_rfc3339("2026-01-05T10:00:01Z"));
  EXPECT_EQ(s.started, parse_rfc3339("2026-01-05T10:00:02Z"));
  EXPECT_EQ(s.ready_changed, parse_rfc3339("2026-01-05T10:00:09Z"));
  EXPECT_EQ(s.deletion_requested, std::nullopt);
  ASSERT_EQ(s.containers.size(), 1u);
  EXPECT_EQ(s.containers[0].state, "running");
  EXPECT_EQ(s.containers[0].cpu_request_millicores, 200);
  EXPECT_EQ(s.containers[0].cpu_limit_millicores, std::nullopt);
  EXPECT_FALSE(s.containers[0].has_readiness_probe);
}

TEST(PodView, DeletionWasRequestedGraceBeforeItsTimestamp) {
  struct Row {
    const char* metadata;
    std::optional<WallTime> requested;
  };
  for (const Row& row : {Row{R"({"deletionTimestamp":"2026-01-05T10:01:00Z","deletionGracePeriodSeconds":30})",
                             parse_rfc3339("2026-01-05T10:00:30Z")},
                         Row{R"({"deletionTimestamp":"2026-01-05T10:01:00Z","deletionGracePeriodSeconds":0})",
                             parse_rfc3339("2026-01-05T10:01:00Z")},
                         Row{R"({"deletionTimestamp":"2026-01-05T10:01:00Z"})", parse_rfc3339("2026-01-05T10:01:00Z")},
                         Row{R"({"deletionTimestamp":null})", std::nullopt}, Row{"{}", std::nullopt}}) {
    EXPECT_EQ(pod_view(object(std::string(R"({"metadata":)") + row.metadata + "}"), "", 0s).deletion_requested,
              row.requested)
        << row.metadata;
  }
}

TEST(PodView, ReadsProbesHooksSidecarsAndEnds) {
  const PodSample s = pod_view(object(R"({"spec":{
      "initContainers":[{"name":"migrate"},{"name":"mesh","restartPolicy":"Always","resources":{"limits":{"cpu":"0.1"}}}],
      "containers":[{"name":"app","readinessProbe":{"initialDelaySeconds":12},"lifecycle":{"preStop":{"sleep":{"seconds":5}}}},{"name":"log","readinessProbe":{}}]},
    "status":{"phase":"Failed","reason":"Evicted",
      "conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-01-05T10:00:01Z"},{"type":"Initialized","status":"True","lastTransitionTime":"2026-01-05T10:00:03Z"},{"type":"Ready","status":"False","lastTransitionTime":"2026-01-05T10:00:04Z"}],
      "initContainerStatuses":[{"name":"mesh","ready":true,"restartCount":1,"state":{"running":{"startedAt":"2026-01-05T10:00:02Z"}}}],
      "containerStatuses":[
        {"name":"log","state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"reason":"OOMKilled","exitCode":137,"finishedAt":"2026-01-05T10:00:20Z"}},"restartCount":3},
        {"name":"app","state":{"terminated":{"reason":"Error","exitCode":1,"startedAt":"2026-01-05T10:00:05Z","finishedAt":"2026-01-05T10:00:25Z"}}}]}})"),
                               "", 0s);
  EXPECT_EQ(s.reason, "Evicted");
  EXPECT_EQ(s.scheduled, parse_rfc3339("2026-01-05T10:00:01Z"));
  EXPECT_EQ(s.initialized, parse_rfc3339("2026-01-05T10:00:03Z"));
  EXPECT_FALSE(s.ready);
  ASSERT_EQ(s.containers.size(), 3u);  // the plain init container is not one of them
  const auto& [app, log, mesh] = std::tie(s.containers[0], s.containers[1], s.containers[2]);
  EXPECT_EQ(app.state, "terminated");
  EXPECT_EQ(app.exit_code, 1);
  EXPECT_EQ(app.finished, parse_rfc3339("2026-01-05T10:00:25Z"));
  EXPECT_EQ(app.readiness_initial_delay_s, 12);
  EXPECT_TRUE(app.has_prestop);
  EXPECT_EQ(log.reason, "CrashLoopBackOff");
  EXPECT_EQ(log.last_reason, "OOMKilled");
  EXPECT_EQ(log.last_exit_code, 137);
  EXPECT_EQ(log.restarts, 3);
  EXPECT_EQ(log.readiness_initial_delay_s, 0);
  EXPECT_TRUE(mesh.sidecar);
  EXPECT_EQ(mesh.cpu_limit_millicores, 100);
  EXPECT_EQ(mesh.restarts, 1);
}

TEST(PodView, SaysWhyAPodIsNotScheduled) {
  const PodSample s =
      pod_view(object(R"({"spec":{"containers":[{"name":"app"}]},"status":{"phase":"Pending","conditions":[
      {"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available"}]}})"),
               "", 0s);
  EXPECT_EQ(s.scheduling_message, "0/3 nodes are available");
  EXPECT_EQ(s.scheduled, std::nullopt);
  EXPECT_EQ(s.containers[0].state, "waiting");
}

TEST(EndpointSliceView, AbsentConditionsHaveTheirDefaults) {
  struct Row {
    const char* conditions;
    bool ready, serving, terminating;
  };
  for (const Row& row : {Row{"{}", true, true, false}, Row{R"({"ready":null})", true, true, false},
                         Row{R"({"ready":false,"serving":true,"terminating":true})", false, true, true},
                         Row{R"({"ready":false,"serving":false,"terminating":false})", false, false, false}}) {
    const auto s = endpoint_slice_view(
        object(
            std::string(
                R"({"endpoints":[{"addresses":["10.0.0.9","x"],"targetRef":{"kind":"Pod","name":"p"},"conditions":)") +
            row.conditions + "}]}"),
        0s);
    ASSERT_EQ(s.endpoints.size(), 1u);
    EXPECT_EQ(s.endpoints[0], (Endpoint{"10.0.0.9", "p", row.ready, row.serving, row.terminating})) << row.conditions;
  }
}

TEST(EndpointSliceView, ReportsWhatTriggeredTheChange) {
  const auto s = endpoint_slice_view(
      object(R"({"metadata":{"name":"s","namespace":"n","labels":{"kubernetes.io/service-name":"svc"},
    "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-05T10:00:20Z"},"managedFields":[{"time":"2026-01-05T10:00:21Z"}]},"endpoints":null})"),
      4s);
  EXPECT_EQ(s.service, "svc");
  EXPECT_EQ(s.change_trigger, parse_rfc3339("2026-01-05T10:00:20Z"));
  EXPECT_EQ(s.at, (Stamp{4s, parse_rfc3339("2026-01-05T10:00:20Z")}));
  EXPECT_TRUE(s.endpoints.empty());
}

TEST(EventView, TimesComeFromWhereverTheyAre) {
  struct Row {
    const char* times;
    const char* expected;
    int count;
  };
  for (const Row& row :
       {Row{R"("lastTimestamp":"2026-01-05T10:00:09Z","firstTimestamp":"2026-01-05T10:00:01Z","count":4)",
            "2026-01-05T10:00:09Z", 4},
        Row{R"("eventTime":"2026-01-05T10:00:03.250000Z","lastTimestamp":null,"count":null)", "2026-01-05T10:00:03.25Z",
            1},
        Row{R"("eventTime":"2026-01-05T10:00:03Z","series":{"count":7,"lastObservedTime":"2026-01-05T10:00:08Z"})",
            "2026-01-05T10:00:08Z", 7},
        Row{R"("firstTimestamp":"2026-01-05T10:00:02Z")", "2026-01-05T10:00:02Z", 1},
        Row{R"("lastTimestamp":null,"eventTime":null)", "2026-01-05T09:00:00Z", 1}}) {
    const auto e = event_view(
        object(std::string(R"({"metadata":{"creationTimestamp":"2026-01-05T09:00:00Z"},)") + row.times + "}"), 0s);
    EXPECT_EQ(e.at.reported, parse_rfc3339(row.expected)) << row.times;
    EXPECT_EQ(e.count, row.count) << row.times;
  }
}

TEST(EventView, ReadsWhoSaidWhatAboutWhom) {
  const auto e = event_view(
      object(R"({"metadata":{"uid":"u"},"type":"Warning","reason":"FailedGetResourceMetric","message":"no metrics",
    "involvedObject":{"kind":"HorizontalPodAutoscaler","namespace":"todo","name":"backend"},"source":{},"reportingComponent":"horizontal-pod-autoscaler"})"),
      0s);
  EXPECT_EQ(e.uid, "u");
  EXPECT_EQ(e.type, "Warning");
  EXPECT_EQ(e.regarding, (ObjectRef{"HorizontalPodAutoscaler", "todo", "backend"}));
  EXPECT_EQ(e.component, "horizontal-pod-autoscaler");
}

TEST(PodMetricsView, ReadsUsage) {
  const auto m = pod_metrics_view(object(metrics_json("backend-a", "2026-01-05T10:00:05Z", "123456789n")), 6s);
  ASSERT_TRUE(m);
  EXPECT_EQ(m->pod, "backend-a");
  EXPECT_EQ(m->timestamp, parse_rfc3339("2026-01-05T10:00:05Z"));
  EXPECT_EQ(m->window, 15200ms);
  ASSERT_EQ(m->containers.size(), 1u);
  EXPECT_EQ(m->containers[0], (ContainerUsage{"app", 123456789, 20 * 1024 * 1024}));
  EXPECT_FALSE(pod_metrics_view(object("{}"), 0s));
}

}  // namespace
}  // namespace surgeproof::k8s
