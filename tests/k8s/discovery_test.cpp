#include "k8s/discovery.h"

#include <gtest/gtest.h>

#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

const char* const kAggregated = R"({"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
 {"metadata":{"name":"autoscaling"},"versions":[{"version":"v2","resources":[{"resource":"horizontalpodautoscalers",
   "responseKind":{"group":"","version":"","kind":"HorizontalPodAutoscaler"},"scope":"Namespaced"}]},{"version":"v1"}]},
 {"metadata":{"name":"argoproj.io"},"versions":[{"version":"v1alpha1","resources":[
   {"resource":"rollouts","responseKind":{"kind":"Rollout"},"scope":"Namespaced","subresources":[{"subresource":"status"},{"subresource":"scale"}]},
   {"resource":"clusteranalysistemplates","responseKind":{"kind":"ClusterAnalysisTemplate"},"scope":"Cluster"}]}]}]})";

void expect_rollout(const Discovery& discovery) {
  const ApiResource* rollout = discovery.find("argoproj.io", "Rollout");
  ASSERT_NE(rollout, nullptr);
  EXPECT_EQ(rollout->collection("todo"), "/apis/argoproj.io/v1alpha1/namespaces/todo/rollouts");
  EXPECT_EQ(rollout->qualified(), "rollouts.argoproj.io");
  EXPECT_TRUE(rollout->scale);
  const ApiResource* cluster = discovery.find("argoproj.io", "ClusterAnalysisTemplate");
  ASSERT_NE(cluster, nullptr);
  EXPECT_EQ(cluster->collection("todo"), "/apis/argoproj.io/v1alpha1/clusteranalysistemplates");
  EXPECT_FALSE(cluster->scale);
  EXPECT_EQ(discovery.find("argoproj.io", "Nothing"), nullptr);
  EXPECT_EQ(discovery.find("apps", "Deployment"), nullptr);
}

TEST(Discovery, ReadsTheAggregatedForm) {
  Discovery discovery;
  EXPECT_TRUE(discovery.empty());
  EXPECT_TRUE(discovery.add_groups(as_object(*parse_json(kAggregated))));
  EXPECT_EQ(discovery.versions("autoscaling"), (std::vector<std::string>{"v2", "v1"}));
  EXPECT_TRUE(discovery.versions("batch").empty());
  expect_rollout(discovery);
}

TEST(Discovery, ReadsTheListsOfOlderServers) {
  Discovery discovery;
  EXPECT_TRUE(discovery.add_groups(as_object(*parse_json(
      R"({"kind":"APIGroupList","groups":[{"name":"argoproj.io","versions":[{"version":"v1beta9"},{"version":"v1alpha1"}],"preferredVersion":{"version":"v1alpha1"}}]})"))));
  EXPECT_EQ(discovery.versions("argoproj.io"), (std::vector<std::string>{"v1alpha1", "v1beta9"}));
  EXPECT_EQ(discovery.find("argoproj.io", "Rollout"), nullptr);
  EXPECT_TRUE(discovery.add_resources(as_object(*parse_json(
      R"({"kind":"APIResourceList","groupVersion":"argoproj.io/v1alpha1","resources":[{"name":"rollouts","namespaced":true,"kind":"Rollout"},)"
      R"({"name":"rollouts/scale","namespaced":true,"kind":"Scale"},{"name":"clusteranalysistemplates","kind":"ClusterAnalysisTemplate"}]})"))));
  expect_rollout(discovery);
  EXPECT_TRUE(discovery.add_resources(as_object(*parse_json(
      R"({"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"services","namespaced":true,"kind":"Service"}]})"))));
  EXPECT_EQ(discovery.find("", "Service")->collection("todo"), "/api/v1/namespaces/todo/services");
}

TEST(Discovery, AnythingElseIsNone) {
  Discovery discovery;
  for (const char* text : {"{}", R"({"kind":"Status"})", R"({"kind":"APIVersions","versions":["v1"]})"}) {
    EXPECT_FALSE(discovery.add_groups(as_object(*parse_json(text))));
    EXPECT_FALSE(discovery.add_resources(as_object(*parse_json(text))));
  }
  EXPECT_TRUE(discovery.empty());
  EXPECT_EQ(group_of("argoproj.io/v1alpha1"), "argoproj.io");
  EXPECT_EQ(group_of("v1"), "");
}

}  // namespace
}  // namespace surgeproof::k8s
