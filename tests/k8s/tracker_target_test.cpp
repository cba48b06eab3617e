#include "tests/k8s/tracker_story.h"

namespace surgeproof::k8s {
namespace {

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

}  // namespace
}  // namespace surgeproof::k8s
