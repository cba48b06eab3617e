#include "k8s/demo/api/store.h"

#include <gtest/gtest.h>

#include "k8s/demo/api/json_path.h"
#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;
using Code = StoreError::Code;

struct StoreTest : ::testing::Test {
  WallTime now = fixture_start();
  Store store{[this] { return now; }, {.history = 8, .seed = 7}};

  ObjectPtr make_deployment(std::string_view name) {
    json::object o = object_from(R"({"metadata":{"namespace":"todo"},"spec":{"replicas":2},"status":{"replicas":1}})");
    o["metadata"].as_object()["name"] = name;
    return *store.create(types::kDeployments, o);
  }
  ObjectPtr make_pod(std::string_view name, std::string_view owner_uid = {}) {
    json::object o = object_from(R"({"metadata":{"namespace":"todo","labels":{"app":"x"}},
      "spec":{"nodeName":"n","terminationGracePeriodSeconds":20},"status":{"phase":"Running"}})");
    json::object& metadata = o["metadata"].as_object();
    metadata["name"] = name;
    if (!owner_uid.empty()) metadata["ownerReferences"] = json::array{json::object{{"uid", owner_uid}}};
    return *store.create(types::kPods, o);
  }
};

TEST_F(StoreTest, CreateFillsInTheServersFields) {
  const ObjectPtr o = make_deployment("web");
  EXPECT_EQ(text_at(*o, "apiVersion"), "apps/v1");
  EXPECT_EQ(text_at(*o, "kind"), "Deployment");
  EXPECT_EQ(text_at(*o, "metadata.uid").size(), 36U);
  EXPECT_EQ(text_at(*o, "metadata.creationTimestamp"), "2025-06-02T09:00:00Z");
  EXPECT_EQ(int_at(*o, "metadata.generation"), 1);
  EXPECT_EQ(text_at(*o, "metadata.resourceVersion"), std::to_string(store.revision()));
  EXPECT_EQ(store.create(types::kDeployments, *o).error().message, "deployments.apps \"web\" already exists");
}

TEST_F(StoreTest, CreateRefusesNamelessAndMakesUpNames) {
  json::object o = object_from(R"({"metadata":{"namespace":"todo"}})");
  EXPECT_EQ(store.create(types::kPods, o).error().code, Code::invalid);
  o["metadata"].as_object()["generateName"] = "web-";
  const auto a = *store.create(types::kPods, o);
  const auto b = *store.create(types::kPods, o);
  EXPECT_EQ(text_at(*a, "metadata.name").size(), 9U);
  EXPECT_NE(text_at(*a, "metadata.name"), text_at(*b, "metadata.name"));
}

TEST_F(StoreTest, GenerationRisesWithTheSpecOnly) {
  const ObjectPtr first = make_deployment("web");
  json::object status = *first;
  status["status"] = object_from(R"({"replicas":2})");
  const ObjectPtr second = *store.update_status(types::kDeployments, status);
  EXPECT_EQ(int_at(*second, "metadata.generation"), 1);
  EXPECT_EQ(int_at(*second, "status.replicas"), 2);
  json::object spec = *second;
  spec["spec"].as_object()["replicas"] = 3;
  spec["status"] = object_from(R"({"replicas":99})");
  const ObjectPtr third = *store.update(types::kDeployments, spec);
  EXPECT_EQ(int_at(*third, "metadata.generation"), 2);
  EXPECT_EQ(int_at(*third, "status.replicas"), 2) << "an update leaves the status alone";
}

TEST_F(StoreTest, AnUpdateOfAnOldVersionConflicts) {
  const ObjectPtr first = make_deployment("web");
  json::object edit = *first;
  edit["spec"].as_object()["replicas"] = 3;
  ASSERT_TRUE(store.update(types::kDeployments, edit));
  edit["spec"].as_object()["replicas"] = 4;
  const auto refused = store.update(types::kDeployments, edit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_TRUE(refused.error().message.starts_with(
      "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified"));
  edit["metadata"].as_object().erase("resourceVersion");
  EXPECT_TRUE(store.update(types::kDeployments, edit)) << "without a version it is unconditional";
  edit["metadata"].as_object()["uid"] = "another";
  EXPECT_EQ(store.update(types::kDeployments, edit).error().code, Code::conflict);
}

TEST_F(StoreTest, AnUpdateThatChangesNothingIsNoChange) {
  const ObjectPtr first = make_deployment("web");
  const auto before = store.revision();
  EXPECT_EQ(*store.update(types::kDeployments, *first), first);
  EXPECT_EQ(store.revision(), before);
}

TEST_F(StoreTest, APodGoesWithGrace) {
  make_pod("p");
  const ObjectPtr marked = *store.remove(types::kPods, "todo", "p");
  EXPECT_EQ(text_at(*marked, "metadata.deletionTimestamp"), "2025-06-02T09:00:20Z");
  EXPECT_EQ(int_at(*marked, "metadata.deletionGracePeriodSeconds"), 20);
  // Asked again with more: nothing changes; with less: it becomes shorter.
  EXPECT_EQ(*store.remove(types::kPods, "todo", "p", {.grace = std::chrono::seconds{60}}), marked);
  const ObjectPtr sooner = *store.remove(types::kPods, "todo", "p", {.grace = std::chrono::seconds{5}});
  EXPECT_EQ(text_at(*sooner, "metadata.deletionTimestamp"), "2025-06-02T09:00:05Z");
  EXPECT_TRUE(store.get(types::kPods, "todo", "p"));
  ASSERT_TRUE(store.finish_delete(types::kPods, "todo", "p"));
  EXPECT_FALSE(store.get(types::kPods, "todo", "p"));
}

TEST_F(StoreTest, APodGoesAtOnceWithoutGraceOrNode) {
  make_pod("forced");
  ASSERT_TRUE(store.remove(types::kPods, "todo", "forced", {.grace = std::chrono::seconds{0}}));
  EXPECT_FALSE(store.get(types::kPods, "todo", "forced"));
  ASSERT_TRUE(store.create(types::kPods, object_from(R"({"metadata":{"namespace":"todo","name":"pending"}})")));
  ASSERT_TRUE(store.remove(types::kPods, "todo", "pending"));
  EXPECT_FALSE(store.get(types::kPods, "todo", "pending"));
}

TEST_F(StoreTest, WhatIsOwnedGoesWithItsOwnerUnlessOrphaned) {
  const ObjectPtr owner = make_deployment("web");
  make_pod("p", text_at(*owner, "metadata.uid"));
  ASSERT_TRUE(store.remove(types::kDeployments, "todo", "web"));
  EXPECT_NE(find_at(*store.get(types::kPods, "todo", "p"), "metadata.deletionTimestamp"), nullptr);
  const ObjectPtr other = make_deployment("other");
  make_pod("q", text_at(*other, "metadata.uid"));
  ASSERT_TRUE(store.remove(types::kDeployments, "todo", "other", {.orphan = true}));
  const ObjectPtr orphan = store.get(types::kPods, "todo", "q");
  EXPECT_EQ(find_at(*orphan, "metadata.deletionTimestamp"), nullptr);
  EXPECT_EQ(find_at(*orphan, "metadata.ownerReferences"), nullptr);
}

TEST_F(StoreTest, ANamespaceTakesItsObjectsAlong) {
  ASSERT_TRUE(store.create(types::kNamespaces, object_from(R"({"metadata":{"name":"todo"}})")));
  make_pod("p");
  ASSERT_TRUE(store.remove(types::kNamespaces, "", "todo"));
  EXPECT_TRUE(store.list(types::kPods).empty());
}

TEST_F(StoreTest, ChangesAreToldInOrderAndNeverNested) {
  std::vector<std::string> told;
  int depth = 0;
  store.subscribe([&](const Change& change) {
    EXPECT_EQ(++depth, 1);
    told.push_back(std::string{text_at(*change.object, "metadata.name")});
    if (told.size() == 1) make_pod("second");  // told after this one
    --depth;
  });
  const auto gone = store.subscribe([&](const Change&) { ADD_FAILURE() << "unsubscribed"; });
  store.unsubscribe(gone);
  make_pod("first");
  EXPECT_EQ(told, (std::vector<std::string>{"first", "second"}));
}

TEST_F(StoreTest, HistoryIsBoundedAndExpires) {
  const auto begin = store.revision();
  for (int i = 0; i < 3; ++i) make_pod("p" + std::to_string(i));
  EXPECT_EQ(store.changes_after(types::kPods, begin)->size(), 3U);
  EXPECT_EQ(store.changes_after(types::kPods, begin, 2)->size(), 2U);
  EXPECT_TRUE(store.changes_after(types::kNodes, begin)->empty());
  EXPECT_EQ(store.list_at(types::kPods, {}, begin + 1)->size(), 1U) << "as it was then";
  for (int i = 3; i < 12; ++i) make_pod("p" + std::to_string(i));  // history holds 8
  EXPECT_EQ(store.changes_after(types::kPods, begin).error().code, Code::expired);
  EXPECT_EQ(store.list_at(types::kPods, {}, begin).error().code, Code::expired);
  store.compact();
  EXPECT_TRUE(store.changes_after(types::kPods, store.revision())->empty());
}

TEST_F(StoreTest, MetricsAreReplacedWithoutHistory) {
  const auto before = store.revision();
  const json::object metrics = object_from(R"({"metadata":{"namespace":"todo","name":"p"},"window":"15s"})");
  ASSERT_TRUE(store.put(types::kPodMetrics, metrics));
  ASSERT_TRUE(store.put(types::kPodMetrics, metrics));
  EXPECT_EQ(store.revision(), before);
  EXPECT_EQ(store.list(types::kPodMetrics).size(), 1U);
}

TEST_F(StoreTest, AScratchCopyKeepsItsChangesToItself) {
  make_pod("p");
  store.subscribe([](const Change&) { ADD_FAILURE() << "told of a scratch change"; });
  Store scratch = store.scratch_copy();
  ASSERT_TRUE(scratch.finish_delete(types::kPods, "todo", "p"));
  EXPECT_TRUE(store.get(types::kPods, "todo", "p"));
}

TEST(SelectorTest, Labels) {
  struct Row {
    std::string_view selector;
    bool matches;
  };
  const json::object labels = object_from(R"({"app":"todo","tier":"web"})");
  for (const auto& [selector, matches] : std::vector<Row>{{"", true},
                                                          {"app=todo", true},
                                                          {"app==todo,tier=web", true},
                                                          {"app=other", false},
                                                          {"app!=other", true},
                                                          {"zone!=x", true},
                                                          {"tier in (db, web)", true},
                                                          {"tier notin (db,web)", false},
                                                          {"zone notin (a)", true},
                                                          {"app", true},
                                                          {"!app", false},
                                                          {"!zone,app", true}}) {
    const auto parsed = LabelSelector::parse(selector);
    ASSERT_TRUE(parsed) << selector;
    EXPECT_EQ(parsed->matches(labels), matches) << selector;
  }
  for (const auto wrong : {"=x", "a in b", "a in (b", "a b (c)", "a=b c", ",", "a=(b"}) {
    EXPECT_FALSE(LabelSelector::parse(wrong)) << wrong;
  }
}

TEST(SelectorTest, FromObjectAndBackToText) {
  const auto s = LabelSelector::from_object(object_from(R"({"matchLabels":{"app":"todo"},"matchExpressions":[
    {"key":"tier","operator":"In","values":["a","b"]},{"key":"old","operator":"DoesNotExist"},
    {"key":"zone","operator":"Exists"},{"key":"x","operator":"NotIn","values":["y"]}]})"));
  EXPECT_EQ(s.text(), "app=todo,tier in (a,b),!old,zone,x!=y");
  EXPECT_TRUE(s.matches(object_from(R"({"app":"todo","tier":"b","zone":"z"})")));
  EXPECT_FALSE(s.matches(object_from(R"({"app":"todo","tier":"c","zone":"z"})")));
}

TEST(SelectorTest, Fields) {
  const json::object pod = object_from(R"({"metadata":{"name":"p"},"spec":{"hostNetwork":true},"status":{}})");
  const auto matches = [&](std::string_view text) { return FieldSelector::parse(text)->matches(pod); };
  EXPECT_TRUE(matches("metadata.name=p"));
  EXPECT_FALSE(matches("metadata.name!=p"));
  EXPECT_TRUE(matches("spec.hostNetwork=true"));
  EXPECT_TRUE(matches("status.phase=,metadata.name==p"));
  EXPECT_FALSE(FieldSelector::parse("nonsense"));
}

}  // namespace
}  // namespace surgeproof::demo
