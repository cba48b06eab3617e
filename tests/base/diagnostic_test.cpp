#include "base/diagnostic.h"

#include <gtest/gtest.h>

namespace surgeproof {
namespace {

TEST(Diagnostic, OneLine) {
  const Diagnostic d{
      "spike.yaml", 14, 5, "criteria[1]", "unknown key \"max_latencey\"", "did you mean \"max_latency\"?"};
  EXPECT_EQ(format_diagnostic(d),
            "spike.yaml:14:5: criteria[1]: unknown key \"max_latencey\"; did you mean \"max_latency\"?");
  EXPECT_EQ(format_diagnostic({"f", 0, 0, "", "is empty", ""}), "f: is empty");
  EXPECT_EQ(format_diagnostic({"", 0, 0, "", "there is none", "give one"}), "there is none; give one");
}

TEST(Diagnostic, CaretStandsUnderTheColumn) {
  const Diagnostic d{"a.yaml", 2, 4, "x", "wrong", ""};
  // Columns count bytes: "ä" has two, so byte 4 is its second half and the caret stands after one character.
  EXPECT_EQ(format_diagnostic_with_source(d, "one\n  äx: 1\n"), "a.yaml:2:4: x: wrong\n      äx: 1\n       ^");
}

TEST(Nearest, FindsWhatWasMeant) {
  constexpr std::string_view words[] = {"scale_up", "scale_down", "latency", "error_rate"};
  EXPECT_EQ(nearest("latncy", words), "latency");
  EXPECT_EQ(nearest("scaleup", words), "scale_up");
  EXPECT_EQ(nearest("zzz", words), "");
}

}  // namespace
}  // namespace surgeproof
