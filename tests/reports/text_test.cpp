#include "reports/text.h"

#include <gtest/gtest.h>

namespace surgeproof::reports {
namespace {

TEST(Cleaned, LeavesNothingThatATerminalOrXmlCannotTake) {
  struct Row {
    std::string_view text;
    std::string expected;
  };
  for (const Row& row : {
           Row{"plain – Ünïcode 日本", "plain – Ünïcode 日本"}, Row{"\x1b[31mred", " [31mred"},
           Row{"a\r\nb\tc", "a  b c"}, Row{"\xc2\x9b", " "},                             // C1: CSI in one character
           Row{"\xe2\x80\xae", " "},                                                     // right-to-left override
           Row{"\xff", "\xEF\xBF\xBD"},                                                  // no UTF-8
           Row{"\xc0\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // overlong
           Row{"\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                  // surrogate
           Row{"\xf4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // above U+10FFFF
           Row{"\xe2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // cut off
           Row{"\xef\xbf\xbf", " "},                                                     // no XML character
       }) {
    EXPECT_EQ(cleaned(row.text), row.expected);
  }
  EXPECT_EQ(cleaned("a\nb\r", true), "a\nb ");
}

TEST(Escaped, PerFormat) {
  EXPECT_EQ(escaped_xml("<a href='x'>&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
  EXPECT_EQ(escaped_markdown("a|b `c` [d](e) <f> @g *h* $i$"),
            "a\\|b \\`c\\` \\[d\\](e) &lt;f&gt; &#64;g \\*h\\* \\$i\\$");
}

TEST(Columns, CountCodePointsNotBytesNorColours) {
  EXPECT_EQ(columns("äöü"), 3);
  EXPECT_EQ(columns("\x1b[31mred\x1b[0m"), 3);
  EXPECT_EQ(cut("äöüß", 3), "äö…");
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(right_aligned("ab", 4), "  ab");
  EXPECT_EQ(right_aligned("abcdef", 4), "abc…");
}

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("incomprehensibilities a", 8), (std::vector<std::string>{"incompre", "hensibil", "ities a"}));
  EXPECT_EQ(wrapped("in /tmp/größe/x", 7), (std::vector<std::string>{"in", "/tmp/gr", "öße/x"})) << "a path is whole";
  EXPECT_TRUE(wrapped("", 8).empty());
}

TEST(Numbers, InWords) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(words_for_ms(std::nullopt), "–");
  EXPECT_EQ(words_for_ms(12.3), "12.3ms");
  EXPECT_EQ(clock_text(0), "0:00");
  EXPECT_EQ(clock_text(-5), "-0:05");
  EXPECT_EQ(clock_text(-0.2), "0:00");
  EXPECT_EQ(clock_text(65.4), "1:05");
  EXPECT_EQ(clock_text(3723), "1:02:03");
  EXPECT_EQ(rate_text(0), "0");
  EXPECT_EQ(rate_text(0.25), "0.25");
  EXPECT_EQ(rate_text(19.97), "20");
  EXPECT_EQ(rate_text(398.2), "398");
  EXPECT_EQ(rate_text(1234), "1,234");
}

}  // namespace
}  // namespace surgeproof::reports
