#include "loadgen/http2_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/loadgen/http2_peer.h"
#include "tests/loadgen/stream_log.h"

namespace surgeproof::loadgen {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::vector<Http2Field> kGetRequest{
    {":method", "GET"}, {":scheme", "http"}, {":authority", "test"}, {":path", "/a"}, {"user-agent", "surgeproof"}};
const std::vector<Http2Field> kPost{{":method", "POST"}, {":scheme", "http"}, {":authority", "test"}, {":path", "/b"}};

// A client and a server, and the bytes between them.
struct Pair {
  explicit Pair(const std::vector<nghttp2_settings_entry>& settings = {}, std::uint32_t max_streams = 100)
      : client({.pod_header = "X-Pod", .max_streams = max_streams}, {}), server(settings) {}

  void get(std::uint32_t stream) { client.submit(stream, kGetRequest, {}); }
  std::string up() {
    std::string bytes{client.output()};
    client.wrote(bytes.size());
    return bytes;
  }
  // Carries bytes both ways until both are silent.
  void exchange() {
    while (true) {
      const std::string sent = up();
      server.receive(sent);
      const std::string answered = server.take_output();
      client.receive(answered, log);
      if (sent.empty() && answered.empty()) return;
    }
  }

  Http2Session client;
  Http2Peer server;
  StreamLog log;
};

TEST(Http2Session, AnAnswerIsCountedAndItsTextThrownAway) {
  Pair p;
  p.get(0);
  EXPECT_EQ(p.client.streams_in_flight(), 1u);
  EXPECT_EQ(p.client.bytes_sent(0), 0u);
  p.exchange();
  EXPECT_GT(p.client.bytes_sent(0), 9u);
  ASSERT_NE(p.server.next_request(), nullptr);
  EXPECT_EQ(p.server.requests[0].headers.at(":path"), "/a");
  EXPECT_EQ(p.server.requests[0].headers.at("user-agent"), "surgeproof");
  EXPECT_EQ(p.log.began.count(0), 0u);
  p.server.answer(1, 200, {{"server", "nginx"}, {"x-pod", "pod-7"}}, std::string(1000, 'x'));
  p.exchange();
  EXPECT_EQ(p.log.began[0], 1);
  ASSERT_TRUE(p.log.answered(0));
  EXPECT_EQ(p.log.ends[0].status, 200);
  EXPECT_EQ(p.log.ends[0].server, "nginx");
  EXPECT_EQ(p.log.ends[0].pod, "pod-7");
  EXPECT_GT(p.log.ends[0].bytes, 1000u + 18u);
  EXPECT_EQ(p.client.streams_in_flight(), 0u);
  p.get(0);  // the number is used again, and nothing remembered
  EXPECT_EQ(p.client.partial(0).status, 0);
  EXPECT_EQ(p.client.partial(0).pod, "");
  EXPECT_EQ(p.client.partial(0).bytes, 0u);
}

TEST(Http2Session, InterimAnswersAndTrailersBelongToOneAnswer) {
  Pair p;
  p.get(0);
  p.exchange();
  p.server.interim(1, 103);
  p.exchange();
  EXPECT_EQ(p.client.partial(0).status, 0);
  EXPECT_EQ(p.log.began[0], 1);
  p.server.answer(1, 200, {}, "hello", {{"grpc-status", "0"}});
  p.exchange();
  EXPECT_EQ(p.log.began[0], 1);
  EXPECT_EQ(p.log.ends.at(0).status, 200);
  EXPECT_EQ(p.log.twice, 0);
}

TEST(Http2Session, RoomIsOneUntilTheServerHasSpokenAndThenTheSmallerLimit) {
  struct Row {
    std::vector<nghttp2_settings_entry> settings;
    std::uint32_t ours;
    std::uint32_t room;
  };
  const Row rows[] = {
      {{}, 100, 100},  // no limit told
      {{{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 3}}, 100, 3},
      {{{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 128}}, 10, 10},
      {{{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0}}, 10, 0},
  };
  for (const Row& row : rows) {
    Pair p{row.settings, row.ours};
    EXPECT_EQ(p.client.room(), 1u);
    p.exchange();
    EXPECT_EQ(p.client.room(), row.room);
    EXPECT_FALSE(p.client.closing());
  }
}

TEST(Http2Session, TheLimitMayChange) {
  Pair p{{{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 2}}};
  p.exchange();
  p.get(0);
  p.get(1);
  EXPECT_EQ(p.client.room(), 0u);
  p.server.change_settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 5}});
  p.exchange();
  EXPECT_EQ(p.client.room(), 3u);
  p.server.change_settings({{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1}});
  p.exchange();
  EXPECT_EQ(p.client.room(), 0u);
  p.server.answer(1, 204);
  p.server.answer(3, 204);
  p.exchange();
  EXPECT_EQ(p.log.ends.size(), 2u);
  EXPECT_EQ(p.client.room(), 1u);
  EXPECT_EQ(p.server.settings_acknowledged, 3);
}

TEST(Http2Session, AResetSaysItsCodeAndLeavesTheOthersAlone) {
  struct Row {
    std::uint32_t code;
    bool within_answer;
    Outcome outcome;
    const char* words;
  };
  const Row rows[] = {
      {NGHTTP2_INTERNAL_ERROR, false, Outcome::reset, "RST_STREAM INTERNAL_ERROR"},
      {NGHTTP2_CANCEL, true, Outcome::truncated, "RST_STREAM CANCEL"},
      {NGHTTP2_NO_ERROR, true, Outcome::truncated, "RST_STREAM NO_ERROR"},
      {0x1234, false, Outcome::reset, "RST_STREAM error 0x1234"},
      {NGHTTP2_REFUSED_STREAM, false, Outcome::reset, "RST_STREAM REFUSED_STREAM: not processed"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.words);
    Pair p;
    p.exchange();
    p.get(0);
    p.get(1);
    p.exchange();
    if (row.within_answer) p.server.interim(1, 103);
    p.exchange();
    p.server.reset(1, row.code);
    p.server.answer(3, 200);
    p.exchange();
    EXPECT_FALSE(p.log.answered(0));
    EXPECT_EQ(p.log.ends.at(0).outcome, row.outcome);
    EXPECT_THAT(p.log.ends.at(0).error, StartsWith(row.words));
    EXPECT_TRUE(p.log.answered(1));
    EXPECT_FALSE(p.client.closing());
  }
}

// Streams 1, 3, 5; GOAWAY names 3 as the last: 1 and 3 may still be answered, 5 was never looked at.
TEST(Http2Session, GoawayTellsTheUnprocessedFromTheOthers) {
  Pair p;
  p.exchange();
  for (const std::uint32_t stream : {0u, 1u, 2u}) p.get(stream);
  p.exchange();
  p.server.goaway(3, NGHTTP2_NO_ERROR, "draining");
  p.exchange();
  ASSERT_EQ(p.log.ends.size(), 1u);
  EXPECT_EQ(p.log.ends.at(2).outcome, Outcome::closed);
  EXPECT_EQ(p.log.ends.at(2).error,
            "GOAWAY NO_ERROR: draining (stream 5, last processed 3): not processed by the server, may be sent again");
  EXPECT_TRUE(p.client.closing());
  EXPECT_EQ(p.client.room(), 0u);
  EXPECT_EQ(p.client.error(), "");
  p.server.answer(1, 200);
  p.server.answer(3, 200);
  p.exchange();
  EXPECT_TRUE(p.log.answered(0));
  EXPECT_TRUE(p.log.answered(1));
  EXPECT_EQ(p.client.streams_in_flight(), 0u);
}

TEST(Http2Session, AGoawayWithAnErrorIsNoGoodOrder) {
  Pair p;
  p.exchange();
  p.get(0);
  p.exchange();
  p.server.goaway(0, NGHTTP2_ENHANCE_YOUR_CALM, "too many");
  p.exchange();
  EXPECT_EQ(p.log.ends.at(0).outcome, Outcome::reset);
  EXPECT_THAT(p.log.ends.at(0).error, StartsWith("GOAWAY ENHANCE_YOUR_CALM: too many"));
}

TEST(Http2Session, AGracefulShutdownLetsEverythingEnd) {
  Pair p;
  p.exchange();
  p.get(0);
  p.get(1);
  p.exchange();
  p.server.goaway(-1);
  p.exchange();
  EXPECT_TRUE(p.client.closing());
  EXPECT_EQ(p.client.streams_in_flight(), 2u);
  p.server.goaway(3);
  p.server.answer(1, 200);
  p.server.answer(3, 200);
  p.exchange();
  EXPECT_TRUE(p.log.answered(0));
  EXPECT_TRUE(p.log.answered(1));
}

TEST(Http2Session, PingIsAnswered) {
  Pair p;
  p.server.ping();
  p.exchange();
  EXPECT_EQ(p.server.pings_answered, 1);
}

TEST(Http2Session, ALargeAnswerIsNeverHeldUpByItsWindow) {
  Pair p;
  p.get(0);
  p.exchange();
  constexpr std::size_t kSize = 20 * 1024 * 1024;  // far more than the 64 KiB that a client grants by default
  p.server.answer(1, 200, {}, std::string(kSize, 'x'));
  const std::string down = p.server.take_output();  // all of it at once, without a word from the client
  EXPECT_GT(down.size(), kSize);
  p.client.receive(down, p.log);
  ASSERT_TRUE(p.log.answered(0));
  EXPECT_GE(p.log.ends[0].bytes, kSize);
}

TEST(Http2Session, ARequestsBodyWaitsForTheServersWindow) {
  Pair p;
  p.exchange();
  p.client.submit(0, kPost, std::string(200'000, 'b'));
  EXPECT_LT(p.client.output().size(), 70'000u);
  p.up();  // lost on the way, but for the count
  EXPECT_LT(p.client.bytes_sent(0), 70'000u);
  Pair q;
  q.exchange();
  q.client.submit(0, kPost, std::string(200'000, 'b'));
  q.exchange();
  EXPECT_GT(q.client.bytes_sent(0), 200'000u);
  ASSERT_NE(q.server.next_request(), nullptr);
  EXPECT_EQ(q.server.requests[0].body.size(), 200'000u);
  q.server.answer(1, 201);
  q.exchange();
  EXPECT_EQ(q.log.ends.at(0).status, 201);
}

TEST(Http2Session, ManyBodiesDoNotPileUpInTheOutput) {
  Pair p{{{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 100'000'000}}};
  p.server.grant(100'000'000);
  p.exchange();
  for (std::uint32_t stream = 0; stream < 20; ++stream) p.client.submit(stream, kPost, std::string(1'000'000, 'b'));
  EXPECT_LT(p.client.output().size(), 400'000u);
  p.client.abandon(19);
  EXPECT_TRUE(p.client.receive({}, p.log));
  p.exchange();
  std::size_t complete = 0;
  while (const auto* request = p.server.next_request()) complete += request->body.size() == 1'000'000 ? 1 : 0;
  EXPECT_EQ(complete, 19u);
  EXPECT_EQ(p.server.resets.size(), 1u);
}

TEST(Http2Session, AnAnswerThatComesBeforeTheRequestIsSentCounts) {
  Pair p{{{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 10}}};
  p.exchange();
  p.client.submit(0, kPost, std::string(100, 'b'));
  p.server.receive(p.up());
  p.server.answer(1, 413);
  EXPECT_TRUE(p.client.receive(p.server.take_output(), p.log));
  EXPECT_EQ(p.log.ends.at(0).status, 413);
  EXPECT_FALSE(p.client.closing());
}

TEST(Http2Session, ARequestGivenUpIsResetAndForgotten) {
  Pair p;
  p.exchange();
  p.get(0);
  p.exchange();
  EXPECT_TRUE(p.client.abandon(0));
  EXPECT_EQ(p.client.streams_in_flight(), 0u);
  p.server.answer(1, 200, {{"server", "late"}}, "late");  // on its way before the server heard of it
  p.get(0);                                               // the number serves the next request at once
  EXPECT_TRUE(p.client.receive(p.server.take_output(), p.log));
  EXPECT_TRUE(p.log.ends.empty());
  p.exchange();
  EXPECT_EQ(p.server.resets.at(1), static_cast<std::uint32_t>(NGHTTP2_CANCEL));
  p.server.answer(3, 200);
  p.exchange();
  EXPECT_TRUE(p.log.answered(0));
  EXPECT_EQ(p.log.ends.at(0).server, "");
  EXPECT_EQ(p.log.twice, 0);
}

TEST(Http2Session, ARequestThatNeverFitsIsOurOwnFault) {
  Pair p;
  p.exchange();
  const std::string huge(100'000, 'h');
  std::vector<Http2Field> fields = kGetRequest;
  fields.push_back({"x-huge", huge});
  p.client.submit(0, fields, {});
  p.client.receive({}, p.log);  // told at the next occasion, not from within submit()
  EXPECT_EQ(p.log.ends.at(0).outcome, Outcome::generator_error);
  EXPECT_THAT(p.log.ends.at(0).error, HasSubstr("does not fit"));
  p.log.ends.clear();
  p.get(0);
  p.exchange();
  ASSERT_NE(p.server.next_request(), nullptr);
  p.server.answer(p.server.requests[0].stream, 200);
  p.exchange();
  EXPECT_TRUE(p.log.answered(0));
}

TEST(Http2Session, ManyRequestsPassThroughFewStreams) {
  Pair p{{}, 4};
  p.exchange();
  std::uint64_t answered = 0;
  for (int round = 0; round < 500; ++round) {
    for (std::uint32_t stream = 0; stream < 4; ++stream) p.get(stream);
    EXPECT_EQ(p.client.room(), 0u);
    p.exchange();
    while (const auto* request = p.server.next_request()) p.server.answer(request->stream, 200, {}, "ok");
    p.exchange();
    answered += p.log.ends.size();
    p.log.ends.clear();
  }
  EXPECT_EQ(answered, 2000u);
  EXPECT_EQ(p.log.twice, 0);
}

// Two answers, one with an interim header and trailers, as one string of bytes; the result must not depend on where
// it is cut.
TEST(Http2Session, EverySplitOfTheBytesMeansTheSame) {
  Pair recorded;
  recorded.exchange();
  recorded.get(0);
  recorded.get(1);
  recorded.exchange();
  recorded.server.ping();
  recorded.server.interim(3, 103);
  recorded.server.answer(3, 200, {{"server", "s"}, {"x-pod", "p"}}, "hello", {{"t", "1"}});
  recorded.server.answer(1, 404, {{"content-length", "5"}}, "world");
  recorded.server.goaway(3);
  const std::string bytes = recorded.server.take_output();
  const auto play = [&](const std::vector<std::size_t>& cuts) {
    Pair p;
    p.exchange();
    p.get(0);
    p.get(1);
    p.exchange();
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
      p.client.receive(std::string_view{bytes}.substr(from, cut - from), p.log);
      from = cut;
    }
    p.client.receive(std::string_view{bytes}.substr(from), p.log);
    std::string told;
    for (const auto& [stream, end] : p.log.ends) {
      told += std::to_string(stream) + " " + std::to_string(end.status) + " " + end.server + end.pod + " " +
              std::to_string(end.bytes) + (end.answered ? " answered; " : " failed; ");
    }
    return told + (p.client.closing() ? "closing " : "") + std::to_string(p.client.output().size());
  };
  const std::string whole = play({});
  EXPECT_THAT(whole, HasSubstr("0 404"));
  EXPECT_THAT(whole, HasSubstr("1 200 sp"));
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) ASSERT_EQ(play({cut}), whole) << "cut at " << cut;
  std::vector<std::size_t> each(bytes.size() - 1);
  for (std::size_t i = 0; i < each.size(); ++i) each[i] = i + 1;
  EXPECT_EQ(play(each), whole);
}

}  // namespace
}  // namespace surgeproof::loadgen
