// The engine against HTTP/2 servers on loopback: streams on few connections, and every way in which they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>

#include "tests/loadgen/http2_server.h"
#include "tests/loadgen/run_fixture.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Http = ClientOptions::Http;

Scenario h2c_scenario(const ScriptedServer& server, double rate, std::chrono::nanoseconds duration) {
  Scenario s = hold_scenario(server.url(), rate, duration);
  s.client.http = Http::h2c;
  s.client.pod_header = "X-Pod";
  s.client.timeout = 60s;  // a loaded machine is no reason to fail
  return s;
}

void answer_ok(Http2Serving& s) { s.peer.answer(s.request.stream, 200, {{"x-pod", "a"}, {"server", "test"}}, "hello"); }

TEST(Http2Engine, ManyRequestsShareOneConnection) {
  std::atomic<int> posts = 0;
  ScriptedServer server{http2_script([&](Http2Serving& s) {
    if (s.request.headers.at(":method") == "POST" && s.request.body == "{\"n\":" + s.request.headers.at("x-n") + "}") {
      ++posts;
    }
    answer_ok(s);
  })};
  Scenario s = h2c_scenario(server, 200, 500ms);
  RequestTemplate get;
  get.name = "get";
  get.path = "/{{sequence}}";
  RequestTemplate post;
  post.name = "post";
  post.method = "POST";
  post.headers = {{"X-N", "{{sequence}}"}};
  post.body = "{\"n\":{{sequence}}}";
  s.requests = {get, post};
  const RunResult r = run_load(s);
  EXPECT_EQ(r.planned(), 100u);
  EXPECT_EQ(r.count(Outcome::ok), 100u);
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_GT(posts, 20);
  ASSERT_FALSE(r.peers.empty());
  EXPECT_EQ(r.peers[0].pod, "a");
}

TEST(Http2Engine, OverTlsTheServerChoosesTheProtocol) {
  const Certificate authority{{.name = "authority", .authority = true}};
  const Certificate identity{{.name = "server", .alternative_name = "DNS:todo.test"}, &authority};
  const Certificate client{{.name = "client"}, &authority};
  const PemFile ca_file{authority.certificate_pem()};
  const PemFile client_file{client.certificate_pem() + client.key_pem()};
  const TlsServerContext tls{identity, {.protocols = "h2", .clients_from = &authority}};
  ScriptedServer server{http2_script(answer_ok, {}, &tls)};
  Scenario s = h2c_scenario(server, 50, 400ms);
  s.target = "https://127.0.0.1:" + std::to_string(server.port());
  s.client.http = Http::automatic;
  s.client.tls.ca_file = ca_file.path();
  s.client.tls.cert_file = client_file.path();
  s.client.tls.server_name = "todo.test";
  EXPECT_EQ(probe_target(s, 60s), (std::expected<void, std::string>{}));
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 20u);
  EXPECT_EQ(server.connections(), 2u);  // the probe's and one
}

TEST(Http2Engine, AServerThatDoesNotAgreeToHttp2IsSaid) {
  const Certificate identity{{.name = "server", .alternative_name = "IP:127.0.0.1"}};
  const TlsServerContext tls{identity, {.protocols = "http/1.1"}};
  ScriptedServer server{http2_script(answer_ok, {}, &tls)};
  Scenario s = h2c_scenario(server, 20, 250ms);
  s.target = "https://127.0.0.1:" + std::to_string(server.port());
  s.client.http = Http::http2;
  s.client.tls.insecure = true;
  const auto probed = probe_target(s, 60s);
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error(), HasSubstr("did not agree to h2"));
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::tls_failed), 5u);
  ASSERT_FALSE(r.failures.empty());
  EXPECT_EQ(r.failures[0].phase, "tls");
  EXPECT_THAT(r.failures[0].error, HasSubstr("did not agree to h2"));
}

TEST(Http2Engine, AServerOfHttp1IsMalformed) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_end();
  }};
  const RunResult r = run_load(h2c_scenario(server, 20, 250ms));
  EXPECT_EQ(r.count(Outcome::malformed), 5u);
  ASSERT_FALSE(r.failures.empty());
  EXPECT_THAT(r.failures[0].error, HasSubstr("does not support HTTP/2"));
}

// The tenth request on the first connection makes it say GOAWAY with the eighth as the last: two were never looked at.
// Everything after goes to another connection.
TEST(Http2Engine, GoawayInMidRunTellsWhatWasNeverProcessed) {
  ScriptedServer server{http2_script([held = std::vector<std::int32_t>{}](Http2Serving& s) mutable {
    if (s.connection != 1) return answer_ok(s);
    held.push_back(s.request.stream);
    if (s.count != 10) return;
    s.peer.goaway(held[7], NGHTTP2_NO_ERROR, "draining");
    for (std::size_t i = 0; i < 8; ++i) s.peer.answer(held[i], 200);
  })};
  const RunResult r = run_load(h2c_scenario(server, 100, 500ms));
  EXPECT_EQ(r.planned(), 50u);
  EXPECT_EQ(r.ended(), 50u);
  EXPECT_GE(r.count(Outcome::closed), 2u);  // more, if some were on their way when the server said so
  EXPECT_EQ(r.count(Outcome::ok), 50u - r.count(Outcome::closed));
  EXPECT_EQ(server.connections(), 2u);
  ASSERT_EQ(r.failures.size(), r.count(Outcome::closed));
  for (const RequestFailure& f : r.failures) {
    EXPECT_THAT(f.error, StartsWith("GOAWAY NO_ERROR: draining"));
    EXPECT_THAT(f.error, HasSubstr("not processed by the server, may be sent again"));
    EXPECT_EQ(f.bytes_received, 0u);
    EXPECT_GT(f.bytes_sent, 0u);
    EXPECT_EQ(f.phase, "wait");
  }
}

TEST(Http2Engine, AConnectionThatEndsAfterGoawaySaysSo) {
  ScriptedServer server{http2_script([](Http2Serving& s) {
    if (s.connection != 1 || s.count < 5) return answer_ok(s);
    s.peer.goaway(s.request.stream, NGHTTP2_INTERNAL_ERROR);
    s.hang_up = true;  // although it has accepted this stream
  })};
  const RunResult r = run_load(h2c_scenario(server, 50, 400ms));
  EXPECT_EQ(r.ended(), 20u);
  EXPECT_EQ(r.count(Outcome::ok), 19u);
  EXPECT_EQ(r.count(Outcome::closed) + r.count(Outcome::reset), 1u);
  ASSERT_EQ(r.failures.size(), 1u);
  EXPECT_THAT(r.failures[0].error, HasSubstr("after GOAWAY INTERNAL_ERROR"));
}

TEST(Http2Engine, AResetStreamLeavesItsConnectionAlone) {
  ScriptedServer server{http2_script([](Http2Serving& s) {
    if (s.count % 5 == 0) return s.peer.reset(s.request.stream, NGHTTP2_REFUSED_STREAM);
    if (s.count % 5 == 1) return s.peer.reset(s.request.stream, NGHTTP2_INTERNAL_ERROR);
    answer_ok(s);
  })};
  const RunResult r = run_load(h2c_scenario(server, 100, 500ms));
  EXPECT_EQ(r.count(Outcome::ok), 30u);
  EXPECT_EQ(r.count(Outcome::reset), 20u);
  EXPECT_EQ(server.connections(), 1u);
  std::set<std::string> words;
  for (const RequestFailure& f : r.failures) words.insert(f.error);
  EXPECT_THAT(words,
              ::testing::ElementsAre("RST_STREAM INTERNAL_ERROR",
                                     "RST_STREAM REFUSED_STREAM: not processed by the server, may be sent again"));
}

// A server that takes one stream at a time, and says so, never sees two; the rest waits or takes another connection.
TEST(Http2Engine, AServersLimitOfOneStreamIsKept) {
  std::mutex mutex;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  ScriptedServer server{http2_script(
      [&](Http2Serving& s) {
        const std::scoped_lock lock{mutex};
        for (const auto& other : s.peer.requests) {
          if (other.stream > s.request.stream) seen.insert({s.connection, s.count});
        }
        answer_ok(s);
      },
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1}})};
  Scenario s = h2c_scenario(server, 300, 500ms);
  s.connections.max = 3;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 150u);
  EXPECT_LE(server.connections(), 3u);
  EXPECT_TRUE(seen.empty());
}

TEST(Http2Engine, ATimeoutGivesUpTheStreamAndNothingElse) {
  std::mutex mutex;
  std::map<std::int32_t, std::uint32_t> cancelled;
  ScriptedServer server{http2_script([&](Http2Serving& s) {
    const std::scoped_lock lock{mutex};
    cancelled = s.peer.resets;
    if (s.count % 10 == 3) return;  // never answered
    answer_ok(s);
  })};
  Scenario s = h2c_scenario(server, 50, 3s);
  s.client.timeout = 1s;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.planned(), 150u);
  EXPECT_EQ(r.ended(), 150u);
  EXPECT_GE(r.count(Outcome::timeout), 15u);
  EXPECT_EQ(server.connections(), 1u);
  ASSERT_FALSE(cancelled.empty());
  EXPECT_EQ(cancelled.begin()->second, static_cast<std::uint32_t>(NGHTTP2_CANCEL));
}

TEST(Http2Engine, OnceFullAnotherConnectionIsOpened) {
  std::mutex mutex;
  std::map<std::uint64_t, std::vector<std::int32_t>> held;
  ScriptedServer server{http2_script([&](Http2Serving& s) {
    const std::scoped_lock lock{mutex};
    auto& mine = held[s.connection];
    mine.push_back(s.request.stream);
    if (mine.size() < 4) return;  // answers come four at a time, so that connections fill up
    for (const std::int32_t stream : mine) s.peer.answer(stream, 200);
    mine.clear();
  })};
  Scenario s = h2c_scenario(server, 200, 200ms);
  s.connections.streams = 4;
  s.client.timeout = 3s;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.ended(), 40u);
  EXPECT_GE(r.count(Outcome::ok), 30u);  // up to three may stay unanswered on each
  EXPECT_GE(server.connections(), 1u);
  EXPECT_LE(server.connections(), 10u);
}

}  // namespace
}  // namespace surgeproof::loadgen
