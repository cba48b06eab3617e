// What watch tells of records, line by line.
#include "reports/narration.h"

#include <gtest/gtest.h>

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

surgeproof::LogLine log_line(RunTime at, std::string line) {
  surgeproof::LogLine out;
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
  surgeproof::LogLine other = log_line(3s, "panic: no more");
  other.pattern = "no more";
  EXPECT_TRUE(narrator.tell(other).empty()) << "the same line holds two texts";
  other.timestamp = WallTime{7s};
  EXPECT_EQ(narrator.tell(other).size(), 1u);
  EXPECT_TRUE(narrator.tell(other).empty());
  other.timestamp = WallTime{7s} + 1ns;
  EXPECT_EQ(narrator.tell(other).size(), 1u) << "the same words again are another line";
  other.pod = "todo-b";
  EXPECT_EQ(narrator.tell(other).size(), 1u);
}

}  // namespace
}  // namespace surgeproof::reports
