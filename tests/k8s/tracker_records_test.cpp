#include "tests/k8s/tracker_story.h"

namespace surgeproof::k8s {
namespace {

TEST(Tracker, RecordsOnlyWhatChanged) {
  Story story = synced_story();
  const auto before = story.records.size();
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-a", .resource_version = "9"}))
      .changed(Feed::Kind::hpas, hpa_json("backend", 2, 2, "9"))
      .changed(Feed::Kind::target, deployment_json("backend", 2, 2, "9"))
      .changed(Feed::Kind::slices, slice_json("backend-x", "backend", "backend-a,backend-b", "9"));
  EXPECT_EQ(story.records.size(), before);
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-a", .ready = false}));
  EXPECT_EQ(story.records.size(), before + 1);
  EXPECT_EQ(story.all<PodSample>().back().at.observed, story.now);
}

TEST(Tracker, WhatARelistLacksIsGone) {
  Story story = synced_story();
  story.listed(Feed::Kind::hpas, "")
      .listed(Feed::Kind::target, "")
      .listed(Feed::Kind::pods, pod_json({.name = "backend-b"}))
      .listed(Feed::Kind::slices, "");
  EXPECT_TRUE(story.all<HpaSample>().back().deleted);
  EXPECT_TRUE(story.all<ScaleTargetSample>().back().deleted);
  EXPECT_TRUE(story.all<PodSample>().back().deleted);
  EXPECT_EQ(story.all<PodSample>().back().name, "backend-a");
  EXPECT_TRUE(story.all<EndpointSliceSample>().back().deleted);
  const auto count = story.records.size();
  story.listed(Feed::Kind::pods, pod_json({.name = "backend-b"})).listed(Feed::Kind::hpas, "");
  EXPECT_EQ(story.records.size(), count);  // gone once only
}

TEST(Tracker, APodThatReturnsUnderItsOldNameIsAnother) {
  Story story = synced_story();
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-a", .uid = "second"}));
  const auto pods = story.all<PodSample>();
  ASSERT_EQ(pods.size(), 4u);
  EXPECT_TRUE(pods[2].deleted);
  EXPECT_EQ(pods[2].uid, "uid-backend-a");
  EXPECT_FALSE(pods[3].deleted);
  EXPECT_EQ(pods[3].uid, "second");
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-a"}), true);  // a late word of the first
  EXPECT_EQ(story.all<PodSample>().size(), 4u);
}

TEST(Tracker, SlicesMatterByTheirPodsAndThenByTheirService) {
  Story story = synced_story();
  const auto count = [&] { return story.all<EndpointSliceSample>().size(); };
  EXPECT_EQ(count(), 1u);
  story.changed(Feed::Kind::slices, slice_json("foreign", "other", "other-1"));
  EXPECT_EQ(count(), 1u);
  story.changed(Feed::Kind::slices, slice_json("backend-y", "backend", ""));  // same service, still empty
  EXPECT_EQ(count(), 2u);
  story.changed(Feed::Kind::slices, slice_json("headless-z", "headless", "backend-new"));  // its pod is not known yet
  EXPECT_EQ(count(), 2u);
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-new"}));
  EXPECT_EQ(count(), 3u);
  story.changed(Feed::Kind::slices, slice_json("headless-z", "headless", ""));
  EXPECT_EQ(count(), 4u);
  story.changed(Feed::Kind::slices, slice_json("foreign", "other", ""), true);
  EXPECT_EQ(count(), 4u);
}

TEST(Tracker, SlicesOfAWantedServiceMatterWhoeverTheirPodsAre) {
  Story story({}, {{"shop", "cart"}});
  ASSERT_EQ(story.tracker.feeds().size(), 1u) << "nothing else is needed";
  EXPECT_EQ(story.tracker.feeds()[0].ns, "shop");
  EXPECT_TRUE(story.tracker.essential(story.tracker.feeds()[0]));
  EXPECT_FALSE(story.tracker.synced());
  EXPECT_FALSE(story.tracker.not_found());
  story.listed(Feed::Kind::slices, slice_json("other-x", "other", "other-a", "1", "shop"));
  EXPECT_FALSE(story.tracker.synced());
  ASSERT_TRUE(story.tracker.not_found());
  EXPECT_EQ(story.tracker.not_found()->kind, WatchError::Kind::service_not_found);
  EXPECT_THAT(story.tracker.not_found()->hint, HasSubstr("those that exist: other"));
  story.changed(Feed::Kind::slices, slice_json("cart-x", "cart", "", "2", "shop"));
  EXPECT_TRUE(story.tracker.synced());
  EXPECT_FALSE(story.tracker.not_found());
  story.changed(Feed::Kind::slices, slice_json("cart-x", "cart", "cart-a", "3", "shop"));
  story.changed(Feed::Kind::slices, slice_json("cart-x", "cart", "cart-a", "4", "shop"), true);
  const auto seen = story.all<EndpointSliceSample>();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[1].endpoints.at(0).pod, "cart-a");
  EXPECT_TRUE(seen[2].deleted);
  EXPECT_TRUE(story.tracker.synced()) << "that it is gone later is for the run to tell";
}

TEST(Tracker, SlicesThatCannotBeReadAreNotSyncedWhereTheyAreWanted) {
  for (const Kind kind : {Kind::forbidden, Kind::missing, Kind::lost}) {
    Story story({}, {{"shop", "cart"}});
    story.state(Feed::Kind::slices, kind);
    EXPECT_FALSE(story.tracker.synced());
    EXPECT_FALSE(story.tracker.not_found());
  }
}

TEST(Tracker, OfOneNamespaceTheSlicesAreWatchedOnce) {
  Story story({{"todo", "backend"}}, {{"todo", "backend"}});
  EXPECT_EQ(story.tracker.feeds().size(), 4u);
  EXPECT_TRUE(story.tracker.essential(story.tracker.feeds()[story.feed(Feed::Kind::slices)]));
}

TEST(Tracker, EventsMatterByWhomTheyRegard) {
  Story story = synced_story();
  const auto say = [&](const char* uid, const char* kind, const char* name, const char* time = "2026-01-05T10:00:30Z",
                       int count = 1) {
    story.changed(Feed::Kind::events, event_json(uid, kind, name, "R", time, count));
  };
  say("hpa", "HorizontalPodAutoscaler", "backend");
  say("target", "Deployment", "backend");
  say("pod", "Pod", "backend-a");
  say("replicaset of a pod", "ReplicaSet", "backend-5d8f6c");
  say("replicaset that could make no pod", "ReplicaSet", "backend-77");
  say("same again", "Pod", "backend-a");
  say("same again", "Pod", "backend-a");                             // a relist repeats it
  say("same again", "Pod", "backend-a", "2026-01-05T10:00:31Z", 2);  // but this is news
  say("other hpa", "HorizontalPodAutoscaler", "other");
  say("other replicaset", "ReplicaSet", "backend-worker-77");
  say("too old", "Pod", "backend-a", "2026-01-05T09:49:59Z");
  say("early", "Pod", "backend-c");
  std::vector<std::string> uids;
  for (const auto& e : story.all<ClusterEvent>()) uids.push_back(e.uid);
  EXPECT_EQ(uids, (std::vector<std::string>{"hpa", "target", "pod", "replicaset of a pod",
                                            "replicaset that could make no pod", "same again", "same again"}));
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-c"}));
  EXPECT_EQ(story.all<ClusterEvent>().back().uid, "early");
}

TEST(Tracker, MetricsAreThoseOfWatchedPodsAndNew) {
  Story story = synced_story();
  const std::string a = metrics_json("backend-a", "2026-01-05T10:00:05Z", "1");
  story.listed(Feed::Kind::metrics, a + "," + metrics_json("foreign", "2026-01-05T10:00:05Z", "1"));
  story.listed(Feed::Kind::metrics, a);
  EXPECT_EQ(story.all<PodMetricsSample>().size(), 1u);
  story.listed(Feed::Kind::metrics, metrics_json("backend-a", "2026-01-05T10:00:20Z", "2"));
  EXPECT_EQ(story.all<PodMetricsSample>().size(), 2u);
}

TEST(Tracker, MetricsAreTakenByTheSelectorWhenPodsAreForbidden) {
  Story story({{"todo", "backend"}});
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2))
      .listed(Feed::Kind::target, deployment_json("backend", 2, 1));
  story.state(Feed::Kind::pods, Kind::forbidden);
  story.listed(Feed::Kind::metrics, metrics_json("backend-a", "2026-01-05T10:00:05Z", "1"));
  EXPECT_EQ(story.all<PodMetricsSample>().size(), 1u);
  EXPECT_EQ(story.tracker.live().hpas[0].ready, 1);  // the target's own count stands in
  EXPECT_EQ(story.tracker.live().hpas[0].pods, 2);
}

TEST(Tracker, RecordsReplicaSetsAndTheirEvents) {
  Story story = synced_story();
  const auto set = [](const std::string& name, const std::string& owner, int ready) {
    return R"({"metadata":{"name":")" + name +
           R"(","namespace":"todo","annotations":{"deployment.kubernetes.io/revision":"7"},)" +
           R"("ownerReferences":[{"kind":"Deployment","name":")" + owner +
           R"(","controller":true}]},"spec":{"replicas":3},)" + R"("status":{"replicas":3,"readyReplicas":)" +
           std::to_string(ready) + "}}";
  };
  story.changed(Feed::Kind::events,
                event_json("e9", "ReplicaSet", "backend-77", "FailedCreate", "2026-01-05T10:00:03Z"));
  story.listed(Feed::Kind::replica_sets, set("backend-77", "backend", 1) + "," + set("else-1", "else", 1));
  ASSERT_EQ(story.all<ReplicaSetSample>().size(), 1u);
  EXPECT_EQ(story.all<ReplicaSetSample>()[0].revision, "7");
  EXPECT_EQ(story.all<ReplicaSetSample>()[0].hpa, "backend");
  ASSERT_EQ(story.all<ClusterEvent>().size(), 1u);
  story.changed(Feed::Kind::replica_sets, set("backend-77", "backend", 1));
  EXPECT_EQ(story.all<ReplicaSetSample>().size(), 1u);
  story.listed(Feed::Kind::replica_sets, "");
  EXPECT_TRUE(story.all<ReplicaSetSample>().back().deleted);
}

TEST(Tracker, NodesAreRecordedAndNeverMissed) {
  Story story({{"todo", "backend"}});
  story.state(Feed::Kind::nodes, Kind::forbidden, "no right");
  EXPECT_TRUE(story.all<WatchState>().empty());
  EXPECT_TRUE(story.tracker.live().gaps.empty());
  story.listed(
      Feed::Kind::nodes,
      R"({"metadata":{"name":"n1"},"spec":{"unschedulable":true,"taints":[{"key":"a","value":"b","effect":"NoSchedule"}]},)"
      R"("status":{"allocatable":{"cpu":"1900m","memory":"2Gi","pods":"110"},"conditions":[{"type":"Ready","status":"True"}]}})");
  ASSERT_EQ(story.all<NodeSample>().size(), 1u);
  const NodeSample node = story.all<NodeSample>()[0];
  EXPECT_TRUE(node.ready && node.unschedulable);
  EXPECT_EQ(node.allocatable_cpu_millicores, 1900);
  EXPECT_EQ(node.allocatable_memory_bytes, 2147483648);
  EXPECT_EQ(node.allocatable_pods, 110);
  EXPECT_EQ(node.taints, std::vector<std::string>{"a=b:NoSchedule"});
}

}  // namespace
}  // namespace surgeproof::k8s
