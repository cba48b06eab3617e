// Watches, followed logs, and the shapes of answers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/demo/api/age.h"
#include "k8s/demo/api/http_date.h"
#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/route.h"
#include "k8s/demo/api/table.h"
#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const std::string kPodsPath = "/api/v1/namespaces/todo/pods";

/// "ADDED name", one for each line.
std::vector<std::string> events_in(const std::string& text) {
  std::vector<std::string> events;
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    const json::object event = object_from(std::string_view{text}.substr(begin, end - begin));
    std::string name{text_at(event, "object.metadata.name")};
    if (name.empty()) name = std::to_string(int_at(event, "object.code").value_or(0));
    events.push_back(std::string{text_at(event, "type")} + " " + name);
  }
  return events;
}

struct WatchTest : ::testing::Test {
  Fixture f;
  WatchTest() { f.with_cluster(); }
  std::string since_now(const std::string& more = "") {
    return kPodsPath + "?watch=1&resourceVersion=" + std::to_string(f.store.revision()) + more;
  }
  void relabel(std::string_view pod, std::string_view app) {
    (void)f.store.modify(types::kPods, "todo", pod,
                         [&](json::object& o) { ensure_object(o, "metadata.labels")["app"] = app; });
  }
};

TEST_F(WatchTest, StartsWithWhatIsThere) {
  const auto w = f.watch(kPodsPath + "?watch=true");
  EXPECT_THAT(events_in(w->take()), ElementsAre("ADDED backend-7d4b9c-aaaaa", "ADDED backend-7d4b9c-bbbbb"));
  EXPECT_EQ(w->take(), "");
}

TEST_F(WatchTest, GoesOnFromARevision) {
  const auto w = f.watch(since_now());
  EXPECT_EQ(w->take(), "");
  relabel("backend-7d4b9c-aaaaa", "x");
  ASSERT_TRUE(f.store.remove(types::kPods, "todo", "backend-7d4b9c-bbbbb"));
  ASSERT_TRUE(f.store.finish_delete(types::kPods, "todo", "backend-7d4b9c-bbbbb"));
  ASSERT_TRUE(f.store.create(types::kConfigMaps, object_from(R"({"metadata":{"namespace":"todo","name":"c"}})")));
  EXPECT_THAT(events_in(w->take()), ElementsAre("MODIFIED backend-7d4b9c-aaaaa", "MODIFIED backend-7d4b9c-bbbbb",
                                                "DELETED backend-7d4b9c-bbbbb"));
}

TEST_F(WatchTest, ASelectorTurnsChangesIntoAddedAndDeleted) {
  const auto w = f.watch(since_now("&labelSelector=app%3Dbackend"));
  relabel("backend-7d4b9c-aaaaa", "x");
  relabel("backend-7d4b9c-aaaaa", "y");
  relabel("backend-7d4b9c-aaaaa", "backend");
  EXPECT_THAT(events_in(w->take()), ElementsAre("DELETED backend-7d4b9c-aaaaa", "ADDED backend-7d4b9c-aaaaa"));
}

TEST_F(WatchTest, OneObjectByItsPath) {
  const auto w = f.watch(kPodsPath + "/backend-7d4b9c-bbbbb?watch=1");
  EXPECT_THAT(events_in(w->take()), ElementsAre("ADDED backend-7d4b9c-bbbbb"));
}

TEST_F(WatchTest, ACompactedRevisionExpires) {
  const auto target = since_now();
  const auto running = f.watch(target);
  relabel("backend-7d4b9c-aaaaa", "x");
  f.store.compact();
  EXPECT_THAT(events_in(running->take()), ElementsAre("ERROR 410"));
  EXPECT_TRUE(running->finished());
  EXPECT_EQ(running->take(), "");
  EXPECT_THAT(events_in(f.watch(kPodsPath + "?watch=1&resourceVersion=1")->take()), ElementsAre("ERROR 410"));
  EXPECT_THAT(events_in(f.watch(kPodsPath + "?watch=1&resourceVersion=99999")->take()), ElementsAre("ERROR 410"));
}

TEST_F(WatchTest, ASlowWatcherIsServedInBoundedPieces) {
  const auto w = f.watch(since_now());
  for (int i = 0; i < 250; ++i) relabel("backend-7d4b9c-aaaaa", std::to_string(i));
  EXPECT_EQ(events_in(w->take()).size(), 100U);
  EXPECT_EQ(events_in(w->take()).size(), 100U);
  EXPECT_EQ(events_in(w->take()).size(), 50U);
  EXPECT_EQ(w->take(), "");
}

TEST_F(WatchTest, BookmarksCarryTheRevision) {
  EXPECT_EQ(f.watch(since_now())->bookmark(), "") << "not asked for";
  const auto w = f.watch(since_now("&allowWatchBookmarks=true"));
  (void)f.store.create(types::kConfigMaps, object_from(R"({"metadata":{"namespace":"todo","name":"c"}})"));
  (void)w->take();
  const json::object mark = object_from(w->bookmark());
  EXPECT_EQ(text_at(mark, "type"), "BOOKMARK");
  EXPECT_EQ(text_at(mark, "object.kind"), "Pod");
  EXPECT_EQ(text_at(mark, "object.metadata.resourceVersion"), std::to_string(f.store.revision()));
}

TEST_F(WatchTest, AListAsAStreamEndsWithAMark) {
  const auto w =
      f.watch(kPodsPath + "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
  const std::string text = w->take();
  EXPECT_EQ(events_in(text).size(), 3U);
  EXPECT_NE(text.find(R"("k8s.io/initial-events-end":"true")"), std::string::npos);
}

TEST_F(WatchTest, TablesNameTheirColumnsOnce) {
  const auto w = f.watch(kPodsPath + "?watch=1", kTable);
  const std::string text = w->take();
  const json::object first = object_from(std::string_view{text}.substr(0, text.find('\n')));
  const json::object second = object_from(std::string_view{text}.substr(text.find('\n') + 1));
  EXPECT_EQ(array_at(first, "object.columnDefinitions").size(), 9U);
  EXPECT_THAT(array_at(second, "object.columnDefinitions"), IsEmpty());
  EXPECT_EQ(array_at(second, "object.rows").size(), 1U);
}

TEST_F(WatchTest, TimeoutAndBadRevisions) {
  EXPECT_EQ(f.watch(since_now("&timeoutSeconds=7"))->timeout, std::chrono::seconds{7});
  EXPECT_EQ(f.watch(since_now())->timeout, std::nullopt);
  EXPECT_EQ(f.watch(kPodsPath + "?watch=1&resourceVersion=x"), nullptr);
}

TEST_F(WatchTest, LogsAreNarrowedAndFollowed) {
  const std::string log = kPodsPath + "/backend-7d4b9c-aaaaa/log";
  // Lines were written at 09:01 to 09:05; it is 09:10.
  EXPECT_EQ(f.call("GET", log + "?sinceSeconds=330").body.as_string(), "line 5 of backend-7d4b9c-aaaaa\n");
  EXPECT_EQ(f.call("GET", log + "?tailLines=1&timestamps=true").body.as_string(),
            "2025-06-02T09:05:00.000000000Z line 5 of backend-7d4b9c-aaaaa\n");
  EXPECT_EQ(f.call("GET", log + "?limitBytes=4").body.as_string(), "line");
  EXPECT_EQ(f.call("GET", log + "?sinceTime=2025-06-02T09:06:00Z").body.as_string(), "");
  const auto stream = f.watch(log + "?follow=true&tailLines=2");
  EXPECT_EQ(stream->take(), "line 4 of backend-7d4b9c-aaaaa\nline 5 of backend-7d4b9c-aaaaa\n");
  EXPECT_FALSE(stream->finished());
  ASSERT_TRUE(f.store.finish_delete(types::kPods, "todo", "backend-7d4b9c-aaaaa"));
  EXPECT_EQ(stream->take(), "");
  EXPECT_TRUE(stream->finished());
}

TEST(TableTest, RowsLookLikeKubectl) {
  Fixture f;
  f.with_cluster();
  struct Row {
    std::string target;
    std::string cells;
  };
  for (
      const Row& row : std::vector<Row>{
          {"/apis/autoscaling/v2/horizontalpodautoscalers",
           R"(["backend","Deployment/backend","cpu: 35%/70%","2","5",2,"10m"])"},
          {"/apis/apps/v1/deployments", R"(["backend","2/2",2,2,"10m","app","todo:1","app=backend"])"},
          {"/apis/apps/v1/replicasets", R"(["backend-7d4b9c",2,2,2,"10m","app","todo:1","app=backend"])"},
          {"/api/v1/services", R"(["backend","ClusterIP","10.96.0.10","<none>","80/TCP","10m","app=backend"])"},
          {"/apis/discovery.k8s.io/v1/endpointslices", R"(["backend-x1","IPv4","8080","10.0.0.7","10m"])"},
          {"/api/v1/events",
           R"(["2m","Normal","SuccessfulRescale","horizontalpodautoscaler/backend","","horizontal-pod-autoscaler","New size: 2; reason: cpu","10m","3","backend.1"])"},
          {"/api/v1/nodes",
           R"(["node-1","Ready","control-plane","10m","v1.32.0","192.168.0.1","<none>","Demo","6.1","demo://1"])"},
          {"/api/v1/namespaces", R"(["default","Active","10m"])"},
          {"/apis/metrics.k8s.io/v1beta1/pods", R"(["backend-7d4b9c-aaaaa","35000000n","20480Ki","15s"])"}}) {
    const auto answer = f.call("GET", row.target, "", "", kTable);
    ASSERT_EQ(answer.text("kind"), "Table") << row.target;
    const json::object& first = array_at(answer.body.get_object(), "rows").at(0).as_object();
    EXPECT_EQ(json::serialize(first.at("cells")), row.cells);
    EXPECT_EQ(array_at(first, "cells").size(), array_at(answer.body.get_object(), "columnDefinitions").size())
        << row.target;
    EXPECT_EQ(text_at(first, "object.kind"), "PartialObjectMetadata");
  }
}

TEST(TableTest, PodStates) {
  struct Row {
    std::string_view pod;
    std::string ready;
    std::string status;
    std::string restarts;
  };
  const WallTime now = fixture_start() + std::chrono::minutes{5};
  for (
      const Row& row : std::vector<Row>{
          {R"({"spec":{"containers":[{}]},"status":{"phase":"Pending"}})", "0/1", "Pending", "0"},
          {R"({"spec":{"containers":[{}]},"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ContainerCreating"}}}]}})",
           "0/1", "ContainerCreating", "0"},
          {R"({"spec":{"containers":[{}]},"status":{"phase":"Running","containerStatuses":[{"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"finishedAt":"2025-06-02T09:00:00Z"}}}]}})",
           "0/1", "CrashLoopBackOff", "3 (5m ago)"},
          {R"({"spec":{"containers":[{}]},"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":137}}}]}})",
           "0/1", "ExitCode:137", "0"},
          {R"({"spec":{"containers":[{}]},"status":{"phase":"Failed","reason":"Evicted"}})", "0/1", "Evicted", "0"},
          {R"({"metadata":{"deletionTimestamp":"2025-06-02T09:00:00Z"},"spec":{"containers":[{}]},"status":{"phase":"Running","containerStatuses":[{"ready":true,"state":{"running":{}}}]}})",
           "1/1", "Terminating", "0"},
          {R"({"spec":{"containers":[{}],"initContainers":[{}]},"status":{"phase":"Pending","initContainerStatuses":[{"state":{"running":{}}}]}})",
           "0/1", "Init:0/1", "0"},
          {R"({"spec":{"containers":[{}],"initContainers":[{"restartPolicy":"Always"}]},"status":{"phase":"Running","initContainerStatuses":[{"ready":true,"started":true,"state":{"running":{}}}],"containerStatuses":[{"ready":true,"state":{"running":{}}}]}})",
           "2/2", "Running", "0"}}) {
    const json::array cells = pod_cells(object_from(row.pod), now);
    EXPECT_EQ(cells.at(1).as_string(), row.ready) << row.pod;
    EXPECT_EQ(cells.at(2).as_string(), row.status) << row.pod;
    EXPECT_EQ(cells.at(3).as_string(), row.restarts) << row.pod;
  }
}

TEST(TableTest, HpaTargets) {
  const json::object hpa = object_from(R"({"spec":{"metrics":[
    {"type":"Resource","resource":{"name":"memory","target":{"type":"AverageValue","averageValue":"200Mi"}}},
    {"type":"External","external":{"target":{"type":"AverageValue","averageValue":"5"}}},
    {"type":"Pods","pods":{"target":{"averageValue":"1"}}}]},
    "status":{"currentMetrics":[{"type":"Resource","resource":{"current":{"averageValue":"100Mi"}}}]}})");
  EXPECT_EQ(hpa_targets(hpa), "memory: 100Mi/200Mi, <unknown>/5 (avg) + 1 more...");
  EXPECT_EQ(hpa_targets(object_from("{}")), "<none>");
}

TEST(AdmissionTest, ATemplateThatKubectlSendsBackIsTheSame) {
  // kubectl rollout undo reads the template into its own types: a null time is added, a zero is left out.
  Fixture f;
  f.with_cluster();
  const std::string path = "/apis/apps/v1/namespaces/todo/deployments/backend";
  const auto patch = [&](std::string_view metadata, std::string_view probe) {
    const auto body = fmt::format(
        R"([{{"op":"replace","path":"/spec/template","value":{{"metadata":{{"labels":{{"app":"backend"}}{}}},
        "spec":{{"containers":[{{"name":"app","image":"todo:1","readinessProbe":{{{}"periodSeconds":1}}}}]}}}}}}])",
        metadata, probe);
    return f.call("PATCH", path, body, "application/json-patch+json").number("metadata.generation");
  };
  EXPECT_EQ(patch("", R"("initialDelaySeconds":0,)"), 2);
  EXPECT_EQ(patch(R"(,"creationTimestamp":null)", ""), 2) << "nothing changed";
}

TEST(AgeTest, TwoUnitsAtMost) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<std::chrono::seconds, std::string>> rows{
      {-5s, "<invalid>"},   {-1s, "0s"},          {0s, "0s"},       {119s, "119s"},  {120s, "2m"},
      {200s, "3m20s"},      {600s, "10m"},        {179min, "179m"}, {3h, "3h"},      {3h + 5min, "3h5m"},
      {8h, "8h"},           {47h, "47h"},         {51h, "2d3h"},    {24h * 9, "9d"}, {24h * 365 * 2, "2y"},
      {24h * 800, "2y70d"}, {24h * 365 * 9, "9y"}};
  for (const auto& [age, text] : rows) EXPECT_EQ(human_duration(age), text);
  EXPECT_EQ(age_of("", fixture_start()), "<unknown>");
  EXPECT_EQ(format_http_date(fixture_start()), "Mon, 02 Jun 2025 09:00:00 GMT");
}

TEST(ShapeTest, TheFirstAcceptableMediaTypeCounts) {
  EXPECT_EQ(choose_shape(""), Shape::object);
  EXPECT_EQ(choose_shape("*/*"), Shape::object);
  EXPECT_EQ(choose_shape(kTable), Shape::table);
  EXPECT_EQ(choose_shape("application/vnd.kubernetes.protobuf, application/json"), Shape::object);
  EXPECT_EQ(choose_shape("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"), Shape::partial_metadata);
  EXPECT_EQ(choose_shape("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"),
            Shape::object);
  EXPECT_EQ(choose_shape("text/html"), std::nullopt);
}

}  // namespace
}  // namespace surgeproof::demo
