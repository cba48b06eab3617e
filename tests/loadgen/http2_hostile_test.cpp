// What a broken or hostile HTTP/2 server may send: told in words, without harm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "loadgen/http2_session.h"
#include "tests/loadgen/http2_peer.h"
#include "tests/loadgen/stream_log.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

const std::vector<Http2Field> kGet{{":method", "GET"}, {":scheme", "http"}, {":authority", "test"}, {":path", "/a"}};

enum : char {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPush = 5,
  kPing = 6,
  kGoaway = 7,
  kWindow = 8,
  kContinuation = 9,
  kUnknown = 0x55
};
enum : char { kAck = 1, kEndStream = 1, kEndHeaders = 4 };

std::string frame(char type, char flags, std::uint32_t stream, const std::string& payload) {
  const auto n = payload.size();
  const auto octet = [](std::size_t v) { return static_cast<char>(v & 255U); };
  return std::string{octet(n >> 16U),      octet(n >> 8U),      octet(n),     type, flags, octet(stream >> 24U),
                     octet(stream >> 16U), octet(stream >> 8U), octet(stream)} +
         payload;
}

const std::string kSettingsFrame = frame(kSettings, 0, 0, "");
const std::string kStatus200 = "\x88"s;  // HPACK, RFC 7541 appendix A: index 8

struct Client {
  Http2Session session{{.pod_header = "x-pod", .max_streams = 10}, {}};
  StreamLog log;
};

struct HostileRow {
  const char* name;
  std::string bytes;  // after the server's SETTINGS, with request 1 in flight
  bool broken;
  const char* words;
};

TEST(Http2Hostile, EachBrokenRuleHasItsWords) {
  const HostileRow rows[] = {
      {"no header before data", frame(kData, kEndStream, 1, "x"), true, "PROTOCOL_ERROR"},
      {"data on stream 0", frame(kData, 0, 0, "x"), true, "PROTOCOL_ERROR"},
      {"header without a status",
       frame(kHeaders, kEndHeaders | kEndStream, 1,
             "\x00\x01"
             "a"
             "\x01"
             "b"s),
       false, ""},
      {"upper case name",
       frame(kHeaders, kEndHeaders | kEndStream, 1,
             kStatus200 + "\x00\x01"
                          "A"
                          "\x01"
                          "b"s),
       false, ""},
      {"status of letters",
       frame(kHeaders, kEndHeaders | kEndStream, 1,
             "\x08\x03"
             "abc"s),
       false, ""},
      {"status that there is not",
       frame(kHeaders, kEndHeaders | kEndStream, 1,
             "\x08\x03"
             "004"s),
       false, "status is 004"},
      {"content-length that lies",
       frame(kHeaders, kEndHeaders, 1,
             kStatus200 + "\x0f\x0d\x01"
                          "9"s) +
           frame(kData, kEndStream, 1, "x"),
       false, ""},
      {"HPACK index beyond the table", frame(kHeaders, kEndHeaders | kEndStream, 1, "\xff\xff\xff\x0f"s), true,
       "COMPRESSION_ERROR"},
      {"answer on a stream that nobody opened", frame(kHeaders, kEndHeaders | kEndStream, 7, kStatus200), true,
       "PROTOCOL_ERROR"},
      {"push though it is off",
       frame(kSettings, kAck, 0, "") + frame(kPush, kEndHeaders, 1, "\x00\x00\x00\x02"s + "\x82"s), true,
       "PROTOCOL_ERROR"},
      {"continuation of nothing", frame(kContinuation, kEndHeaders, 1, kStatus200), true, "PROTOCOL_ERROR"},
      {"header that another frame interrupts", frame(kHeaders, 0, 1, kStatus200) + frame(kPing, 0, 0, "12345678"), true,
       "PROTOCOL_ERROR"},
      {"settings of a wrong size", frame(kSettings, 0, 0, "12345"), true, "FRAME_SIZE_ERROR"},
      {"ping of a wrong size", frame(kPing, 0, 0, "1"), true, "FRAME_SIZE_ERROR"},
      {"frame larger than allowed", frame(kData, 0, 1, std::string(20'000, 'x')), true, "FRAME_SIZE_ERROR"},
      {"window update by nothing", frame(kWindow, 0, 0, "\x00\x00\x00\x00"s), true, "PROTOCOL_ERROR"},
      {"window beyond its limit", frame(kWindow, 0, 0, "\x7f\xff\xff\xff"s), true, "FLOW_CONTROL_ERROR"},
      {"reset of stream 0", frame(kReset, 0, 0, "\x00\x00\x00\x00"s), true, "PROTOCOL_ERROR"},
      {"goaway that takes back its word",
       frame(kGoaway, 0, 0, "\x00\x00\x00\x01\x00\x00\x00\x00"s) +
           frame(kGoaway, 0, 0, "\x00\x00\x00\x03\x00\x00\x00\x00"s),
       true, "PROTOCOL_ERROR"},
  };
  for (const HostileRow& row : rows) {
    SCOPED_TRACE(row.name);
    Client client;
    client.session.submit(0, kGet, {});
    client.session.wrote(client.session.output().size());
    client.session.receive(kSettingsFrame, client.log);
    EXPECT_EQ(client.session.receive(row.bytes, client.log), !row.broken);
    EXPECT_EQ(client.log.answered(0), false);
    EXPECT_EQ(client.log.ends.size(), row.broken ? 0u : 1u);  // its owner ends what was on a broken connection
    if (!row.broken) EXPECT_EQ(client.log.ends.at(0).outcome, Outcome::malformed);
    const std::string words{row.broken ? client.session.error() : client.log.ends.at(0).error};
    EXPECT_THAT(words, HasSubstr(row.words));
    EXPECT_NE(words, "");
    EXPECT_FALSE(client.session.output().empty());  // RST_STREAM or GOAWAY tells the server why
    EXPECT_EQ(client.session.closing(), row.broken);
    EXPECT_EQ(client.session.room(), row.broken ? 0u : 10u);
  }
}

TEST(Http2Hostile, AServerOfHttp1IsRecognised) {
  Client client;
  client.session.submit(0, kGet, {});
  EXPECT_FALSE(client.session.receive("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", client.log));
  EXPECT_THAT(std::string{client.session.error()}, HasSubstr("does not support HTTP/2"));
}

TEST(Http2Hostile, UnknownFramesAndStrayPrioritiesAreNoMistake) {
  Client client;
  client.session.submit(0, kGet, {});
  EXPECT_TRUE(client.session.receive(kSettingsFrame + frame(kUnknown, 0, 1, "what") +
                                         frame(kPriority, 0, 9, "\x00\x00\x00\x01\x05"s) +
                                         frame(kHeaders, kEndHeaders | kEndStream, 1, kStatus200),
                                     client.log));
  EXPECT_TRUE(client.log.answered(0));
}

TEST(Http2Hostile, AFloodOfPingsEndsTheConnection) {
  Client client;
  client.session.submit(0, kGet, {});
  client.session.receive(kSettingsFrame, client.log);
  bool well = true;
  for (int i = 0; i < 30'000 && well; ++i) well = client.session.receive(frame(kPing, 0, 0, "12345678"), client.log);
  // Nothing was written meanwhile: what is held for the peer stays within bounds.
  EXPECT_FALSE(well);
  EXPECT_LT(client.session.output().size(), 600'000u);
}

TEST(Http2Hostile, WhatTheServerSaysIsShownPrintableAndCut) {
  Client client;
  client.session.receive(
      kSettingsFrame + frame(kGoaway, 0, 0, "\x00\x00\x00\x00\x00\x00\x00\x0b"s + "\x1b[31m" + std::string(5000, 'y')),
      client.log);
  ASSERT_TRUE(client.session.goaway());
  EXPECT_EQ(client.session.goaway()->debug.substr(0, 6), "?[31my");
  EXPECT_EQ(client.session.goaway()->debug.size(), 200u);
  EXPECT_EQ(http2_error_name(client.session.goaway()->error_code), "ENHANCE_YOUR_CALM");
}

// Thousands of damaged byte streams, the same ones on every run: every request ends once, or its connection is broken.
TEST(Http2Hostile, DamagedBytesNeverLoseARequest) {
  std::mt19937 random{1};
  Client good;
  Http2Peer server;
  const auto carry = [&] {
    server.receive(good.session.output());
    good.session.wrote(good.session.output().size());
  };
  carry();
  const std::string greeting = server.take_output();
  good.session.receive(greeting, good.log);
  for (std::uint32_t stream : {0u, 1u, 2u}) good.session.submit(stream, kGet, {});
  carry();
  server.answer(1, 200, {{"server", "s"}, {"x-pod", "p"}}, "hello", {{"t", "1"}});
  server.answer(3, 200, {}, std::string(100, 'x'));
  server.reset(5, NGHTTP2_REFUSED_STREAM);
  server.goaway(5);
  const std::string answers = server.take_output();
  std::size_t broken = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = answers;
    for (unsigned damages = 1 + random() % 3; damages > 0; --damages) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, 1 + random() % 10);
          break;
        case 2:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 40));
          break;
        default:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
      }
      if (bytes.empty()) bytes = "x";
    }
    Client client;
    client.session.receive(greeting, client.log);
    for (std::uint32_t stream : {0u, 1u, 2u}) client.session.submit(stream, kGet, {});
    const std::size_t cut = random() % bytes.size();
    client.session.receive(std::string_view{bytes}.substr(0, cut), client.log);
    const bool well = client.session.receive(std::string_view{bytes}.substr(cut), client.log);
    broken += well ? 0 : 1;
    ASSERT_EQ(client.log.ends.size() + client.session.streams_in_flight(), 3u) << "round " << round;
    ASSERT_EQ(client.log.twice, 0);
    if (!well) ASSERT_NE(client.session.error(), "");
  }
  EXPECT_GT(broken, 500u);
  EXPECT_LT(broken, 5000u);
}

}  // namespace
}  // namespace surgeproof::loadgen
