#include "base/duration.h"

#include <gtest/gtest.h>

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, AcceptsNumbersWithUnits) {
  struct Row {
    const char* text;
    std::chrono::nanoseconds expected;
  };
  for (const auto& [text, expected] :
       {Row{"30s", 30s}, Row{"1.5m", 90s}, Row{"1m30s", 90s}, Row{"250ms", 250ms}, Row{"2h", 2h}, Row{"0", 0s},
        Row{"1d", 24h}, Row{"10us", 10us}, Row{"10µs", 10us}, Row{"7ns", 7ns}, Row{"-5s", -5s}, Row{"0.5s", 500ms}}) {
    EXPECT_EQ(parse_duration(text), expected) << text;
  }
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text :
       {"", "30", "s", "30 s", "1m-30s", "abc", "1e400s", "99999999999d", "--1s", "nan s", "infs", "1x"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(FormatDuration, ReadsWell) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(850us), "850µs");
  EXPECT_EQ(format_duration(12345us), "12.3ms");
  EXPECT_EQ(format_duration(4210ms), "4.21s");
  EXPECT_EQ(format_duration(60s), "60s");
  EXPECT_EQ(format_duration(200s), "3m20s");
  EXPECT_EQ(format_duration(3900s), "1h5m");
  EXPECT_EQ(format_duration(-1500ms), "-1.5s");
}

TEST(FormatDuration, ExactIsReadBack) {
  for (const auto d :
       {std::chrono::nanoseconds{90s}, std::chrono::nanoseconds{1500ms}, std::chrono::nanoseconds{250us}, 7ns}) {
    EXPECT_EQ(parse_duration(format_duration_exact(d)), d);
  }
}

}  // namespace
}  // namespace surgeproof
