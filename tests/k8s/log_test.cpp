// Looking for texts in pods' logs: the scanner and the choice of streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/wall_time.h"
#include "k8s/log_scanner.h"
#include "k8s/log_watch.h"

namespace surgeproof::k8s {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kLog =
    "2026-01-05T10:00:00.1Z starting\n2026-01-05T10:00:01.5Z ERROR cannot connect: password=hunter2 and ERROR again\n"
    "2026-01-05T10:00:02Z all is well\nno stamp but ERROR\n";

TEST(LogScanner, FindsLinesHoweverTheyAreSplit) {
  for (const std::size_t step : {1u, 2u, 7u, 1000u}) {
    LogScanner scanner({"ERROR", "well"});
    std::vector<LogMatch> found;
    for (std::size_t i = 0; i < kLog.size(); i += step) scanner.feed(std::string_view(kLog).substr(i, step), found);
    ASSERT_EQ(found.size(), 3u) << step;
    EXPECT_EQ(found[0].pattern, 0u);
    EXPECT_EQ(found[0].timestamp, parse_rfc3339("2026-01-05T10:00:01.5Z"));
    EXPECT_EQ(found[0].line, "ERROR cannot connect: password=*** and ERROR again");
    EXPECT_EQ(found[1].pattern, 1u);
    EXPECT_EQ(found[2].timestamp, std::nullopt);
    EXPECT_EQ(scanner.last(), parse_rfc3339("2026-01-05T10:00:02Z"));
  }
}

TEST(LogScanner, AStreamThatIsTakenUpAgainRepeatsNothing) {
  LogScanner scanner({"x"});
  std::vector<LogMatch> found;
  scanner.feed("2026-01-05T10:00:00.1Z x1\n2026-01-05T10:00:00.2Z x2", found);
  scanner.end(found);
  ASSERT_EQ(found.size(), 2u);  // the last line had no end
  scanner.feed("2026-01-05T10:00:00.1Z x1\n2026-01-05T10:00:00.2Z x2\n2026-01-05T10:00:00.3Z x3\n", found);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].line, "x3");
}

TEST(LogScanner, StaysBounded) {
  LogScanner scanner({"needle"});
  std::vector<LogMatch> found;
  const std::string long_line(1u << 20, 'a');
  scanner.feed("2026-01-05T10:00:00Z " + long_line, found);
  scanner.feed(" needle\n", found);  // beyond what is looked at
  EXPECT_TRUE(found.empty());
  scanner.feed("2026-01-05T10:00:01Z " + std::string(500, 'b') + "needle" + std::string(5000, 'c') + "\n", found);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].line, HasSubstr("needle"));
  EXPECT_LE(found[0].line.size(), LogScanner::kLongestKept + 10);
}

// What is looked for because it is a secret does not come into the record with the line that holds it.
TEST(LogScanner, KeepsNoSecretThatItFinds) {
  struct Case {
    std::vector<LogPattern> patterns;
    std::string line;
    std::vector<std::string> kept;
  };
  const std::vector<Case> cases{
      {{"password="}, "login password=hunter2 for bob", {"login password=*** for bob"}},
      {{"pwd="}, "a pwd=\"hunter2\", pwd=hunter2&x pwd= pwd=hunter2", {"a pwd=\"***\", pwd=***&x pwd= ***"}},
      {{{"hunter2", "${PW}", true}}, "the word is hunter2, hunter2", {"the word is ***, ***"}},
      {{"ERROR", {"hunter2", "${PW}", true}}, "ERROR: hunter2", {"ERROR: ***", "ERROR: ***"}},
      {{"user="}, "user=bob ok", {"user=*** ok"}},
      {{"level:"}, "level: high", {"level: high"}},
  };
  for (const Case& c : cases) {
    LogScanner scanner(c.patterns);
    std::vector<LogMatch> found;
    scanner.feed("2026-01-05T10:00:00Z " + c.line + "\n", found);
    std::vector<std::string> kept;
    for (const LogMatch& m : found) kept.push_back(m.line);
    EXPECT_EQ(kept, c.kept) << c.line;
  }
}

// The part of a long line that is kept begins within a secret: nothing of that is left either.
TEST(LogScanner, CutsNoSecretInHalf) {
  const std::string secret = "hunter2-hunter2-hunter2-hunter2-hunter2";
  for (std::size_t between = 20; between < 120; ++between) {
    LogScanner scanner({"ERROR", {secret, "${PW}", true}});
    std::vector<LogMatch> found;
    scanner.feed("2026-01-05T10:00:00Z " + std::string(200, 'a') + secret + std::string(between, 'b') + " ERROR\n",
                 found);
    ASSERT_EQ(found.size(), 2u);
    for (const LogMatch& m : found) EXPECT_THAT(m.line, Not(HasSubstr("hunter2"))) << between;
    EXPECT_THAT(found[0].line, HasSubstr("ERROR"));
  }
}

PodSample pod(const std::string& name, const std::string& state = "running", bool deleted = false) {
  PodSample out;
  out.ns = "todo";
  out.name = name;
  out.uid = "uid-" + name;
  out.deleted = deleted;
  out.containers.emplace_back();
  out.containers[0].name = "app";
  out.containers[0].state = state;
  return out;
}

TEST(LogWatch, ReadsEachContainerOnceItHasRun) {
  LogWatch watch({{"", "", {"ERROR"}}});
  watch.pod(0, pod("a", "waiting"), false);
  EXPECT_TRUE(watch.streams().empty());
  watch.pod(0, pod("a"), false);
  watch.pod(0, pod("a"), false);
  watch.pod(0, pod("b"), true);
  ASSERT_EQ(watch.streams().size(), 2u);
  EXPECT_TRUE(watch.streams()[0].from_the_start);
  EXPECT_FALSE(watch.streams()[1].from_the_start);
  watch.pod(0, pod("a", "terminated", true), false);
  EXPECT_TRUE(watch.streams()[0].over);
  EXPECT_FALSE(watch.streams()[1].over);
}

TEST(LogWatch, ReadsNoMoreThanItCan) {
  LogWatch watch({{"", "", {"ERROR"}}});
  for (std::size_t i = 0; i < LogWatch::kMostStreams + 3; ++i) watch.pod(0, pod("p" + std::to_string(i)), true);
  EXPECT_EQ(watch.streams().size(), LogWatch::kMostStreams);
  EXPECT_EQ(watch.unread(0), 3u);
  watch.pod(0, pod("p0", "running", true), false);
  watch.pod(0, pod("new"), false);
  EXPECT_EQ(watch.streams().size(), LogWatch::kMostStreams + 1);
}

TEST(LogWatch, KeepsTheFirstLinesAndCountsTheOthers) {
  LogWatch watch({{"", "app=x", {"a", "b"}}});
  watch.pod(0, pod("a"), true);
  for (std::uint64_t i = 0; i < LogWatch::kKept; ++i) {
    EXPECT_EQ(watch.record(watch.streams()[0], 0, "line a", std::nullopt, {}).line, "line a");
  }
  const LogLine counted = watch.record(watch.streams()[0], 0, "line a", std::nullopt, {});
  EXPECT_EQ(counted.line, "");
  EXPECT_EQ(counted.count, 1u);
  EXPECT_EQ(counted.pattern, "a");
  EXPECT_EQ(counted.selector, "app=x");
  EXPECT_EQ(watch.record(watch.streams()[0], 1, "line b", std::nullopt, {}).line, "line b");
}

}  // namespace
}  // namespace surgeproof::k8s
