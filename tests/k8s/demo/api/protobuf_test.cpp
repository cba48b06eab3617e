#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/api/protobuf_body.h"
#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

// A writer of just enough protobuf.
std::string varint(std::uint64_t v) {
  std::string out;
  for (; v >= 0x80; v >>= 7) out += static_cast<char>((v & 0x7f) | 0x80);
  return out + static_cast<char>(v);
}
std::string number(std::uint32_t field, std::uint64_t v) { return varint(field << 3) + varint(v); }
std::string bytes(std::uint32_t field, const std::string& v) { return varint((field << 3) | 2) + varint(v.size()) + v; }
std::string envelope(const std::string& version, const std::string& kind, const std::string& raw) {
  return std::string("k8s\0", 4) + bytes(1, bytes(1, version) + bytes(2, kind)) + bytes(2, raw) + bytes(3, "") +
         bytes(4, "");
}
std::string metadata(const std::string& name) {
  // As Go writes it: empty texts and the zero time are there.
  return bytes(1, name) + bytes(2, "") + bytes(3, "") + number(7, 0) + bytes(8, "") +
         bytes(11, bytes(1, "app") + bytes(2, "x"));
}

std::string hpa_body() {
  const std::string target = bytes(1, "Utilization") + number(4, 50);
  const std::string metric = bytes(1, "Resource") + bytes(4, bytes(1, "cpu") + bytes(2, target));
  const std::string spec = bytes(1, bytes(1, "Deployment") + bytes(2, "backend") + bytes(3, "apps/v1")) + number(2, 1) +
                           number(3, 3) + bytes(4, metric);
  return envelope("autoscaling/v2", "HorizontalPodAutoscaler",
                  bytes(1, metadata("web")) + bytes(2, spec) + bytes(3, number(3, 0)));
}

TEST(ProtobufTest, AnHpa) {
  const auto hpa = decode_protobuf(hpa_body());
  ASSERT_TRUE(hpa) << hpa.error();
  EXPECT_EQ(*hpa, object_from(R"({"metadata":{"name":"web","labels":{"app":"x"}},
    "spec":{"scaleTargetRef":{"kind":"Deployment","name":"backend","apiVersion":"apps/v1"},"minReplicas":1,
    "maxReplicas":3,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization",
    "averageUtilization":50}}}]},"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler"})"));
}

TEST(ProtobufTest, QuantitiesPortsAndOptions) {
  const std::string limits = bytes(1, bytes(1, "cpu") + bytes(2, bytes(1, "500m")));
  const std::string container = bytes(1, "a") + bytes(2, "i:1") + bytes(3, "sh") + bytes(3, "-c") + bytes(8, limits);
  const auto pod = decode_protobuf(
      envelope("v1", "Pod", bytes(1, metadata("p")) + bytes(2, bytes(2, container) + number(4, 0) + number(11, 0))));
  ASSERT_TRUE(pod) << pod.error();
  EXPECT_EQ(object_at(*pod, "spec"), object_from(R"({"containers":[{"name":"a","image":"i:1","command":["sh","-c"],
    "resources":{"limits":{"cpu":"500m"}}}],"terminationGracePeriodSeconds":0})"));
  const std::string by_number = bytes(4, number(1, 0) + number(2, 8080) + bytes(3, ""));
  const std::string by_name = bytes(4, number(1, 1) + number(2, 0) + bytes(3, "http"));
  const auto service = decode_protobuf(
      envelope("v1", "Service", bytes(2, bytes(1, number(3, 80) + by_number) + bytes(1, number(3, 81) + by_name))));
  ASSERT_TRUE(service) << service.error();
  EXPECT_EQ(array_at(*service, "spec.ports"),
            object_from(R"({"p":[{"port":80,"targetPort":8080},{"port":81,"targetPort":"http"}]})").at("p"));
  const auto deletion = decode_protobuf(envelope("v1", "DeleteOptions", number(1, 0) + bytes(5, "All")));
  ASSERT_TRUE(deletion) << deletion.error();
  EXPECT_EQ(*deletion, object_from(R"({"gracePeriodSeconds":0,"dryRun":["All"]})"));
}

TEST(ProtobufTest, WhatIsNotKnownIsAnError) {
  EXPECT_THAT(decode_protobuf("nonsense").error(), HasSubstr("not Kubernetes' protobuf"));
  EXPECT_THAT(decode_protobuf(envelope("batch/v1", "Job", "")).error(), HasSubstr("cannot read a batch/v1 Job"));
  EXPECT_THAT(decode_protobuf(envelope("v1", "Pod", bytes(2, bytes(99, "x")))).error(),
              HasSubstr("field 99 of a PodSpec"));
  EXPECT_THAT(decode_protobuf(envelope("v1", "Pod", number(1, 7))).error(), HasSubstr("wrong type"));
  EXPECT_THAT(decode_protobuf(envelope("v1", "Pod", "\x0a\x7f")).error(), HasSubstr("malformed"));
}

TEST(ProtobufTest, TruncatedAndChangedBodiesNeverCrash) {
  const std::string good = hpa_body();
  for (std::size_t n = 0; n < good.size(); ++n) (void)decode_protobuf(std::string_view{good}.substr(0, n));
  std::mt19937 random(1);
  std::size_t read = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string changed = good;
    changed[4 + random() % (changed.size() - 4)] = static_cast<char>(random());
    read += decode_protobuf(changed).has_value() ? 1 : 0;
  }
  EXPECT_LT(read, 5000U);
}

TEST(ProtobufTest, IsAcceptedWhereKubectlSendsIt) {
  Fixture f;
  f.with_cluster();
  const auto made = f.call("POST", "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers", hpa_body(),
                           "application/vnd.kubernetes.protobuf");
  EXPECT_EQ(made.status, 201) << json::serialize(made.body);
  EXPECT_EQ(made.number("spec.maxReplicas"), 3);
  const auto kept =
      f.call("DELETE", "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/web",
             envelope("autoscaling/v2", "DeleteOptions", bytes(5, "All")), "application/vnd.kubernetes.protobuf");
  EXPECT_EQ(kept.status, 200);
  EXPECT_TRUE(f.store.get(types::kHpas, "todo", "web")) << "it was a dry run";
}

TEST(HostileInput, ChangedRequestsAlwaysGetAnAnswer) {
  Fixture f;
  f.with_cluster();
  const std::vector<ApiRequest> seeds{
      {"GET", "/api/v1/namespaces/todo/pods?labelSelector=app+in+(a,b)&fieldSelector=metadata.name!%3Dx&limit=1", "",
       "", ""},
      {"GET", "/api/v1/namespaces/todo/pods?watch=1&resourceVersion=3&timeoutSeconds=5&allowWatchBookmarks=true",
       "application/json;as=Table;v=v1;g=meta.k8s.io", "", ""},
      {"PATCH", "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers/backend", "",
       "application/strategic-merge-patch+json",
       R"({"spec":{"$setElementOrder/metrics":[{"type":"x"}],"metrics":[{"type":"Pods","$patch":"delete"}],"behavior":{"scaleUp":{"policies":[{"value":-1}]}}}})"},
      {"PATCH", "/apis/apps/v1/namespaces/todo/deployments/backend", "", "application/json-patch+json",
       R"([{"op":"move","from":"/spec/template/spec/containers/0","path":"/metadata/labels"},{"op":"add","path":"/spec/replicas","value":{}}])"},
      {"PUT", "/apis/autoscaling/v1/namespaces/todo/horizontalpodautoscalers/backend", "", "application/json",
       R"({"metadata":{"name":"backend","annotations":{"autoscaling.alpha.kubernetes.io/metrics":"[{\"type\":\"Object\",\"object\":{\"target\":7}}]"}},"spec":{"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"b"}}})"},
      {"POST", "/api/v1/namespaces/todo/pods", "", "application/json",
       R"({"metadata":{"generateName":"x-"},"spec":{"containers":[{"name":"a","image":"b","ports":[{}]}],"nodeName":"n"}})"}};
  std::mt19937 random(7);
  const auto spoil = [&](std::string& text) {
    if (text.empty()) return;
    static constexpr std::string_view kBytes = "{}[]\",:/?&=%0-9e$.\\ \0a\xff";
    const std::size_t at = random() % text.size();
    switch (random() % 3) {
      case 0:
        text[at] = kBytes[random() % kBytes.size()];
        break;
      case 1:
        text.erase(at, 1 + random() % 5);
        break;
      default:
        text.insert(at, 1, kBytes[random() % kBytes.size()]);
    }
  };
  for (int i = 0; i < 6000; ++i) {
    ApiRequest request = seeds[random() % seeds.size()];
    for (std::uint32_t n = random() % 4; n > 0; --n) spoil(random() % 2 == 0 ? request.target : request.body);
    ApiAnswer answer = f.handler.handle(request);
    if (auto* stream = std::get_if<std::unique_ptr<ApiStream>>(&answer)) {
      (void)(*stream)->take();
    } else {
      const int status = std::get<ApiResponse>(answer).status;
      EXPECT_TRUE(status >= 200 && status < 500) << status << " " << request.target << " " << request.body;
    }
  }
  for (const ResourceType* type : all_types()) {  // whatever got in can be shown
    (void)f.call("GET",
                 (type->group.empty() ? "/api/" : "/apis/") + type->api_version() + "/" + std::string{type->plural}, "",
                 "", "application/json;as=Table;v=v1;g=meta.k8s.io");
  }
}

}  // namespace
}  // namespace surgeproof::demo
