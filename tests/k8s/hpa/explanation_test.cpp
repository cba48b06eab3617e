#include "k8s/hpa/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace surgeproof::hpa {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

std::string path_of(const std::string& name) {
  return std::string(SURGEPROOF_SOURCE_DIR) + "/tests/k8s/hpa/transcripts/" + name;
}

std::string content_of(const std::string& name) {
  std::ifstream file(path_of(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

ObjectHeap heap_of(const std::string& name) {
  ObjectHeap heap;
  EXPECT_TRUE(heap.add(json::parse(content_of(name + ".json")))) << name;
  return heap;
}

Explanation explanation_of(const std::string& name) {
  const auto snapshot = assemble(heap_of(name), {});
  EXPECT_TRUE(snapshot) << (snapshot ? "" : snapshot.error());
  return explain_snapshot(*snapshot, {});
}

class Transcript : public testing::TestWithParam<const char*> {};

// SURGEPROOF_UPDATE_GOLDEN=1 writes them anew.
TEST_P(Transcript, ReadsAsItShould) {
  const std::string name = GetParam();
  const std::string text = explanation_text(explanation_of(name));
  if (std::getenv("SURGEPROOF_UPDATE_GOLDEN") != nullptr) std::ofstream(path_of(name + ".txt")) << text;
  EXPECT_EQ(text, content_of(name + ".txt"));
}

INSTANTIATE_TEST_SUITE_P(Explanation, Transcript,
                         testing::Values("tolerance", "missing_metrics", "stabilization_window", "policy", "maximum",
                                         "other_tolerance", "unseen_history", "no_pod_metrics"),
                         [](const auto& row) { return std::string(row.param); });

TEST(Explanation, SaysTheMostLikelyReasonOfADifference) {
  struct Row {
    const char* name;
    bool same_count;
    const char* reason;
  };
  const Row table[] = {
      {"tolerance", true, ""},
      {"policy", true, ""},
      {"other_tolerance", false, "greater tolerance than 10 %: with 20 % nothing would change"},
      {"unseen_history", false, "remembers a higher recommendation"},
  };
  for (const Row& row : table) {
    const auto explanation = explanation_of(row.name);
    EXPECT_EQ(explanation.comparison.same_count, row.same_count) << row.name;
    EXPECT_THAT(explanation.comparison.likely_reason, HasSubstr(row.reason)) << row.name;
  }
}

TEST(Explanation, IsOneJsonObjectForPrograms) {
  const json::object o = to_json(explanation_of("maximum"));
  EXPECT_EQ(o.at("answer").at("desiredReplicas"), 5);
  EXPECT_EQ(o.at("same_count"), true);
  EXPECT_EQ(o.at("comparison").at(0).at("what"), "desired replicas");
  EXPECT_GE(o.at("steps").get_array().size(), 5U);
}

TEST(Snapshot, DoesNotMindTheOrderOrTheNumberOfDocuments) {
  const json::value list = json::parse(content_of("policy.json"));
  ObjectHeap one_by_one;
  const auto& items = list.at("items").get_array();
  for (auto it = items.rbegin(); it != items.rend(); ++it) EXPECT_TRUE(one_by_one.add(*it));
  const auto snapshot = assemble(one_by_one, {});
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(explain_snapshot(*snapshot, {}).decision.desired_replicas,
            explanation_of("policy").decision.desired_replicas);
}

TEST(Snapshot, SaysWhatIsMissing) {
  const json::value list = json::parse(content_of("maximum.json"));
  const auto& items = list.at("items").get_array();
  ObjectHeap nothing;
  EXPECT_FALSE(nothing.add(json::parse("[1]")));
  EXPECT_FALSE(nothing.add(json::parse(R"({"spec": {}})")));
  EXPECT_THAT(assemble(nothing, {}).error(), HasSubstr("no HorizontalPodAutoscaler"));
  ObjectHeap hpa_only;
  ASSERT_TRUE(hpa_only.add(items.at(0)));
  EXPECT_THAT(assemble(hpa_only, {}).error(), HasSubstr("kubectl get Deployment web -n shop"));
  EXPECT_THAT(assemble(hpa_only, {.ns = "", .name = "other", .now = {}}).error(), HasSubstr("there are shop/web"));
  json::object second = items.at(0).get_object();
  second["metadata"].get_object()["name"] = "api";
  ASSERT_TRUE(hpa_only.add(second));
  EXPECT_THAT(assemble(hpa_only, {}).error(), HasSubstr("several"));
  ObjectHeap old;
  second["apiVersion"] = "autoscaling/v1";
  ASSERT_TRUE(old.add(second));
  EXPECT_THAT(assemble(old, {}).error(), HasSubstr("hpa.v2.autoscaling"));
}

TEST(Snapshot, AFailedMetricsRequestIsWhatTheControllerSaw) {
  ObjectHeap heap = heap_of("no_pod_metrics");
  ASSERT_TRUE(heap.add(json::parse(R"({"kind":"Status","status":"Failure","code":503,"message":"no backend"})")));
  const auto snapshot = assemble(heap, {});
  ASSERT_TRUE(snapshot);
  const auto explanation = explain_snapshot(*snapshot, {});
  EXPECT_EQ(explanation.decision.per_metric.at(0).reason, "FailedGetResourceMetric");
}

TEST(Settings, VersionsDifferWhereItIsKnown) {
  EXPECT_FALSE(settings_of_version("1.33")->pod_level_resources);
  EXPECT_FALSE(settings_of_version("1.34")->configurable_tolerance);
  EXPECT_TRUE(settings_of_version("1.35")->configurable_tolerance);
  EXPECT_TRUE(settings_of_version("1.35")->container_required);
  EXPECT_FALSE(settings_of_version("2.0"));
}

}  // namespace
}  // namespace surgeproof::hpa
