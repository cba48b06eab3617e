#include "loadgen/request_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "loadgen/choice.h"
#include "loadgen/trace_context.h"

namespace surgeproof::loadgen {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

std::string written(const RequestTemplate& request, const RequestPattern::Common& common, std::uint64_t sequence) {
  std::string out = "left over";
  RequestPattern{request, common}.write(sequence, out);
  return out;
}

RequestPattern::Common common() {
  return {.host = "todo:8080", .base_path = "/base", .headers = {}, .keep_alive = true, .seed = 3};
}

TEST(RequestPattern, PlainGet) {
  RequestTemplate get;
  get.path = "/api/tasks?x=1";
  EXPECT_EQ(written(get, common(), 0),
            "GET /base/api/tasks?x=1 HTTP/1.1\r\nHost: todo:8080\r\nUser-Agent: surgeproof/" SURGEPROOF_VERSION
            "\r\nAccept: */*\r\n\r\n");
}

TEST(RequestPattern, CarriesATraceContextUnlessItWritesItsOwn) {
  auto shared = common();
  shared.traced = true;
  RequestTemplate get;
  const std::string out = written(get, shared, 5);
  EXPECT_THAT(out, HasSubstr("\r\ntraceparent: 00-" + text_of_trace_id(3, 5) + "-"));
  EXPECT_THAT(out, HasSubstr("-01\r\n"));
  EXPECT_TRUE((RequestPattern{get, shared}).traced());
  get.headers = {{"Traceparent", "mine"}};
  EXPECT_THAT(written(get, shared, 5), Not(HasSubstr("00-")));
  EXPECT_FALSE((RequestPattern{get, shared}).traced());
  ClientOptions client;
  EXPECT_FALSE(is_traced(client, get));
  EXPECT_TRUE(is_traced(client, RequestTemplate{}));
  client.traceparent = false;
  EXPECT_FALSE(is_traced(client, RequestTemplate{}));
}

TEST(RequestPattern, FillsPlaceholdersAndCountsTheBody) {
  RequestTemplate post;
  post.method = "POST";
  post.path = "/t/{{sequence}}";
  post.headers = {{"X-Id", "{{uuid}}"}};
  post.body = "{{sequence}}-{{uuid}}-{{sequence}}";
  for (const std::uint64_t sequence : {0ULL, 9ULL, 10ULL, 12345678901234567ULL}) {
    const std::string out = written(post, common(), sequence);
    const auto digits = std::to_string(sequence);
    const auto uuid = uuid_of(3, sequence);
    const std::string id{uuid.begin(), uuid.end()};
    EXPECT_THAT(out, HasSubstr("POST /base/t/" + digits + " HTTP/1.1\r\n"));
    EXPECT_THAT(out, HasSubstr("X-Id: " + id + "\r\n"));
    const std::string body = digits + "-" + id + "-" + digits;
    EXPECT_TRUE(out.ends_with("\r\n\r\n" + body)) << out;
    EXPECT_THAT(out, HasSubstr("Content-Length: " + std::to_string(body.size()) + "\r\n"));
  }
}

TEST(RequestPattern, HeadersOfTheRequestWinOverTheClients) {
  auto shared = common();
  shared.headers = {{"Authorization", "a"}, {"user-agent", "mine"}, {"Content-Length", "999"}};
  RequestTemplate get;
  get.headers = {{"AUTHORIZATION", "b"}, {"host", "other"}};
  const std::string out = written(get, shared, 0);
  EXPECT_THAT(out, HasSubstr("AUTHORIZATION: b\r\n"));
  EXPECT_THAT(out, HasSubstr("host: other\r\n"));
  EXPECT_THAT(out, HasSubstr("user-agent: mine\r\n"));
  for (const char* gone : {"Authorization: a", "Host: todo", "surgeproof/", "Content-Length"}) {
    EXPECT_THAT(out, Not(HasSubstr(gone)));
  }
}

TEST(RequestPattern, AnEmptyPostStillHasALength) {
  RequestTemplate post;
  post.method = "POST";
  EXPECT_THAT(written(post, common(), 0), HasSubstr("Content-Length: 0\r\n"));
}

TEST(RequestPattern, WithoutReuseItSaysSo) {
  auto shared = common();
  shared.keep_alive = false;
  EXPECT_THAT(written({}, shared, 0), HasSubstr("Connection: close\r\n"));
}

TEST(RequestPattern, NothingBreaksOutOfItsLine) {
  RequestTemplate odd;
  odd.path = "a b\r\nX: y";
  odd.headers = {{"X-A", "1\r\nEvil: 2"}};
  const std::string out = written(odd, common(), 0);
  EXPECT_THAT(out, HasSubstr("GET /base/a%20b%0D%0AX:%20y HTTP/1.1\r\n"));
  EXPECT_THAT(out, HasSubstr("X-A: 1  Evil: 2\r\n"));
}

TEST(Uuid, IsVersionFourAndDiffers) {
  std::set<std::string> seen;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    const auto text = uuid_of(1, n);
    const std::string id{text.begin(), text.end()};
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(uuid_of(1, 5), uuid_of(1, 5));
  EXPECT_NE(uuid_of(1, 5), uuid_of(2, 5));
}

// Weights 9 : 1 : 0 over 100,000 requests: 90,000 ± 95 and 10,000 ± 95 (one standard deviation), and never the third.
TEST(WeightedChoice, FollowsTheWeights) {
  std::vector<RequestTemplate> requests(3);
  requests[0].weight = 9;
  requests[1].weight = 1;
  requests[2].weight = 0;
  const WeightedChoice choice{requests, 42};
  std::array<int, 3> counts{};
  for (std::uint64_t n = 0; n < 100'000; ++n) ++counts.at(choice.pick(n));
  EXPECT_NEAR(counts[0], 90'000, 500);
  EXPECT_NEAR(counts[1], 10'000, 500);
  EXPECT_EQ(counts[2], 0);
  const WeightedChoice same{requests, 42};
  for (std::uint64_t n = 0; n < 1000; ++n) ASSERT_EQ(choice.pick(n), same.pick(n));
}

}  // namespace
}  // namespace surgeproof::loadgen
