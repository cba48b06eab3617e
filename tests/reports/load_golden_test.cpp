#include <gtest/gtest.h>

#include <sstream>

#include "tests/reports/golden_file.h"
#include "tests/reports/load_run.h"

namespace surgeproof::reports {
namespace {

std::string text_of(const LoadSummary& summary, const ConsoleOptions& options = {}, bool ascii = false) {
  std::ostringstream out;
  write_load_text(summary, out, options, ascii);
  return out.str();
}

std::string json_of(const LoadSummary& summary) {
  std::ostringstream out;
  write_load_json(summary, out);
  return out.str();
}

TEST(LoadGolden, Text) {
  expect_golden("load-open.txt", text_of(open_load()));
  expect_golden("load-open-wide.txt", text_of(open_load(), {true, 110}));
  expect_golden("load-closed.txt", text_of(closed_load()));
  expect_golden("load-refused.txt", text_of(refused_load(), {}, true));
}

TEST(LoadGolden, Json) {
  expect_golden("load-open.json", json_of(open_load()));
  expect_golden("load-refused.json", json_of(refused_load()));
}

TEST(LoadGolden, TheExitCodeFollowsTheLimits) {
  EXPECT_EQ(open_load().exit_code, 1);     // 0.3 % of errors, 0.1 % allowed
  EXPECT_EQ(closed_load().exit_code, 0);   // no limit; a busy generator is a closed loop's normal state, and said
  EXPECT_EQ(refused_load().exit_code, 1);  // no limit, but nothing was answered as expected
  EXPECT_TRUE(closed_load().generator_is_bottleneck);
  EXPECT_FALSE(open_load().generator_is_bottleneck);
}

TEST(LoadText, FitsTheWidth) {
  for (const int width : {76, 80, 110}) {
    for (const auto& summary : {open_load(), closed_load(), refused_load()}) {
      std::istringstream lines(text_of(summary, {false, width}));
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }), width) << line;
      }
    }
  }
}

}  // namespace
}  // namespace surgeproof::reports
