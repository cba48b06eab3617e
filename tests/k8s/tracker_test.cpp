#include "k8s/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/wall_time.h"
#include "k8s/json_access.h"
#include "tests/k8s/objects.h"

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = WatchState::Kind;

/// A tracker that is told a story; the clock ticks a second with each sentence.
class Story {
 public:
  explicit Story(std::vector<WatchRequest> requests, std::vector<ServiceRequest> services = {})
      : tracker(std::move(requests), *parse_rfc3339("2026-01-05T09:50:00Z"), {}, std::move(services)) {}

  std::size_t feed(Feed::Kind kind, std::size_t watched = 0) const {
    for (std::size_t i = 0; i < tracker.feeds().size(); ++i) {
      if (tracker.feeds()[i].kind == kind && tracker.feeds()[i].watched == watched) return i;
    }
    ADD_FAILURE() << "no such feed";
    return 0;
  }
  bool wants(Feed::Kind kind) const {
    return std::ranges::any_of(tracker.feeds(), [&](const Feed& f) { return f.kind == kind; });
  }
  Story& listed(Feed::Kind kind, const std::string& items, std::size_t watched = 0) {
    const auto value = parse_json("[" + items + "]");
    tracker.listed(feed(kind, watched), 0, value->get_array(), Tracker::Page::only, now += 1s, records);
    return *this;
  }
  Story& changed(Feed::Kind kind, const std::string& object, bool deleted = false, std::size_t watched = 0) {
    tracker.changed(feed(kind, watched), 0, parse_json(object)->get_object(), deleted, now += 1s, records);
    return *this;
  }
  Story& state(Feed::Kind kind, Kind state, const std::string& message = "", std::size_t watched = 0) {
    tracker.state(feed(kind, watched), state, message, now += 1s, records);
    return *this;
  }
  template <class T>
  std::vector<T> all() const {
    std::vector<T> out;
    for (const Record& r : records) {
      if (const T* t = std::get_if<T>(&r)) out.push_back(*t);
    }
    return out;
  }

  Tracker tracker;
  RunTime now{};
  Tracker::Records records;
};

Story synced_story() {
  Story story({{"todo", "backend"}});
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2))
      .listed(Feed::Kind::target, deployment_json("backend", 2, 2))
      .listed(Feed::Kind::pods, pod_json({.name = "backend-a"}) + "," + pod_json({.name = "backend-b"}))
      .listed(Feed::Kind::slices, slice_json("backend-x", "backend", "backend-a,backend-b"))
      .listed(Feed::Kind::events, "")
      .listed(Feed::Kind::metrics, "")
      .listed(Feed::Kind::replica_sets, "")
      .state(Feed::Kind::nodes, Kind::forbidden);
  return story;
}

TEST(Tracker, AsksForFeedsAsItLearnsOfThem) {
  Story story({{"todo", "backend"}});
  EXPECT_EQ(story.tracker.feeds().size(), 4u);
  EXPECT_FALSE(story.wants(Feed::Kind::target));
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2) + "," + hpa_json("other", 1, 1));
  ASSERT_TRUE(story.wants(Feed::Kind::target));
  const Feed& target = story.tracker.feeds()[story.feed(Feed::Kind::target)];
  EXPECT_EQ(target.paths[0], "/apis/apps/v1/namespaces/todo/deployments");
  EXPECT_EQ(target.field_selector, "metadata.name=backend");
  EXPECT_FALSE(story.wants(Feed::Kind::pods));
  story.listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  EXPECT_EQ(story.tracker.feeds()[story.feed(Feed::Kind::pods)].label_selector, "app=backend");
  EXPECT_EQ(story.all<HpaSample>().size(), 1u);
}

TEST(Tracker, IsSyncedOnceEverythingIsKnown) {
  Story story({{"todo", "backend"}});
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2))
      .listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  story.listed(Feed::Kind::pods, "")
      .state(Feed::Kind::slices, Kind::forbidden)
      .state(Feed::Kind::events, Kind::missing)
      .state(Feed::Kind::nodes, Kind::forbidden)
      .state(Feed::Kind::replica_sets, Kind::forbidden);
  EXPECT_FALSE(story.tracker.synced());
  story.state(Feed::Kind::metrics, Kind::lost);
  EXPECT_TRUE(story.tracker.synced());
}

TEST(Tracker, ALostListOfPodsIsNotSynced) {
  Story story({{"todo", "backend"}});
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2))
      .listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  story.listed(Feed::Kind::slices, "").listed(Feed::Kind::events, "").listed(Feed::Kind::metrics, "");
  story.listed(Feed::Kind::nodes, "").listed(Feed::Kind::replica_sets, "");
  story.state(Feed::Kind::pods, Kind::lost);
  EXPECT_FALSE(story.tracker.synced());
  story.listed(Feed::Kind::pods, "");
  EXPECT_TRUE(story.tracker.synced());
  story.state(Feed::Kind::pods, Kind::lost);  // later on, that is a gap, not a beginning
  EXPECT_TRUE(story.tracker.synced());
}

TEST(Tracker, AnHpaWhoseTargetDoesNotExistIsSynced) {
  Story story({{"todo", "backend"}});
  story.listed(Feed::Kind::hpas, hpa_json("backend", 0, 0)).listed(Feed::Kind::target, "");
  story.listed(Feed::Kind::slices, "").listed(Feed::Kind::events, "").state(Feed::Kind::nodes, Kind::missing);
  EXPECT_TRUE(story.tracker.synced());
}

TEST(Tracker, EachNamespaceAndHpaHasItsOwnStates) {
  Story story({{"todo", "backend"}, {"shop", "cart"}});
  const auto say = [&](const std::string& ns, Feed::Kind feed, Kind kind) {
    for (std::size_t i = 0; i < story.tracker.feeds().size(); ++i) {
      const Feed& f = story.tracker.feeds()[i];
      if (f.kind == feed && f.ns == ns) story.tracker.state(i, kind, "why", story.now += 1s, story.records);
    }
  };
  say("todo", Feed::Kind::events, Kind::synced);
  say("shop", Feed::Kind::events, Kind::forbidden);
  say("shop", Feed::Kind::events, Kind::forbidden);  // nothing new
  say("todo", Feed::Kind::events, Kind::lost);
  say("shop", Feed::Kind::events, Kind::synced);
  std::vector<std::tuple<std::string, std::string, Kind>> seen;
  for (const auto& s : story.all<WatchState>()) seen.emplace_back(s.ns, s.hpa, s.kind);
  EXPECT_EQ(seen, (decltype(seen){{"todo", "", Kind::synced},
                                  {"shop", "", Kind::forbidden},
                                  {"todo", "", Kind::lost},
                                  {"shop", "", Kind::synced}}));
  EXPECT_EQ(story.tracker.live().gaps, std::vector<std::string>{"events in todo: lost, why"});

  story.records.clear();
  story.listed(Feed::Kind::hpas, hpa_json("backend", 2, 2))
      .listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  const auto states = story.all<WatchState>();
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].hpa, "");
  EXPECT_EQ(states[1].resource, "deployments");
  EXPECT_EQ(states[1].hpa, "backend");
  EXPECT_EQ(states[1].ns, "todo");
}

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

TEST(Tracker, SeveralHpasInSeveralNamespaces) {
  Story story({{"todo", "backend"}, {"todo", "frontend"}, {"shop", "cart"}});
  EXPECT_EQ(story.tracker.feeds().size(), 7u);                          // HPAs, slices, events of each, and the nodes
  story.listed(Feed::Kind::hpas, hpa_json("cart", 1, 1, "1", "shop"));  // feeds are by namespace, "shop" first
  EXPECT_EQ(story.all<HpaSample>().back().ns, "shop");
  const auto error = story.tracker.not_found();
  EXPECT_FALSE(error);  // the other namespace is not listed yet
}

TEST(Tracker, NotFoundNamesTheNearest) {
  struct Row {
    std::string listed;
    const char* hint;
  };
  for (const Row& row : {Row{hpa_json("backend", 1, 1) + "," + hpa_json("frontend", 1, 1),
                             "did you mean \"backend\"? those that exist: backend, frontend"},
                         Row{hpa_json("zzz", 1, 1), "those that exist: zzz"}, Row{"", "the namespace has none"}}) {
    Story story({{"todo", "bakend"}});
    EXPECT_FALSE(story.tracker.not_found());
    story.listed(Feed::Kind::hpas, row.listed);
    const auto error = story.tracker.not_found();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind, WatchError::Kind::hpa_not_found);
    EXPECT_THAT(error->hint, HasSubstr(row.hint));
    story.changed(Feed::Kind::hpas, hpa_json("bakend", 1, 1));  // somebody creates it
    EXPECT_FALSE(story.tracker.not_found());
  }
}

TEST(Tracker, LiveStateFollows) {
  Story story = synced_story();
  story.changed(Feed::Kind::pods, pod_json({.name = "backend-a", .deletion_timestamp = "2026-01-05T10:01:00Z"}))
      .changed(Feed::Kind::pods, pod_json({.name = "backend-c", .phase = "Pending", .ready = false}))
      .changed(Feed::Kind::pods, pod_json({.name = "backend-d", .phase = "Failed", .ready = false}))
      .state(Feed::Kind::events, Kind::forbidden, "events is forbidden");
  const LiveState live = story.tracker.live();
  EXPECT_TRUE(live.synced);
  const HpaState expected{.ns = "todo",
                          .hpa = "backend",
                          .target = "Deployment/backend",
                          .found = true,
                          .min = 2,
                          .max = 5,
                          .current = 2,
                          .desired = 2,
                          .pods = 2,
                          .ready = 1,
                          .terminating = 1,
                          .utilization_percent = 91,
                          .target_percent = 70,
                          .condition = "AbleToScale ReadyForNewScale: recommended size matches"};
  ASSERT_EQ(live.hpas.size(), 1u);
  EXPECT_EQ(live.hpas[0], expected);
  EXPECT_THAT(live.gaps, testing::ElementsAre("events in todo: forbidden, events is forbidden"));
}

std::string hpa_with(const std::string& target, const std::string& metrics = "") {
  return R"({"metadata":{"name":"backend","namespace":"todo"},"spec":{"scaleTargetRef":)" + target +
         R"(,"maxReplicas":5,"metrics":[)" + metrics + R"(]},"status":{"currentReplicas":2,"desiredReplicas":2}})";
}
const std::string kToDeployment = R"({"apiVersion":"apps/v1","kind":"Deployment","name":"backend"})";
const std::string kToRollout = R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"backend-v2"})";

TEST(Tracker, FollowsAnHpaToAnotherTarget) {
  Story story = synced_story();
  const std::size_t old_target = story.feed(Feed::Kind::target);
  const std::size_t old_pods = story.feed(Feed::Kind::pods);
  story.records.clear();
  story.changed(Feed::Kind::hpas, hpa_with(kToRollout));
  const auto& feeds = story.tracker.feeds();
  EXPECT_TRUE(feeds[old_target].retired);
  EXPECT_TRUE(feeds[old_pods].retired);
  // What it scaled before is no longer its own.
  ASSERT_EQ(story.all<PodSample>().size(), 2u);
  EXPECT_TRUE(story.all<PodSample>()[0].deleted);
  ASSERT_EQ(story.all<ScaleTargetSample>().size(), 1u);
  EXPECT_TRUE(story.all<ScaleTargetSample>()[0].deleted);
  const std::size_t id = feeds.size() - 1;
  ASSERT_TRUE(feeds[id].lookup);
  EXPECT_EQ(feeds[id].lookup->group, "argoproj.io");
  EXPECT_EQ(feeds[id].lookup->kind, "Rollout");
  story.tracker.resolved(id, {"argoproj.io", "v1alpha1", "rollouts", "Rollout", true, true});
  EXPECT_EQ(feeds[id].paths[0], "/apis/argoproj.io/v1alpha1/namespaces/todo/rollouts");
  EXPECT_EQ(feeds[id].scale_path, "/apis/argoproj.io/v1alpha1/namespaces/todo/rollouts/backend-v2/scale");

  // What comes late from a feed that is no longer wanted is not heard.
  const auto before = story.records.size();
  story.tracker.changed(old_pods, 0, parse_json(pod_json({.name = "late"}))->get_object(), false, story.now,
                        story.records);
  EXPECT_EQ(story.records.size(), before);

  const auto rollout = parse_json(
      R"x([{"metadata":{"name":"backend-v2","namespace":"todo"},"spec":{"replicas":1},"status":{"readyReplicas":3},)x"
      R"x("/scale":{"spec":{"replicas":4},"status":{"replicas":3,"selector":"app=backend,track in (a,b)"}}}])x");
  story.tracker.listed(id, 0, rollout->get_array(), Tracker::Page::only, story.now += 1s, story.records);
  const auto sample = story.all<ScaleTargetSample>().back();
  EXPECT_EQ(sample.spec_replicas, 4);
  EXPECT_EQ(sample.status_replicas, 3);
  EXPECT_EQ(sample.ready_replicas, 3);
  std::vector<std::string> wanted;
  for (std::size_t i = id + 1; i < feeds.size(); ++i)
    wanted.push_back(feeds[i].resource + "?" + feeds[i].label_selector);
  EXPECT_THAT(wanted,
              testing::ElementsAre("pods?app=backend,track in (a,b)", "metrics.k8s.io/pods?app=backend,track in (a,b)",
                                   "replicasets?app=backend,track in (a,b)"));
}

TEST(Tracker, TheSameNameInTwoNamespacesAreTwoTargets) {
  Story story({{"todo", "backend"}, {"shop", "backend"}});
  const auto in = [&](Feed::Kind kind, const std::string& ns) {
    for (std::size_t i = 0; i < story.tracker.feeds().size(); ++i) {
      if (story.tracker.feeds()[i].kind == kind && story.tracker.feeds()[i].ns == ns) return i;
    }
    return std::size_t{999};
  };
  const auto list = [&](Feed::Kind kind, const std::string& ns, const std::string& items) {
    const auto value = parse_json("[" + items + "]");
    story.tracker.listed(in(kind, ns), 0, value->get_array(), Tracker::Page::only, story.now += 1s, story.records);
  };
  for (const char* ns : {"todo", "shop"}) {
    list(Feed::Kind::hpas, ns, hpa_json("backend", 2, 2, "1", ns));
    list(Feed::Kind::target, ns, deployment_json("backend", 2, 2, "1", ns));
    list(Feed::Kind::pods, ns, pod_json({.name = "backend-a", .ns = ns}));
  }
  list(Feed::Kind::pods, "shop", "");  // gone in one namespace, not in the other
  const auto pods = story.all<PodSample>();
  ASSERT_EQ(pods.size(), 3u);
  EXPECT_EQ(pods[2].ns, "shop");
  EXPECT_TRUE(pods[2].deleted);
  EXPECT_EQ(story.tracker.live().hpas[0].pods, 1);
  EXPECT_EQ(story.tracker.live().hpas[1].pods, 0);
  for (const auto& s : story.all<WatchState>()) EXPECT_FALSE(s.ns.empty()) << s.resource;
}

TEST(Tracker, PagesAreOneList) {
  Story story = synced_story();
  story.records.clear();
  const auto page = [&](const std::string& items, Tracker::Page which) {
    const auto value = parse_json("[" + items + "]");
    story.tracker.listed(story.feed(Feed::Kind::pods), 0, value->get_array(), which, story.now += 1s, story.records);
  };
  page(pod_json({.name = "backend-a"}), Tracker::Page::first);
  page(pod_json({.name = "backend-c"}), Tracker::Page::middle);
  EXPECT_EQ(story.tracker.live().hpas[0].pods, 3);  // nothing is gone before the last page
  page("", Tracker::Page::last);
  EXPECT_EQ(story.tracker.live().hpas[0].pods, 2);
  EXPECT_EQ(story.all<PodSample>().back().name, "backend-b");
  EXPECT_TRUE(story.all<PodSample>().back().deleted);
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

TEST(Tracker, AsksForTheMetricsThatTheHpaScalesOn) {
  Story story({{"todo", "backend"}});
  story.listed(
      Feed::Kind::hpas,
      hpa_with(
          kToDeployment,
          R"({"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}},)"
          R"({"type":"Pods","pods":{"metric":{"name":"rps","selector":{"matchLabels":{"v":"1"}}},"target":{"averageValue":"9"}}},)"
          R"({"type":"Object","object":{"metric":{"name":"hits"},"describedObject":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","name":"main"},"target":{"value":"9"}}},)"
          R"({"type":"Object","object":{"metric":{"name":"lag"},"describedObject":{"apiVersion":"kafka.test/v1","kind":"Topic","name":"t"},"target":{"value":"9"}}},)"
          R"({"type":"External","external":{"metric":{"name":"queue","selector":{"matchLabels":{"q":"mail"}}},"target":{"value":"9"}}})"));
  EXPECT_FALSE(story.wants(Feed::Kind::hpa_metric));  // the pods' selector is not known yet
  story.listed(Feed::Kind::target, deployment_json("backend", 2, 2));
  std::vector<const Feed*> metrics;
  for (const Feed& feed : story.tracker.feeds()) {
    if (feed.kind == Feed::Kind::hpa_metric) metrics.push_back(&feed);
  }
  ASSERT_EQ(metrics.size(), 4u);
  EXPECT_EQ(list_target(*metrics[0], 0, ""),
            "/apis/custom.metrics.k8s.io/v1beta2/namespaces/todo/pods/*/"
            "rps?&labelSelector=app%3Dbackend&metricLabelSelector=v%3D1");
  EXPECT_EQ(metrics[1]->paths[1],
            "/apis/custom.metrics.k8s.io/v1beta1/namespaces/todo/ingresses.networking.k8s.io/main/hits");
  ASSERT_TRUE(metrics[2]->lookup);
  EXPECT_EQ(metrics[2]->lookup->kind, "Topic");
  EXPECT_EQ(list_target(*metrics[3], 0, ""),
            "/apis/external.metrics.k8s.io/v1beta1/namespaces/todo/queue?&labelSelector=q%3Dmail");
  EXPECT_EQ(metrics[3]->resource, "external.metrics.k8s.io/queue");

  const auto item =
      R"({"metricName":"queue","metricLabels":{"q":"mail"},"timestamp":"2026-01-05T10:00:00Z","window":60,"value":"2500m"})";
  for (std::size_t i = 0; i < story.tracker.feeds().size(); ++i) {
    if (&story.tracker.feeds()[i] != metrics[3]) continue;
    for (int twice = 0; twice < 2; ++twice) {
      story.tracker.listed(i, 0, parse_json("[" + std::string(item) + "]")->get_array(), Tracker::Page::only,
                           story.now += 1s, story.records);
    }
  }
  ASSERT_EQ(story.all<HpaMetricSample>().size(), 1u);  // nothing new the second time
  const HpaMetricSample sample = story.all<HpaMetricSample>()[0];
  EXPECT_EQ(sample.hpa, "backend");
  EXPECT_EQ(sample.type, "External");
  EXPECT_EQ(sample.labels, "q=mail");
  EXPECT_EQ(sample.value_milli, 2500);
  EXPECT_EQ(sample.window, 60s);

  story.changed(Feed::Kind::hpas, hpa_with(kToDeployment));
  for (const Feed* feed : metrics) EXPECT_TRUE(feed->retired);
}

TEST(Tracker, SurvivesMutatedObjects) {
  std::mt19937 random(11);
  const std::pair<Feed::Kind, std::string> objects[] = {
      {Feed::Kind::hpas, hpa_json("backend", 2, 2)},
      {Feed::Kind::target, deployment_json("backend", 2, 2)},
      {Feed::Kind::pods, pod_json({.name = "backend-a", .deletion_timestamp = "2026-01-05T10:01:00Z"})},
      {Feed::Kind::slices, slice_json("backend-x", "backend", "backend-a")},
      {Feed::Kind::events, event_json("e", "Pod", "backend-a", "R", "2026-01-05T10:00:30Z")},
      {Feed::Kind::metrics, metrics_json("backend-a", "2026-01-05T10:00:05Z", "1")}};
  Story story = synced_story();
  int understood = 0;
  for (int round = 0; round < 20000; ++round) {
    auto [kind, text] = objects[round % 6];
    for (int change = 0; change < 1 + round % 3; ++change) {
      const auto at = random() % text.size();
      if (random() % 2 == 0) text[at] = static_cast<char>(32 + random() % 95);
      if (random() % 2 == 0) text.insert(at, text.substr(random() % text.size(), random() % 12));
    }
    const auto value = parse_json(text);
    if (!value || !value->is_object()) continue;
    ++understood;
    story.tracker.changed(story.feed(kind), static_cast<std::size_t>(kind == Feed::Kind::hpas ? round % 3 : 0),
                          value->get_object(), round % 7 == 0, story.now += 1s, story.records);
  }
  EXPECT_GT(understood, 1000);
  EXPECT_EQ(story.tracker.live().hpas.size(), 1u);
}

}  // namespace
}  // namespace surgeproof::k8s
