// Verbs and resources: one request, one answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/demo/api/json_path.h"
#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr std::string_view kPods = "/api/v1/namespaces/todo/pods";
constexpr std::string_view kHpa = "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/backend";
constexpr std::string_view kHpaV1 = "/apis/autoscaling/v1/namespaces/todo/horizontalpodautoscalers/backend";
constexpr std::string_view kDeploy = "/apis/apps/v1/namespaces/todo/deployments/backend";
constexpr auto kMerge = "application/merge-patch+json";
constexpr auto kStrategic = "application/strategic-merge-patch+json";
constexpr auto kJsonPatch = "application/json-patch+json";

struct HandlerRow {
  std::string method;
  std::string target;
  int status;
  std::string path;   ///< into the answer
  std::string value;  ///< found there
  std::string body = {};
  std::string content_type = {};
};

class Handler : public ::testing::TestWithParam<HandlerRow> {};

TEST_P(Handler, Answers) {
  Fixture f;
  f.with_cluster();
  const HandlerRow& row = GetParam();
  const auto answer = f.call(row.method, row.target, row.body, row.content_type);
  EXPECT_EQ(answer.status, row.status) << row.method << " " << row.target << "\n" << json::serialize(answer.body);
  if (row.path.empty()) return;
  const json::value* found = answer.body.is_object() ? find_at(answer.body.get_object(), row.path) : &answer.body;
  ASSERT_NE(found, nullptr) << row.path << " of " << json::serialize(answer.body);
  const std::string text = found->is_string() ? std::string{found->get_string()} : json::serialize(*found);
  EXPECT_EQ(text, row.value) << row.method << " " << row.target;
}

std::string at(std::string_view base, std::string_view rest) { return std::string{base} + std::string{rest}; }

INSTANTIATE_TEST_SUITE_P(
    Reads, Handler,
    ::testing::Values(
        HandlerRow{"GET", at(kPods, ""), 200, "kind", "PodList"},
        HandlerRow{"GET", "/api/v1/pods", 200, "kind", "PodList"},
        HandlerRow{"GET", at(kPods, "/backend-7d4b9c-aaaaa"), 200, "status.phase", "Running"},
        HandlerRow{"GET", at(kPods, "/none"), 404, "message", "pods \"none\" not found"},
        HandlerRow{"GET", "/apis/apps/v1/namespaces/todo/deployments/none", 404, "message",
                   "deployments.apps \"none\" not found"},
        HandlerRow{"GET", std::string{kHpa}, 200, "spec.maxReplicas", "5"},
        HandlerRow{"GET", std::string{kHpaV1}, 200, "spec.targetCPUUtilizationPercentage", "70"},
        HandlerRow{"GET", std::string{kHpaV1}, 200, "status.currentCPUUtilizationPercentage", "35"},
        HandlerRow{"GET", "/api/v1/namespaces/todo", 200, "status.phase", "Active"},
        HandlerRow{"GET", "/api/v1/nodes/node-1", 200, "kind", "Node"},
        HandlerRow{"GET", at(kDeploy, "/scale"), 200, "status.selector", "app=backend"},
        HandlerRow{"GET", at(kDeploy, "/status"), 200, "status.readyReplicas", "2"},
        HandlerRow{"GET", "/apis/events.k8s.io/v1/namespaces/todo/events/backend.1", 200, "note",
                   "New size: 2; reason: cpu"},
        HandlerRow{"GET", "/apis/events.k8s.io/v1/namespaces/todo/events/backend.1", 200, "deprecatedCount", "3"},
        HandlerRow{"GET", "/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods/backend-7d4b9c-aaaaa", 200, "window",
                   "15s"},
        HandlerRow{"GET", "/apis/metrics.k8s.io/v1beta1/nodes/node-1", 200, "usage.cpu", "70000000n"},
        HandlerRow{"GET", "/version", 200, "major", "1"}, HandlerRow{"GET", "/api", 200, "kind", "APIVersions"},
        HandlerRow{"GET", "/apis", 200, "kind", "APIGroupList"},
        HandlerRow{"GET", "/apis/autoscaling", 200, "preferredVersion.version", "v2"},
        HandlerRow{"GET", "/apis/apps/v1", 200, "groupVersion", "apps/v1"}, HandlerRow{"GET", "/healthz", 200, "", ""},
        HandlerRow{"GET", at(kPods, "/backend-7d4b9c-aaaaa/log?tailLines=1"), 200, "",
                   "line 5 of backend-7d4b9c-aaaaa\n"}));

INSTANTIATE_TEST_SUITE_P(
    Refusals, Handler,
    ::testing::Values(
        HandlerRow{"GET", "/", 200, "", ""}, HandlerRow{"GET", "/nothing", 404, "reason", "NotFound"},
        HandlerRow{"GET", "/apis/batch/v1/jobs", 404, "message", "the server could not find the requested resource"},
        HandlerRow{"GET", at(kPods, "/a/b/c/d"), 404, "reason", "NotFound"},
        HandlerRow{"GET", at(kPods, "/backend-7d4b9c-aaaaa/exec"), 404, "reason", "NotFound"},
        HandlerRow{"GET", "/api/v1/pods/x", 404, "reason", "NotFound"},
        HandlerRow{"GET", "no path", 400, "reason", "BadRequest"},
        HandlerRow{"GET", "/api/v1/%zz", 400, "reason", "BadRequest"},
        HandlerRow{"GET", "", 400, "reason", "BadRequest"},
        HandlerRow{"POST", std::string{kHpa}, 405, "reason", "MethodNotAllowed"},
        HandlerRow{"FROB", at(kPods, ""), 405, "reason", "MethodNotAllowed"},
        HandlerRow{"DELETE", "/apis/metrics.k8s.io/v1beta1/nodes/node-1", 405, "reason", "MethodNotAllowed"},
        HandlerRow{"GET", at(kPods, "?labelSelector=a%20b"), 400, "reason", "BadRequest"},
        HandlerRow{"GET", at(kPods, "?fieldSelector=spec.foo%3Dx"), 400, "message",
                   "field label not supported: spec.foo"},
        HandlerRow{"GET", at(kPods, "?limit=1&continue=junk"), 400, "reason", "BadRequest"},
        HandlerRow{"GET", at(kPods, "?continue=0/a/b"), 410, "reason", "Expired"},
        HandlerRow{"POST", at(kPods, ""), 400, "reason", "BadRequest", "{", "application/json"},
        HandlerRow{"POST", at(kPods, ""), 400, "reason", "BadRequest", "[1]", "application/json"},
        HandlerRow{"POST", at(kPods, ""), 415, "reason", "UnsupportedMediaType", "a: b", "application/yaml"},
        HandlerRow{"POST", at(kPods, ""), 400, "reason", "BadRequest", std::string(1000, '['), "application/json"},
        HandlerRow{"POST", at(kPods, ""), 422, "reason", "Invalid", R"({"metadata":{"name":"UPPER"}})"},
        HandlerRow{"POST", at(kPods, ""), 400, "reason", "BadRequest", R"({"kind":"Node","metadata":{"name":"x"}})"},
        HandlerRow{"POST", at(kPods, ""), 400, "reason", "BadRequest", R"({"metadata":{"name":"x","namespace":"y"}})"},
        HandlerRow{"POST", "/api/v1/namespaces/none/configmaps", 404, "message", "namespaces \"none\" not found",
                   R"({"metadata":{"name":"x"}})"},
        HandlerRow{"PATCH", std::string{kHpa}, 415, "reason", "UnsupportedMediaType", "{}",
                   "application/apply-patch+yaml"},
        HandlerRow{"PATCH", std::string{kHpa}, 400, "reason", "BadRequest", "[]", kMerge},
        HandlerRow{"PATCH", std::string{kHpa}, 422, "reason", "Invalid", R"([{"op":"remove","path":"/x"}])",
                   kJsonPatch},
        HandlerRow{"PATCH", std::string{kHpa}, 409, "reason", "Conflict", R"({"metadata":{"resourceVersion":"1"}})",
                   kMerge},
        HandlerRow{"PATCH", std::string{kHpa}, 400, "reason", "BadRequest", R"({"metadata":{"name":"other"}})", kMerge},
        HandlerRow{"GET", at(kPods, "/none/log"), 404, "reason", "NotFound"},
        HandlerRow{"GET", at(kPods, "/backend-7d4b9c-aaaaa/log?container=x"), 400, "message",
                   "container x is not valid for pod backend-7d4b9c-aaaaa"}));

INSTANTIATE_TEST_SUITE_P(
    Writes, Handler,
    ::testing::Values(
        HandlerRow{"PATCH", std::string{kHpa}, 200, "spec.maxReplicas", "7", R"({"spec":{"maxReplicas":7}})",
                   kStrategic},
        HandlerRow{"PATCH", std::string{kHpa}, 200, "spec.maxReplicas", "8", R"({"spec":{"maxReplicas":8}})", kMerge},
        HandlerRow{"PATCH", std::string{kHpa}, 200, "spec.maxReplicas", "9",
                   R"([{"op":"replace","path":"/spec/maxReplicas","value":9}])", kJsonPatch},
        HandlerRow{"PATCH", std::string{kHpaV1}, 200, "spec.targetCPUUtilizationPercentage", "50",
                   R"({"spec":{"targetCPUUtilizationPercentage":50}})", kMerge},
        HandlerRow{"PATCH", std::string{kHpa}, 200, "metadata.annotations.note", "x",
                   R"({"metadata":{"annotations":{"note":"x"}}})", kMerge},
        HandlerRow{"PATCH", at(kHpa, "?dryRun=All"), 200, "spec.maxReplicas", "8", R"({"spec":{"maxReplicas":8}})",
                   kMerge},
        HandlerRow{"PATCH", at(kDeploy, "/scale"), 200, "spec.replicas", "4", R"({"spec":{"replicas":4}})", kMerge},
        HandlerRow{"PUT", at(kDeploy, "/scale"), 200, "spec.replicas", "5", R"({"spec":{"replicas":5}})"},
        HandlerRow{"PUT", at(kDeploy, "/scale"), 409, "reason", "Conflict",
                   R"({"metadata":{"resourceVersion":"1"},"spec":{"replicas":5}})"},
        HandlerRow{"PATCH", at(kDeploy, "/scale"), 422, "reason", "Invalid", R"({"spec":{"replicas":-1}})", kMerge},
        HandlerRow{"PATCH", at(kDeploy, "/status"), 200, "status.readyReplicas", "1",
                   R"({"status":{"readyReplicas":1}})", kMerge},
        HandlerRow{"PATCH", std::string{kDeploy}, 422, "reason", "Invalid",
                   R"({"spec":{"selector":{"matchLabels":{"app":"other"}}}})", kMerge},
        HandlerRow{"PATCH", at(kPods, "/backend-7d4b9c-aaaaa"), 422, "reason", "Invalid",
                   R"({"spec":{"nodeName":"other"}})", kMerge},
        HandlerRow{"POST", "/api/v1/namespaces", 201, "status.phase", "Active", R"({"metadata":{"name":"fresh"}})"},
        HandlerRow{"POST", "/api/v1/namespaces/todo/configmaps", 201, "data.a", "b",
                   R"({"metadata":{"name":"c"},"data":{"a":"b"}})"},
        HandlerRow{"POST", "/api/v1/namespaces/todo/services", 409, "reason", "AlreadyExists",
                   R"({"metadata":{"name":"backend"}})"},
        HandlerRow{"DELETE", at(kPods, "/backend-7d4b9c-aaaaa"), 200, "metadata.deletionGracePeriodSeconds", "5",
                   R"({"gracePeriodSeconds":5})"},
        HandlerRow{"DELETE", at(kPods, "/backend-7d4b9c-aaaaa"), 409, "reason", "Conflict",
                   R"({"preconditions":{"uid":"other"}})"},
        HandlerRow{"DELETE", std::string{kHpa}, 200, "details.kind", "horizontalpodautoscalers"},
        HandlerRow{"DELETE", at(kPods, "?labelSelector=app%3Dbackend"), 200, "kind", "PodList"},
        HandlerRow{"POST", at(kPods, "/backend-7d4b9c-aaaaa/eviction"), 201, "status", "Success",
                   R"({"metadata":{"name":"backend-7d4b9c-aaaaa"}})"},
        HandlerRow{"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 201, "status.allowed", "true",
                   "{}"},
        HandlerRow{"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 201, "status.allowed", "true",
                   "k8s\1", "application/vnd.kubernetes.protobuf"},
        HandlerRow{"POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", 201, "status.userInfo.username", "demo",
                   "{}"}));

TEST(HandlerState, ADryRunChangesNothing) {
  Fixture f;
  f.with_cluster();
  const auto before = f.store.revision();
  f.call("DELETE", std::string{kHpa} + "?dryRun=All");
  f.call("DELETE", std::string{kHpa}, R"({"dryRun":["All"]})");
  f.call("PATCH", std::string{kHpa} + "?dryRun=All", R"({"spec":{"maxReplicas":8}})", kMerge);
  EXPECT_EQ(f.store.revision(), before);
}

TEST(HandlerState, BadHpasAreRefusedWithTheFieldsAtFault) {
  struct Bad {
    std::string patch;
    std::string message;
  };
  Fixture f;
  f.with_cluster();
  for (
      const Bad& bad : std::vector<Bad>{
          {R"({"spec":{"maxReplicas":1}})",
           "spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`"},
          {R"({"spec":{"minReplicas":0}})", "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1"},
          {R"({"spec":{"maxReplicas":"five"}})", "spec.maxReplicas: Invalid value: \"five\""},
          {R"({"spec":{"maxReplicas":null}})", "spec.maxReplicas: Invalid value: 0: must be greater than 0"},
          {R"({"spec":{"scaleTargetRef":{"name":""}}})", "spec.scaleTargetRef.name: Required value"},
          {R"({"spec":{"metrics":[{"type":"Frob"}]}})", "Unsupported value: \"Frob\""},
          {R"({"spec":{"metrics":[{"type":"Resource"}]}})", "spec.metrics[0].resource: Required value"},
          {R"({"spec":{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":0}}}]}})",
           "averageUtilization: Invalid value: 0: must be greater than 0"},
          {R"({"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":3601}}}})", "less than or equal to 3600"},
          {R"({"spec":{"behavior":{"scaleUp":{"policies":[{"type":"Pods","value":0,"periodSeconds":1900}]}}}})",
           "spec.behavior.scaleUp.policies[0].periodSeconds"},
          {R"({"spec":{"behavior":{"scaleUp":{"selectPolicy":"Most"}}}})",
           "supported values: \"Disabled\", \"Max\", \"Min\""}}) {
    const auto answer = f.call("PATCH", std::string{kHpa}, bad.patch, kMerge);
    EXPECT_EQ(answer.status, 422) << bad.patch;
    EXPECT_THAT(answer.text("message"), HasSubstr(bad.message));
    EXPECT_THAT(answer.text("message"), HasSubstr("HorizontalPodAutoscaler.autoscaling \"backend\" is invalid: "));
  }
}

TEST(HandlerState, BehaviorGetsItsDefaults) {
  Fixture f;
  f.with_cluster();
  const auto answer = f.call("PATCH", std::string{kHpa},
                             R"({"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}})", kMerge);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.number("spec.behavior.scaleUp.stabilizationWindowSeconds"), 0);
  EXPECT_EQ(array_at(answer.body.get_object(), "spec.behavior.scaleUp.policies").size(), 2U);
  EXPECT_EQ(answer.text("spec.behavior.scaleDown.selectPolicy"), "Max");
}

TEST(HandlerState, PagesShowTheStateOfTheFirstPage) {
  Fixture f;
  f.with_cluster();
  const std::string pods{kPods};
  const auto first = f.call("GET", pods + "?limit=1");
  EXPECT_EQ(first.number("metadata.remainingItemCount"), 1);
  ASSERT_TRUE(f.store.finish_delete(types::kPods, "todo", "backend-7d4b9c-bbbbb"));
  const std::string token = first.text("metadata.continue");
  const auto second = f.call("GET", pods + "?limit=1&continue=" + token);
  ASSERT_EQ(second.status, 200);
  EXPECT_EQ(array_at(second.body.get_object(), "items").size(), 1U) << "as it was at the first page";
  EXPECT_EQ(second.text("metadata.continue"), "");
  EXPECT_EQ(second.text("metadata.resourceVersion"), first.text("metadata.resourceVersion"));
  f.store.compact();
  EXPECT_EQ(f.call("GET", pods + "?limit=1&continue=" + token).status, 410);
}

TEST(HandlerState, SelectorsNarrowLists) {
  Fixture f;
  f.with_cluster();
  const auto count = [&](std::string query) {
    const auto answer = f.call("GET", query);
    return array_at(answer.body.get_object(), "items").size();
  };
  const std::string pods{kPods};
  EXPECT_EQ(count(pods + "?fieldSelector=metadata.name%3Dbackend-7d4b9c-aaaaa"), 1U);
  EXPECT_EQ(count(pods + "?fieldSelector=status.phase%3DRunning,spec.nodeName%3Dnode-1"), 2U);
  EXPECT_EQ(count(pods + "?fieldSelector=status.phase!%3DRunning"), 0U);
  EXPECT_EQ(count(pods + "?labelSelector=app+in+(backend,x)"), 2U);
  EXPECT_EQ(count("/api/v1/namespaces/default/pods"), 0U);
  EXPECT_EQ(count("/api/v1/events?fieldSelector=involvedObject.name%3Dbackend"), 1U);
  EXPECT_EQ(count("/apis/events.k8s.io/v1/events?fieldSelector=regarding.name%3Dother"), 0U);
}

TEST(HandlerState, WithoutMetricsTheGroupIsGone) {
  Fixture f;
  f.with_cluster();
  ClusterHooks hooks;
  hooks.metrics_available = [] { return false; };
  ApiHandler handler(f.store, hooks);
  const auto get = [&](std::string target) {
    return std::get<ApiResponse>(handler.handle({"GET", std::move(target), "", "", ""}));
  };
  EXPECT_EQ(get("/apis/metrics.k8s.io/v1beta1/pods").status, 503);
  EXPECT_EQ(get("/apis/metrics.k8s.io/v1beta1").status, 503);
  EXPECT_THAT(get("/apis").body, ::testing::Not(HasSubstr("metrics.k8s.io")));
}

TEST(HandlerState, EditsThroughV1KeepWhatV1CannotSay) {
  Fixture f;
  f.with_cluster();
  ASSERT_EQ(f.call("PATCH", std::string{kHpa},
                   R"({"spec":{"metrics":[
      {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}},
      {"type":"Pods","pods":{"metric":{"name":"rps"},"target":{"type":"AverageValue","averageValue":"100"}}},
      {"type":"Object","object":{"describedObject":{"kind":"Service","name":"s"},"metric":{"name":"hits"},
       "target":{"type":"Value","value":"10"}}},
      {"type":"External","external":{"metric":{"name":"q","selector":{"matchLabels":{"a":"b"}}},
       "target":{"type":"AverageValue","averageValue":"5"}}}],
      "behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}})",
                   kMerge)
                .status,
            200);
  const ObjectPtr before = f.store.get(types::kHpas, "todo", "backend");
  const auto patched =
      f.call("PATCH", std::string{kHpaV1}, R"({"spec":{"targetCPUUtilizationPercentage":50}})", kMerge);
  ASSERT_EQ(patched.status, 200) << json::serialize(patched.body);
  const ObjectPtr after = f.store.get(types::kHpas, "todo", "backend");
  json::object expected = object_at(*before, "spec");
  expected["metrics"].as_array()[0] = object_from(
      R"({"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}})");
  EXPECT_EQ(object_at(*after, "spec"), expected);
  EXPECT_EQ(object_at(*after, "status"), object_at(*before, "status"));
  EXPECT_EQ(find_at(*after, "metadata.annotations"), nullptr);
}

}  // namespace
}  // namespace surgeproof::demo
