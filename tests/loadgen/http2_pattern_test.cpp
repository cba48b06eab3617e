#include "loadgen/http2_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace surgeproof::loadgen {
namespace {

struct Written {
  explicit Written(const RequestTemplate& request, std::uint64_t sequence = 7,
                   std::vector<std::pair<std::string, std::string>> headers = {}) {
    const RequestPattern http1{request,
                               {.host = "todo.test:8443", .base_path = "/base", .headers = std::move(headers)}};
    const Http2Pattern pattern{http1, "https"};
    std::vector<Http2Field> fields;
    body = pattern.write(sequence, text, fields);
    for (const Http2Field& f : fields) {
      order.emplace_back(f.name);
      value[std::string{f.name}] = f.value;
      varies[std::string{f.name}] = f.varies;
    }
    header_size = pattern.header_size();
  }
  std::string text;
  std::string_view body;
  std::vector<std::string> order;
  std::map<std::string, std::string> value;
  std::map<std::string, bool> varies;
  std::size_t header_size = 0;
};

TEST(Http2Pattern, TheRequestLineBecomesPseudoHeaderFields) {
  RequestTemplate request;
  request.path = "/tasks?page=2";
  const Written w{request};
  EXPECT_THAT(std::vector(w.order.begin(), w.order.begin() + 4),
              ::testing::ElementsAre(":method", ":scheme", ":authority", ":path"));
  EXPECT_EQ(w.value.at(":method"), "GET");
  EXPECT_EQ(w.value.at(":scheme"), "https");
  EXPECT_EQ(w.value.at(":authority"), "todo.test:8443");
  EXPECT_EQ(w.value.at(":path"), "/base/tasks?page=2");
  EXPECT_EQ(w.value.at("accept"), "*/*");
  EXPECT_EQ(w.value.count("host"), 0u);
  EXPECT_FALSE(w.varies.at(":path"));
  EXPECT_EQ(w.body, "");
  EXPECT_GT(w.header_size, 100u);
}

TEST(Http2Pattern, PlaceholdersAreFilledAndMarkedAsVarying) {
  RequestTemplate request;
  request.method = "POST";
  request.path = "/tasks/{{sequence}}";
  request.headers = {{"Idempotency-Key", "{{uuid}}"}, {"X-Fixed", "always: the same"}};
  request.body = R"({"n": {{sequence}}})";
  const Written w{request, 1234};
  EXPECT_EQ(w.value.at(":path"), "/base/tasks/1234");
  EXPECT_TRUE(w.varies.at(":path"));
  EXPECT_EQ(w.value.at("idempotency-key").size(), 36u);
  EXPECT_TRUE(w.varies.at("idempotency-key"));
  EXPECT_EQ(w.value.at("x-fixed"), "always: the same");
  EXPECT_FALSE(w.varies.at("x-fixed"));
  EXPECT_EQ(w.value.at("content-length"), "11");
  EXPECT_EQ(w.body, R"({"n": 1234})");
}

TEST(Http2Pattern, WhatSpeaksOfAnHttp1ConnectionIsLeftOut) {
  RequestTemplate request;
  request.headers = {{"Connection", "close"}, {"Keep-Alive", "5"}, {"Upgrade", "x"}, {"TE", "gzip"}, {"Host", "other"}};
  const Written w{request};
  for (const char* name : {"connection", "keep-alive", "upgrade", "te", "host"}) EXPECT_EQ(w.value.count(name), 0u);
  EXPECT_EQ(w.value.at(":authority"), "other");
  request.headers = {{"te", "trailers"}};
  EXPECT_EQ(Written{request}.value.at("te"), "trailers");
}

}  // namespace
}  // namespace surgeproof::loadgen
