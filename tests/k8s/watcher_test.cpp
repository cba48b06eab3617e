// The watcher against a scripted API server on loopback: what it sees and follows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/k8s/watcher_fixture.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST_F(WatcherTest, ListsEverythingThatBelongsToTheHpa) {
  auto watcher = make();
  watcher->start();
  const auto synced = watcher->wait_synced(10s);
  ASSERT_TRUE(synced) << synced.error().message;

  EXPECT_EQ(recorded.all<HpaSample>().size(), 1u);
  EXPECT_EQ(recorded.all<ScaleTargetSample>().size(), 1u);
  EXPECT_EQ(recorded.all<PodSample>().size(), 2u);
  ASSERT_EQ(recorded.all<EndpointSliceSample>().size(), 1u);
  EXPECT_EQ(recorded.all<EndpointSliceSample>()[0].service, "backend");
  ASSERT_EQ(recorded.all<ClusterEvent>().size(), 1u);
  EXPECT_EQ(recorded.all<ClusterEvent>()[0].uid, "e1");
  const auto metrics = recorded.wait_for<PodMetricsSample>();
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->containers[0].cpu_nanocores, 180'000'000);

  const LiveState live = watcher->live();
  ASSERT_EQ(live.hpas.size(), 1u);
  EXPECT_EQ(live.hpas[0].ready, 2);
  EXPECT_EQ(live.hpas[0].max, 5);
  EXPECT_EQ(live.hpas[0].utilization_percent, 91);
  EXPECT_EQ(live.hpas[0].target, "Deployment/backend");
  EXPECT_TRUE(live.gaps.empty());
  EXPECT_EQ(watcher->facts().version, "v1.34.4");
  EXPECT_EQ(watcher->facts().server, api.url());
}

TEST_F(WatcherTest, FollowsChangesAndDeletions) {
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  auto hpas = api.take_watch(kHpas);
  auto pods = api.take_watch(kPods);
  auto slices = api.take_watch(kSlices);
  auto events = api.take_watch(kEvents);
  ASSERT_TRUE(hpas && pods && slices && events);

  hpas->push(watch_line("MODIFIED", hpa_json("backend", 2, 4, "101")));
  EXPECT_TRUE(recorded.wait_for<HpaSample>([](const HpaSample& s) { return s.desired_replicas == 4; }));

  // The event of a new pod comes before the pod; it waits.
  events->push(watch_line("ADDED", event_json("e3", "Pod", "backend-c", "Scheduled", "2026-01-05T10:00:20Z")));
  slices->push(watch_line("MODIFIED", slice_json("backend-x", "backend", "backend-a,backend-b,backend-c", "102")));
  pods->push(watch_line("ADDED", pod_json({.name = "backend-c", .ready = false})));
  EXPECT_TRUE(recorded.wait_for<ClusterEvent>([](const ClusterEvent& e) { return e.uid == "e3"; }));

  // Cut in two, as TCP may do.
  const std::string line =
      watch_line("MODIFIED", pod_json({.name = "backend-a", .deletion_timestamp = "2026-01-05T10:01:00Z"}));
  pods->push(line.substr(0, 77));
  pods->push(line.substr(77));
  const auto terminating =
      recorded.wait_for<PodSample>([](const PodSample& p) { return p.deletion_requested.has_value(); });
  ASSERT_TRUE(terminating);
  EXPECT_EQ(*terminating->deletion_requested, std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 10h + 30s);
  pods->push(watch_line("DELETED", pod_json({.name = "backend-a", .deletion_timestamp = "2026-01-05T10:01:00Z"})));
  EXPECT_TRUE(recorded.wait_for<PodSample>([](const PodSample& p) { return p.deleted && p.name == "backend-a"; }));
}

TEST_F(WatcherTest, UnchangedObjectsGiveNoRecord) {
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  auto pods = api.take_watch(kPods);
  ASSERT_TRUE(pods);
  pods->push(watch_line("MODIFIED", pod_json({.name = "backend-a", .resource_version = "7"})));
  pods->push(watch_line("MODIFIED", pod_json({.name = "backend-b", .ready = false})));
  ASSERT_TRUE(recorded.wait_for<PodSample>([](const PodSample& p) { return !p.ready; }));
  EXPECT_EQ(recorded.all<PodSample>().size(), 3u);
}

TEST_F(WatcherTest, ACutWatchIsAGapAndResumes) {
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  auto pods = api.take_watch(kPods);
  ASSERT_TRUE(pods);
  pods->push(watch_line("BOOKMARK", R"({"metadata":{"resourceVersion":"250"}})"));
  pods->push(watch_line("MODIFIED", pod_json({.name = "backend-b", .ready = false, .resource_version = "260"})));
  ASSERT_TRUE(recorded.wait_for<PodSample>([](const PodSample& p) { return !p.ready; }));
  pods->cut();
  EXPECT_TRUE(recorded.wait_for<WatchState>(
      [](const WatchState& s) { return s.resource == "pods" && s.kind == WatchState::Kind::lost; }));
  ASSERT_TRUE(api.take_watch(kPods));
  const auto requests = api.requests();
  const auto last = std::ranges::find_if(requests.rbegin(), requests.rend(), [](const ScriptedRequest& r) {
    return r.path == kPods && r.query.find("watch=true") != std::string::npos;
  });
  EXPECT_THAT(last->query, HasSubstr("resourceVersion=260"));
  EXPECT_THAT(last->query, HasSubstr("labelSelector=app%3Dbackend"));
}

TEST_F(WatcherTest, AnExpiredVersionListsAgainAndFindsWhatIsGone) {
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  auto pods = api.take_watch(kPods);
  ASSERT_TRUE(pods);
  api.set_list(kPods, pod_json({.name = "backend-b"}), "300");
  pods->push(
      watch_line("ERROR", R"({"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"})"));
  EXPECT_TRUE(recorded.wait_for<PodSample>([](const PodSample& p) { return p.deleted && p.name == "backend-a"; }));
  ASSERT_TRUE(api.take_watch(kPods));
  EXPECT_THAT(api.requests().back().query, HasSubstr("resourceVersion=300"));
}

TEST_F(WatcherTest, PagesAreFollowed) {
  ScriptedReply first;
  first.body = R"({"metadata":{"continue":"next+page","resourceVersion":"100"},"items":[)" +
               pod_json({.name = "backend-p1"}) + "]}";
  api.order(kPods, first, 1, FakeApi::Only::list);
  auto watcher = make();
  watcher->start();
  ASSERT_TRUE(watcher->wait_synced(10s));
  EXPECT_EQ(recorded.all<PodSample>().size(), 3u);
  const auto requests = api.requests();
  EXPECT_TRUE(std::ranges::any_of(
      requests, [](const ScriptedRequest& r) { return r.query.find("continue=next%2Bpage") != std::string::npos; }));
  EXPECT_TRUE(std::ranges::any_of(
      requests, [](const ScriptedRequest& r) { return r.query.find("limit=500") != std::string::npos; }));
}

}  // namespace
}  // namespace surgeproof::k8s
