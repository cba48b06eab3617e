#include "base/ascii.h"

#include <gtest/gtest.h>

namespace surgeproof::ascii {
namespace {

TEST(Ascii, KnowsLettersAndDigits) {
  for (const char c : std::string_view{"azAZ"}) EXPECT_TRUE(is_letter(c) && is_alphanumeric(c) && !is_digit(c)) << c;
  for (const char c : std::string_view{"09"}) EXPECT_TRUE(is_digit(c) && is_alphanumeric(c) && !is_letter(c)) << c;
  for (const char c : std::string_view{"/:@[`{ _-\0\xc3\xe4", 12}) {
    EXPECT_FALSE(is_alphanumeric(c)) << static_cast<int>(c);
    EXPECT_EQ(lower(c), c);
  }
  EXPECT_TRUE(is_upper('A') && is_upper('Z') && !is_upper('a') && !is_upper('@') && !is_upper('['));
}

TEST(Ascii, MakesSmallWhatIsLargeAndLeavesTheRest) {
  EXPECT_EQ(lower("HTTP/1.1 Ünïcode"), "http/1.1 Ünïcode");
  EXPECT_EQ(lower(""), "");
}

TEST(Ascii, ComparesWithoutCase) {
  struct Row {
    std::string_view a, b;
    bool same;
  };
  for (const Row& row : {Row{"Content-Type", "content-TYPE", true}, Row{"", "", true}, Row{"host", "hosts", false},
                         Row{"host", "", false}, Row{"a@", "a`", false}}) {
    EXPECT_EQ(same(row.a, row.b), row.same) << row.a << " " << row.b;
  }
}

TEST(Ascii, TrimsBlanksAtBothEnds) {
  struct Row {
    std::string_view text, trimmed;
  };
  for (const Row& row : {Row{" a b\t", "a b"}, Row{"a", "a"}, Row{"", ""}, Row{" \r\n\t", ""}, Row{"\r\nx", "x"}}) {
    EXPECT_EQ(trim(row.text), row.trimmed) << row.text;
  }
}

}  // namespace
}  // namespace surgeproof::ascii
