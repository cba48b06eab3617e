#include "base/wall_time.h"

#include <gtest/gtest.h>

namespace surgeproof {
namespace {

TEST(Rfc3339, RoundTrip) {
  const auto t = parse_rfc3339("2025-06-02T09:00:15.25Z");
  ASSERT_TRUE(t);
  EXPECT_EQ(format_rfc3339(*t), "2025-06-02T09:00:15.250Z");
  EXPECT_EQ(format_rfc3339(*t, 0), "2025-06-02T09:00:15Z");
  EXPECT_EQ(parse_rfc3339("2025-06-02T11:00:15.25+02:00"), t);
  EXPECT_EQ(parse_rfc3339("2025-06-02T09:00:15.250000000Z"), t);
}

TEST(Rfc3339, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2025-06-02", "2025-13-02T09:00:15Z", "2025-02-30T09:00:15Z", "2025-06-02T25:00:15Z", "2025-06-02T09:00:15",
        "2025-06-02T09:00:15.Z", "2025-06-02T09:00:15Zx", "null", "7026-06-02T09:00:15Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace surgeproof
