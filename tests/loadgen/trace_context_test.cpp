#include "loadgen/trace_context.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace surgeproof::loadgen {
namespace {

std::string traceparent(std::uint64_t seed, std::uint64_t sequence) {
  std::string text(kTraceparentLength, ' ');
  write_traceparent(seed, sequence, text.data());
  return text;
}

TEST(TraceContext, HasTheFormOfW3C) {
  const std::regex form{"00-[0-9a-f]{32}-[0-9a-f]{16}-01"};
  for (std::uint64_t n = 0; n < 1000; ++n) {
    const std::string text = traceparent(1, n);
    EXPECT_TRUE(std::regex_match(text, form)) << text;
    EXPECT_EQ(text.substr(3, 32), text_of_trace_id(1, n));
  }
}

TEST(TraceContext, IsRepeatableAndDiffersByRequestAndSeed) {
  std::set<std::string> ids;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    ids.insert(text_of_trace_id(1, n));
    ids.insert(text_of_trace_id(2, n));
    EXPECT_EQ(traceparent(1, n), traceparent(1, n));
    EXPECT_NE(traceparent(1, n).substr(36, 16), traceparent(1, n + 1).substr(36, 16));
  }
  EXPECT_EQ(ids.size(), 2000u);
}

TEST(TraceContext, WritesHexInOrder) {
  std::string text(16, ' ');
  write_hex(0x0123456789abcdefULL, text.data());
  EXPECT_EQ(text, "0123456789abcdef");
}

}  // namespace
}  // namespace surgeproof::loadgen
