#include "app/run_directory/interval_log.h"

#include <gtest/gtest.h>

#include "app/run_directory/hdr_encoding.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

LoadWindow window(RunTime begin, std::string request, std::vector<std::chrono::microseconds> latencies) {
  Histogram h;
  for (const auto latency : latencies) h.record(latency);
  LoadWindow w;
  w.begin = begin;
  w.length = 1s;
  w.request = std::move(request);
  w.latency = h.sparse();
  return w;
}

std::string payload(std::initializer_list<std::chrono::microseconds> latencies) {
  Histogram h;
  for (const auto latency : latencies) h.record(latency);
  return hdr_v2_base64(h.sparse());
}

TEST(IntervalLog, ALineTellsOfASecondOnceTheNextHasBegun) {
  IntervalLog log;
  EXPECT_EQ(log.add(window(500ms, "a", {1ms})), "");
  EXPECT_EQ(log.add(window(500ms, "b", {5ms, 6ms})), "");
  EXPECT_EQ(log.add(window(1500ms, "a", {2ms})),
            "Tag=a,0.500,1.000,1.000," + payload({1ms}) + "\nTag=b,0.500,1.000,6.000," + payload({5ms, 6ms}) + "\n");
  EXPECT_EQ(log.finish(4s), "Tag=a,1.500,2.500,2.000," + payload({2ms}) + "\n");
}

TEST(IntervalLog, ALateAnswerCountsWhereItIsKnown) {
  IntervalLog log;
  EXPECT_EQ(log.add(window(0s, "a", {})), "");
  EXPECT_EQ(log.add(window(1s, "a", {1ms})), "");     // nothing to tell of second 0
  EXPECT_EQ(log.add(window(0s, "a", {1900ms})), "");  // planned then, answered now
  EXPECT_EQ(log.add(window(0s, "a", {1900ms})), "");  // another worker's
  EXPECT_EQ(log.finish(2s), "Tag=a,1.000,1.000,1900.000," + payload({1ms, 1900ms, 1900ms}) + "\n");
}

TEST(IntervalLog, ATagHoldsNoSeparator) {
  EXPECT_EQ(hdr_tag("GET /a,b 100%\n"), "GET%20/a%2Cb%20100%25%0A");
  EXPECT_EQ(hdr_tag("größe"), "größe");
}

TEST(IntervalLog, TheHeaderSaysFormatAndStart) {
  RunInfo info;
  info.started = WallTime{1'750'000'000'250ms};
  EXPECT_NE(IntervalLog::header(info).find("#[Histogram log format version 1.3]\n#[StartTime: 1750000000.250 (seconds "
                                           "since epoch), 2025-06-15T15:06:40.250Z]\n\"StartTimestamp\""),
            std::string::npos);
}

TEST(HdrEncoding, BeginsWithTheCookieOfCompressedV2) {
  // 1c849314: V2 compressed; every reader tells the encoding by these characters.
  EXPECT_TRUE(payload({1ms}).starts_with("HISTFAAA"));
  EXPECT_TRUE(hdr_v2_base64({}).starts_with("HISTFAAA"));
}

}  // namespace
}  // namespace surgeproof
