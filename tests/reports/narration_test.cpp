// What watch tells of records, line by line.
#include "reports/narration.h"

#include <gtest/gtest.h>

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

LogLine log_line(RunTime at, std::string line) {
  LogLine out;
  out.observed = at;
  out.ns = "todo";
  out.pod = "todo-a";
  out.container = "app";
  out.pattern = "panic:";
  out.line = std::move(line);
  return out;
}

TEST(Narrator, TellsLinesOfLogsThatWereKept) {
  Narrator narrator;
  EXPECT_TRUE(narrator.tell(log_line(1s, "panic: before")).empty()) << "not begun";
  narrator.begin(2s);
  const auto told = narrator.tell(log_line(3s, "panic: no more"));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].at, 3s);
  EXPECT_EQ(told[0].subject, "pod todo-a");
  EXPECT_EQ(told[0].text, "logs (app): panic: no more");
  EXPECT_TRUE(narrator.tell(log_line(4s, "")).empty()) << "only counted";
}

}  // namespace
}  // namespace surgeproof::reports
