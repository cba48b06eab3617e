#include "tests/k8s/tracker_story.h"

#include <random>

namespace surgeproof::k8s {
namespace {

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
