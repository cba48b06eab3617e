#include "reports/run_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/formats.h"
#include "tests/reports/surge_run.h"

namespace surgeproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string verdict_json() {
  std::ostringstream out;
  write_json(report_of(surge_run()), out);
  return out.str();
}

TEST(PastRun, IsReadFromTheVerdict) {
  const auto run = past_run_of(verdict_json());
  ASSERT_TRUE(run);
  EXPECT_EQ(run->name, "todo, Tuesday peak");
  EXPECT_EQ(run->load_started, "2025-06-02T09:00:02.250Z");
  EXPECT_EQ(run->status, "fail");
  EXPECT_THAT(run->headline, HasSubstr("2 of 5 criteria not met"));
  EXPECT_EQ(run->planned, 88'680u);
  EXPECT_EQ(run->dropped, 12u);
  EXPECT_NEAR(run->p99_ms.value_or(0), 623, 1);
  EXPECT_EQ(run->time_to_n_s, 47.0);
}

TEST(PastRun, TakesTheSlowestScaleUp) {
  const auto run = past_run_of(R"({"schema_version":1,"verdict":{"status":"pass"},"criteria":[
    {"id":"scale_up a","unit":"seconds","observed_value":40},{"id":"scale_up b","unit":"seconds","observed_value":55.5},
    {"id":"scale_down b","unit":"seconds","observed_value":400},{"id":"scale_up c","unit":"seconds"}]})");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->time_to_n_s, 55.5);
}

TEST(PastRun, IsNotWhatIsNoVerdict) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"schema_version":1})", R"({"schema_version":3,"verdict":{"status":"pass"}})",
        R"({"schema_version":0,"verdict":{"status":"pass"}})", R"({"schema_version":"1","verdict":{"status":"pass"}})",
        R"({"schema_version":1,"verdict":"pass"})", R"({"schema_version":1,"verdict":{"status":"<script>"}})"}) {
    EXPECT_FALSE(past_run_of(text)) << text;
  }
}

TEST(PastRun, WhatHasTheWrongTypeIsNotKnown) {
  const auto run = past_run_of(R"({"schema_version":1,"verdict":{"status":"pass","headline":3},"run":[1],
    "criteria":{"a":1},"summary":{"total":{"planned_requests":-4,"dropped_requests":"x","latency_p99_ms":null}}})");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->name, "");
  EXPECT_FALSE(run->planned || run->dropped || run->p99_ms || run->time_to_n_s);
}

PastRun at(const char* started, double p99_ms, std::uint64_t dropped = 0, const char* name = "peak") {
  PastRun run;
  run.directory = started;
  run.name = name;
  run.load_started = started;
  run.status = dropped > 0 ? "fail" : "pass";
  run.p99_ms = p99_ms;
  run.dropped = dropped;
  run.has_report = true;
  return run;
}

TEST(RunList, GroupsByScenarioWithTheNewestFirst) {
  const RunList list =
      build_run_list("runs", {at("2025-01-02", 100), at("2025-01-09", 1, 0, "other"), at("2025-01-08", 400)});
  ASSERT_EQ(list.groups.size(), 2u);
  EXPECT_EQ(list.groups[0].name, "other");
  EXPECT_EQ(list.groups[1].runs[0].load_started, "2025-01-08");
  EXPECT_EQ(list.groups[1].runs[1].load_started, "2025-01-02");
  EXPECT_EQ(list.count, 3u);
}

TEST(RunList, TrendsRunFromTheOldestToTheNewestKnownValue) {
  PastRun unknown = at("2025-01-04", 0);
  unknown.p99_ms.reset();
  const RunList list =
      build_run_list("runs", {at("2025-01-02", 100), unknown, at("2025-01-06", 400), at("2025-01-08", 200, 3)});
  const auto& trends = list.groups.at(0).trends;
  ASSERT_EQ(trends.size(), 2u);  // time to N is known of none
  EXPECT_EQ(trends[0].title, "p99 latency");
  EXPECT_EQ(trends[0].last, "200ms");
  EXPECT_EQ(trends[0].range, "100ms to 400ms in 3 runs");
  ASSERT_EQ(trends[0].points.size(), 3u);
  EXPECT_EQ(trends[0].points[0].run, 3u);
  EXPECT_EQ(trends[0].points[0].x_share, 0);
  EXPECT_EQ(trends[0].points[0].y_share, 0.25);
  EXPECT_EQ(trends[0].points[1].x_share, 0.5);
  EXPECT_EQ(trends[0].points[2].x_share, 1);
  EXPECT_EQ(trends[1].title, "Dropped requests");
  EXPECT_EQ(trends[1].range, "0 to 3 in 4 runs");
}

TEST(RunList, OneRunMakesNoTrendAndZeroesLieAtTheBottom) {
  EXPECT_TRUE(build_run_list("runs", {at("2025-01-02", 100)}).groups.at(0).trends.empty());
  const RunList list = build_run_list("runs", {at("2025-01-02", 1), at("2025-01-03", 1)});
  EXPECT_EQ(list.groups.at(0).trends.at(1).points.at(1).y_share, 0);
}

std::string page_of(const RunList& list) {
  std::ostringstream out;
  write_run_list(list, out);
  return out.str();
}

TEST(RunListPage, EscapesWhatComesFromFiles) {
  PastRun run = at("2025-01-02", 100);
  run.directory = "\"><script>alert(1)</script>\xff";
  run.name = "<img src=x onerror=alert(2)>";
  run.headline = "a & b\x1b[31m";
  const std::string page = page_of(build_run_list("<dir>", {run, run}));
  for (const char* raw : {"<script>alert", "<img", "<dir>", "\x1b", "\xff"}) EXPECT_THAT(page, Not(HasSubstr(raw)));
  EXPECT_THAT(page, HasSubstr("href=\"run/%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%FF/report.html\""));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror=alert(2)&gt;"));
}

TEST(RunListPage, LeadsOnlyToReportsThatAreThere) {
  PastRun run;
  run.directory = "20250602T090000Z-peak";
  run.headline = "no verdict";
  const std::string page = page_of(build_run_list("runs", {run}, 7));
  EXPECT_THAT(page, Not(HasSubstr("<a href")));
  EXPECT_THAT(page, HasSubstr("no verdict"));
  EXPECT_THAT(page, HasSubstr("7 older ones are not listed"));
  EXPECT_THAT(page_of(build_run_list("runs", {})), HasSubstr("No run directory is here yet"));
}

TEST(UrlSegment, LeadsBackToTheName) {
  for (const std::string& name : {std::string{"20250602T090000Z-peak"}, std::string{"a b/c%2e..?#&\"<é"},
                                  std::string{".."}, std::string{"\0\xff\n", 3}}) {
    EXPECT_EQ(name_of_segment(url_segment(name)), name);
    EXPECT_EQ(url_segment(name).find_first_of("/?#\"<> "), std::string::npos);
  }
  for (const char* broken : {"%", "a%2", "%zz", "%2", "a%", "%%41"}) EXPECT_FALSE(name_of_segment(broken)) << broken;
}

}  // namespace
}  // namespace surgeproof::reports
