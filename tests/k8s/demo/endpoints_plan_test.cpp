#include "k8s/demo/endpoints_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "k8s/demo/api/json_path.h"
#include "k8s/demo/service_proxy.h"

namespace surgeproof::demo {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

struct PodState {
  const char* ip;
  bool ready;
  bool terminating;
  const char* phase = "Running";
};

ObjectPtr pod(const PodState& s) {
  json::object metadata{{"name", "p"}};
  if (s.terminating) metadata["deletionTimestamp"] = "2026-01-05T08:00:00Z";
  return std::make_shared<const json::object>(json::object{
      {"metadata", metadata},
      {"spec", json::object{{"containers",
                             json::array{json::object{
                                 {"ports", json::array{json::object{{"name", "http"}, {"containerPort", 8088}}}}}}}}},
      {"status", json::object{{"phase", s.phase},
                              {"podIP", s.ip},
                              {"conditions", json::array{json::object{{"type", "Ready"},
                                                                      {"status", s.ready ? "True" : "False"}}}}}}});
}

std::vector<std::string> backends_of(const std::vector<PodState>& states) {
  std::vector<ObjectPtr> pods;
  for (const PodState& s : states) pods.push_back(pod(s));
  const json::object service{
      {"metadata", json::object{{"name", "web"}, {"namespace", "shop"}}},
      {"spec",
       json::object{{"ports", json::array{json::object{{"name", "http"}, {"port", 80}, {"targetPort", "http"}}}}}}};
  std::vector<std::string> ips;
  for (const Backend& b : choose_backends(plan_endpoint_slice(service, pods))) {
    EXPECT_EQ(b.port, 8088);
    ips.push_back(b.ip);
  }
  return ips;
}

TEST(EndpointsPlan, ChoosesReadyThenServingThenNobody) {
  EXPECT_THAT(backends_of({{"a", true, false}, {"b", true, false}}), ElementsAre("a", "b"));
  EXPECT_THAT(backends_of({{"a", true, false}, {"b", false, false}}), ElementsAre("a"));
  EXPECT_THAT(backends_of({{"a", true, false}, {"b", true, true}}), ElementsAre("a"));
  EXPECT_THAT(backends_of({{"a", false, false}, {"b", true, true}}), ElementsAre("b"));  // still serving
  EXPECT_THAT(backends_of({{"a", false, true}}), ElementsAre());
  EXPECT_THAT(backends_of({{"", true, false}}), ElementsAre());  // no address yet
  EXPECT_THAT(backends_of({{"a", true, false, "Succeeded"}}), ElementsAre());
  EXPECT_THAT(backends_of({}), ElementsAre());
}

TEST(EndpointsPlan, TakesNothingFromASliceThatSomeoneSpoilt) {
  for (const char* text : {"{}", R"({"endpoints":1,"ports":2})", R"({"endpoints":[1,null,{}],"ports":["x"]})",
                           R"({"endpoints":[{"addresses":[]},{"addresses":[7]}],"ports":[{}]})"}) {
    EXPECT_TRUE(choose_backends(json::parse(text).get_object()).empty()) << text;
  }
}

}  // namespace
}  // namespace surgeproof::demo
