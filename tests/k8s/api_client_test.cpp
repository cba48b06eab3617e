#include "k8s/api_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/k8s/fake_api.h"

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;

ClusterConfig config_for(const std::string& server) {
  ClusterConfig config;
  config.server = server;
  config.origin = "the test";
  return config;
}

ScriptedReply json(std::string body, int status = 200) {
  ScriptedReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

TEST(ApiClient, SendsEachMethodWithItsBodyAndType) {
  FakeApi api;
  for (const char* path : {"/apis/a", "/api/b", "/api/c", "/api/d"}) api.order(path, json(R"({"x":1})", 201), 2);
  auto client = ApiClient::connect(config_for(api.url()));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_THAT(client->version().value_or(""), HasSubstr("v1.34.4"));
  EXPECT_EQ(client->post("/apis/a?dryRun=All", R"({"p":1})").value_or("?"), R"({"x":1})");
  EXPECT_TRUE(client->patch("/api/b", "{}", "application/strategic-merge-patch+json"));
  EXPECT_TRUE(client->put("/api/c", "{}"));
  EXPECT_TRUE(client->remove("/api/d"));
  EXPECT_TRUE(client->get("/api/d", "application/json;as=Table"));
  const auto requests = api.requests();
  ASSERT_EQ(requests.size(), 6u);
  EXPECT_EQ(requests[1].method, "POST");
  EXPECT_EQ(requests[1].body, R"({"p":1})");
  EXPECT_EQ(requests[1].query, "dryRun=All");
  EXPECT_EQ(requests[1].headers.at("content-type"), "application/json");
  EXPECT_EQ(requests[2].method, "PATCH");
  EXPECT_EQ(requests[2].headers.at("content-type"), "application/strategic-merge-patch+json");
  EXPECT_EQ(requests[3].method, "PUT");
  EXPECT_EQ(requests[4].method, "DELETE");
  EXPECT_EQ(requests[4].headers.contains("content-type"), false);
  EXPECT_EQ(requests[5].headers.at("accept"), "application/json;as=Table");
}

TEST(ApiClient, RefusalsAreAnswersAndSilenceIsNot) {
  FakeApi api;
  api.order("/version", json(R"({"message":"Unauthorized"})", 401));
  api.order("/api/gone", json(R"({"message":"pods \"x\" not found","reason":"NotFound"})", 404));
  auto client = ApiClient::connect(config_for(api.url()));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_FALSE(client->version());
  EXPECT_EQ(client->version().error().status, 401);
  const auto gone = client->get("/api/gone");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().status, 404);
  EXPECT_EQ(gone.error().message, "pods \"x\" not found (HTTP 404)");

  const auto nobody = ApiClient::connect(config_for("http://127.0.0.1:1"));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().kind, ApiFailure::Kind::connect);
}

// A lost answer does not say whether the action was done: only the user may decide to do it again.
TEST(ApiClient, OnlyReadsAreRepeatedAfterACut) {
  FakeApi api;
  ScriptedReply cut;
  cut.cut = true;
  api.order("/api/read", cut);
  api.order("/api/read", json("{}"));
  api.order("/api/act", cut, 10);
  auto client = ApiClient::connect(config_for(api.url()));
  ASSERT_TRUE(client);
  EXPECT_TRUE(client->get("/api/read"));
  EXPECT_FALSE(client->post("/api/act", "{}"));
  int acts = 0;
  for (const auto& request : api.requests()) acts += request.path == "/api/act" ? 1 : 0;
  EXPECT_EQ(acts, 1);
}

}  // namespace
}  // namespace surgeproof::k8s
