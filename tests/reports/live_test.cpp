#include "reports/live.h"

#include <gtest/gtest.h>

#include "reports/live_decisions.h"
#include "reports/metrics.h"
#include "reports/terminal.h"
#include "reports/text.h"
#include "tests/reports/text_lines.h"

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;

LiveView surge_view() {
  LiveView v;
  v.name = "todo, Tuesday peak";
  v.state = "running";
  v.elapsed = 95s;
  v.total = 720s;
  v.stages = {{"baseline", 0s, 60s}, {"surge", 60s, 240s}, {"calm", 240s, 270s}, {"after", 270s, 720s}};
  v.offered_per_second = 400;
  v.sent_per_second = 399.4;
  v.served_per_second = 371;
  v.p50 = 312ms;
  v.p95 = 840ms;
  v.p99 = 1190ms;
  v.p99_limit_ms = 1000;
  v.answered_well = 14876;
  v.dropped = 3;
  v.in_flight = 210;
  v.connections = 64;
  v.errors = {{Outcome::server_error, 87}, {Outcome::bad_gateway, 3}};
  LiveHpa hpa;
  hpa.name = "todo";
  hpa.min_replicas = 2;
  hpa.max_replicas = 5;
  hpa.desired = 5;
  hpa.current = 5;
  hpa.ready = 4;
  hpa.utilization_percent = 171;
  hpa.target_percent = 70;
  hpa.last_message = "SuccessfulRescale: New size: 5; reason: cpu resource utilization above target\x1b[2J";
  for (int i = 0; i < 95; ++i) {
    const auto at = std::chrono::seconds{i};
    v.offered_history.add(at, i < 60 ? 20 : 400);
    v.served_history.add(at, i < 60 ? 20 : 370);
    v.p99_ms_history.add(at, i < 60 ? 40 : 1100);
    v.failed_history.add(at, i < 80 ? 0 : 6);
    hpa.desired_history.add(at, i < 75 ? 2 : i < 90 ? 4 : 5);
    hpa.current_history.add(at, i < 75 ? 2 : i < 90 ? 4 : 5);
    hpa.ready_history.add(at, i < 90 ? 2 : 4);
    hpa.utilization_history.add(at, i < 75 ? 11 : 160);
  }
  hpa.decision = LiveDecision{90s, 4, 5, "cpu 171 % of 70 %"};
  v.hpas.push_back(hpa);
  v.criteria = {{"scale_up todo", "todo scales up to 5 within 60s of surge", Status::inconclusive, false, "35s", "60s"},
                {"latency p99 scaling", "p99 latency is at most 1s while scaling", Status::fail, true, "1.19s", "1s"},
                {"dropped_requests all", "no request is dropped", Status::fail, true, "3", "0"}};
  v.hint = "Ctrl-C stops the load and still writes a report";
  return v;
}

TEST(Live, FitsEveryTerminal) {
  for (const bool colour : {false, true}) {
    for (const auto& [width, height] : {std::pair{80, 24}, {132, 50}, {40, 10}, {20, 1}, {250, 8}}) {
      const auto lines = lines_of(render_live(surge_view(), width, height, colour));
      EXPECT_LE(lines.size(), static_cast<std::size_t>(height));
      for (const std::string& line : lines) EXPECT_LE(columns(line), width) << line;
    }
  }
}

TEST(Live, ShowsWhatMattersInEightyByTwentyFour) {
  const std::string text = render_live(surge_view(), 80, 24, false);
  for (const char* part :
       {"todo, Tuesday peak: running", "1:35 / 12:00", "surge, 0:35 of 3:00", "▸surge", "offered 400/s", "served 371/s",
        "p99 1.19s", "3 dropped", "server error 87", "4 ready of 5 current, 5 desired (2 to 5, at max)", "cpu 171%/70%",
        "decided 4 → 5 at 1:30: cpu 171 % of 70 %", "SuccessfulRescale", "FAIL  p99 latency", "35s, limit 60s",
        "Ctrl-C", "▇"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Live, LeavesTheLimitToTheTitleWhereBothHaveNoRoom) {
  LiveView view = surge_view();
  view.criteria = {{"x", "p99 latency is at most 1s", Status::pass, false, "3ms", "1s"}};
  const auto line_at = [&](int width) -> std::string {
    for (const auto& line : lines_of(render_live(view, width, 24, false))) {
      if (line.contains("p99 latency is at most 1s")) return line;
    }
    return "";
  };
  EXPECT_TRUE(line_at(60).contains("3ms, limit 1s")) << line_at(60);
  EXPECT_TRUE(line_at(40).contains("3ms")) << line_at(40);
  EXPECT_FALSE(line_at(40).contains("limit")) << line_at(40);
}

/// What was observed need not be of the limit's kind: "5 replicas wanted of 24s" would say nothing.
TEST(Live, ACriterionsFigureStandsBesideItsLimit) {
  struct Row {
    std::string observed, limit, shown;
  };
  for (const Row& row :
       {Row{"4 of 5 pods", "60s", "4 of 5 pods, limit 60s"},
        Row{"5 replicas wanted", "7m", "5 replicas wanted, limit 7m"}, Row{"1.19s", "1s", "1.19s, limit 1s"},
        Row{"3", "0", "3, limit 0"}, Row{"0.2 %", "1 %", "0.2 %, limit 1 %"},
        Row{"2 lines", "0 lines", "2 lines, limit 0 lines"}, Row{"", "60s", ""}}) {
    LiveView view = surge_view();
    view.criteria = {{"x", "the criterion", Status::inconclusive, false, row.observed, row.limit}};
    const auto lines = lines_of(render_live(view, 80, 24, false));
    const auto line = std::ranges::find_if(lines, [](const auto& l) { return l.find("the criterion") < l.size(); });
    ASSERT_NE(line, lines.end());
    EXPECT_EQ(line->find("limit") < line->size(), !row.observed.empty()) << *line;
    EXPECT_NE(line->find(row.shown), std::string::npos) << *line;
  }
}

TEST(Live, KeepsCriteriaLongestWhenThereIsLittleRoom) {
  const std::string text = render_live(surge_view(), 80, 6, false);
  EXPECT_NE(text.find("todo, Tuesday peak"), std::string::npos);
  EXPECT_NE(text.find("FAIL  no request is dropped"), std::string::npos);
}

TEST(Live, ChartsBeginBelowTheirStage) {
  // 12 minutes on 35 columns: the surge begins in column 2, and so do its load and its latency.
  const auto lines = lines_of(render_live(surge_view(), 80, 24, false));
  const auto line_with = [&](const std::string& part) {
    return *std::ranges::find_if(lines, [&](const std::string& l) { return l.find(part) != std::string::npos; });
  };
  const auto column_of = [](const std::string& line, const std::string& glyph) {
    return columns(line.substr(0, line.find(glyph)));
  };
  const int surge = column_of(line_with("▸surge"), "▸");
  const int load = column_of(line_with("offered 400/s"), "▇");
  EXPECT_TRUE(load == surge || load == surge + 1) << load << " is not " << surge;  // its first column holds both rates
  EXPECT_EQ(column_of(line_with("p99 1.19s"), "█"), surge);
}

TEST(Live, ChartsGrowWhereThereIsRoom) {
  const auto small = lines_of(render_live(surge_view(), 80, 24, false));
  const auto large = lines_of(render_live(surge_view(), 120, 40, false));
  EXPECT_GT(large.size(), small.size());
  const auto tall = render_live(surge_view(), 120, 40, false);
  for (const char* part : {"sent 399/s", "top of the chart 400/s", "limit 1s", "target 70%"}) {
    EXPECT_NE(tall.find(part), std::string::npos) << part << "\n" << tall;
  }
}

TEST(Live, ShadesWhatWasOfferedAndNotServed) {
  LiveView view = surge_view();
  for (int i = 95; i < 120; ++i) {
    view.offered_history.add(std::chrono::seconds{i}, 400);
    view.served_history.add(std::chrono::seconds{i}, 100);
  }
  EXPECT_NE(render_live(view, 120, 40, false).find("░"), std::string::npos);
  const auto lines = lines_of(render_live(view, 80, 18, true));
  const auto offered = [](const std::string& line) { return line.find("offered 400/s") != std::string::npos; };
  ASSERT_EQ(std::ranges::count_if(lines, offered), 1);
  const std::string one_line = *std::ranges::find_if(lines, offered);
  EXPECT_NE(one_line.find("\x1b[31m"), std::string::npos) << one_line;
}

TEST(Live, WithoutRoomForChartsTheFiguresStay) {
  const std::string text = render_live(surge_view(), 50, 24, false);
  EXPECT_EQ(text.find("▇"), std::string::npos) << text;
  EXPECT_NE(text.find("p99 1.19s"), std::string::npos) << text;
}

TEST(LiveSeries, ColumnsAreOfTime) {
  LiveSeries series;
  EXPECT_TRUE(series.columns(0s, 10s, 10).empty());
  series.add(-1s, 2);  // before the load: the first column
  series.add(0s, 4);
  series.add(5s, 9);
  using Column = std::optional<double>;
  EXPECT_EQ(series.columns(0s, 10s, 10), (std::vector<Column>{3, 3, 3, 3, 3, 9}));
  EXPECT_EQ(series.columns(0s, 10s, 1), (std::vector<Column>{5}));
  EXPECT_EQ(series.columns(0s, 4s, 2), (std::vector<Column>{3, 9})) << "later than the end: the last column";
  EXPECT_EQ(series.peak(), 9);
}

TEST(LiveSeries, FoldsByItsKind) {
  using Fold = LiveSeries::Fold;
  for (const auto& [fold, expected] : {std::pair{Fold::mean, 4.0}, {Fold::peak, 9.0}, {Fold::last, 1.0}}) {
    LiveSeries series(fold);
    for (const double v : {2.0, 9.0, 1.0}) series.add(0s, v);
    EXPECT_EQ(series.columns(0s, 1s, 1), (std::vector<std::optional<double>>{expected}));
  }
}

TEST(LiveSeries, ADayFitsAndKeepsItsPeak) {
  LiveSeries series(LiveSeries::Fold::peak);
  for (int i = 0; i < 86'400; ++i) series.add(std::chrono::seconds{i}, i == 40'000 ? 1000 : 1);
  const auto day = series.columns(0s, std::chrono::seconds{86'400}, 24);
  ASSERT_EQ(day.size(), 24u);
  EXPECT_EQ(day[11], 1000);
  EXPECT_EQ(day[12], 1);
}

TEST(LiveSeries, TheMeanOfADayIsWeighted) {
  LiveSeries series;
  for (int i = 0; i < 86'400; ++i) series.add(std::chrono::seconds{i}, i < 43'200 ? 0 : 10);
  EXPECT_NEAR(*series.columns(0s, std::chrono::seconds{86'400}, 1)[0], 5, 0.01);
}

TEST(Chart, LevelsAndLines) {
  const std::vector<std::optional<double>> values{std::nullopt, 0, 0.01, 4, 8, 99};
  EXPECT_EQ(chart(values, {}, {.height = 1, .top = 8}), (std::vector<std::string>{"  ▁▄██"}));
  EXPECT_EQ(chart(values, {}, {.height = 1, .top = 8, .ascii = true}), (std::vector<std::string>{"  .-##"}));
  EXPECT_EQ(chart(values, {}, {.height = 2, .top = 8}), (std::vector<std::string>{"    ██", "  ▁███"}));
  EXPECT_EQ(chart(values, {}, {.height = 1, .top = 0}), (std::vector<std::string>{"      "}));
}

TEST(Chart, RedAboveTheLimit) {
  const std::vector<std::optional<double>> values{4, 8};
  EXPECT_EQ(chart(values, {}, {.height = 1, .top = 8, .limit = 5, .colour = true}),
            (std::vector<std::string>{"\x1b[36m▄\x1b[0m\x1b[31m█\x1b[0m"}));
}

TEST(LiveDecisions, HearWhatAnHpaDecides) {
  LiveDecisions decisions;
  HpaSample sample;
  sample.ns = "n";
  sample.name = "todo";
  sample.desired_replicas = 2;
  sample.metrics.emplace_back();
  sample.metrics[0].name = "cpu";
  sample.metrics[0].target_utilization_percent = 70;
  sample.metrics[0].current_utilization_percent = 171;
  decisions.hear(sample);
  EXPECT_FALSE(decisions.last("n", "todo")) << "how it stands is no decision";
  sample.at.observed = 75s;
  sample.desired_replicas = 4;
  decisions.hear(sample);
  sample.at.observed = 80s;
  decisions.hear(sample);
  const LiveDecisions::Decision expected{75s, 2, 4, "cpu 171 % of 70 %"};
  EXPECT_EQ(decisions.last("n", "todo"), expected);
  EXPECT_FALSE(decisions.last("other", "todo"));
  sample.deleted = true;
  decisions.hear(sample);
  EXPECT_FALSE(decisions.last("n", "todo"));
}

TEST(Live, ColoursWhatIsDecided) {
  const std::string text = render_live(surge_view(), 80, 24, true);
  EXPECT_NE(text.find("\x1b[31mFAIL"), std::string::npos);
  EXPECT_EQ(text.find("\x1b[2J"), std::string::npos);
}

TEST(Live, WithoutUtf8OnlyAscii) {
  LiveView view = surge_view();
  view.ascii = true;
  view.p50.reset();
  view.hpas[0].ready.reset();
  for (const char c : render_live(view, 80, 24, false)) EXPECT_GE(c, 0);
}

TEST(Live, BeforeTheFirstSample) {
  const std::string text = render_live(LiveView{}, 80, 24, false);
  EXPECT_NE(text.find("p99 –"), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
}

TEST(PlainLine, IsGreppable) {
  EXPECT_EQ(
      render_plain_line(surge_view()),
      "t=95s/720s stage=surge offered=400/s served=371/s p50=312ms p95=840ms p99=1.19s ok=14876 dropped=3 unsent=0 "
      "errors=90 todo=4/5/5 cpu=171%/70%");
  LiveView before = surge_view();
  before.elapsed = std::chrono::milliseconds{-400};
  EXPECT_TRUE(render_plain_line(before).starts_with("t=0s/")) << render_plain_line(before);
  EXPECT_EQ(render_plain_line(LiveView{}),
            "t=0s/0s offered=0/s served=0/s p50=- p95=- p99=- ok=0 dropped=0 unsent=0 errors=0");
}

TEST(PlainNews, DecisionsAndDecidedCriteria) {
  LiveView before = surge_view();
  before.hpas[0].decision.reset();
  before.criteria[1].decided = before.criteria[2].decided = false;
  LiveView now = surge_view();
  now.criteria[1].observed = "1.19s\n\"x\"";
  EXPECT_EQ(render_plain_news(before, now),
            (std::vector<std::string>{
                "t=90s hpa=todo desired=4->5 why=\"cpu 171 % of 70 %\"",
                "t=95s criterion=\"latency p99 scaling\" status=fail observed=\"1.19s 'x'\" limit=\"1s\"",
                "t=95s criterion=\"dropped_requests all\" status=fail observed=\"3\" limit=\"0\""}));
  EXPECT_TRUE(render_plain_news(now, now).empty());
  EXPECT_EQ(render_plain_news(LiveView{}, surge_view()).size(), 3u) << "nothing is lost before the first line";
}

TEST(LiveMetrics, SayWhatTheScreenSays) {
  const std::string text = metrics_text(surge_view());
  for (const char* line : {
           "surgeproof_run_info{scenario=\"todo, Tuesday peak\",version=\"" SURGEPROOF_VERSION "\"} 1\n",
           "surgeproof_run_elapsed_seconds 95\n",
           "surgeproof_requests_total{outcome=\"ok\"} 14876\n",
           "surgeproof_requests_total{outcome=\"bad_gateway\"} 3\n",
           "surgeproof_requests_dropped_total 3\n",
           "surgeproof_requests_per_second{kind=\"offered\"} 400\n",
           "surgeproof_recent_latency_seconds{percentile=\"99\"} 1.19\n",
           "surgeproof_hpa_replicas{hpa=\"todo\",kind=\"ready\"} 4\n",
           "surgeproof_hpa_replica_limit{hpa=\"todo\",bound=\"max\"} 5\n",
           "surgeproof_hpa_utilization_ratio{hpa=\"todo\",metric=\"cpu\"} 1.71\n",
           "surgeproof_criterion{criterion=\"latency p99 scaling\",status=\"fail\"} 1\n",
           "surgeproof_criterion_decided{criterion=\"scale_up todo\"} 0\n",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(LiveMetrics, LeaveOutWhatIsNotKnown) {
  const std::string text = metrics_text(LiveView{});
  EXPECT_EQ(text.find("latency"), std::string::npos);
  EXPECT_EQ(text.find("hpa"), std::string::npos);
}

TEST(LiveView, WhatIsDoneToTheClusterStandsInIt) {
  LiveView v = surge_view();
  v.actions = {{"deploy", "was refused: deployments.apps is forbidden", true, true},
               {"more", "is still to come", false, false}};
  const std::string wide = render_live(v, 100, 40, false);
  EXPECT_NE(wide.find(" Action   deploy was refused: deployments.apps is forbidden"), std::string::npos) << wide;
  EXPECT_NE(wide.find(" Action   more is still to come"), std::string::npos) << wide;
  // Without room the bad news stays.
  const std::string small = render_live(v, 80, 13, false);
  EXPECT_NE(small.find("deploy was refused"), std::string::npos) << small;
  EXPECT_EQ(small.find("more is still to come"), std::string::npos) << small;
}

}  // namespace
}  // namespace surgeproof::reports
