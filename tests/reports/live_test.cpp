#include "reports/live.h"

#include <gtest/gtest.h>

#include "reports/metrics.h"
#include "reports/text.h"

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
    v.served_history.push_back(i < 60 ? 20 : 370);
    v.p99_ms_history.push_back(i < 60 ? 40 : 1100);
    hpa.desired_history.push_back(i < 75 ? 2 : i < 90 ? 4 : 5);
    hpa.current_history.push_back(i < 75 ? 2 : i < 90 ? 4 : 5);
    hpa.ready_history.push_back(i < 90 ? 2 : 4);
    hpa.utilization_history.push_back(i < 75 ? 11 : 160);
  }
  v.hpas.push_back(hpa);
  v.criteria = {{"scale_up todo", "todo scales up to 5 within 60s of surge", Status::inconclusive, false, "35s", "60s"},
                {"latency p99 scaling", "p99 latency is at most 1s while scaling", Status::fail, true, "1.19s", "1s"},
                {"dropped_requests all", "no request is dropped", Status::fail, true, "3", "0"}};
  v.hint = "Ctrl-C stops the load and still writes a report";
  return v;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
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
       {"todo, Tuesday peak: running", "1:35 / 12:00", "▸ surge", "offered 400/s", "served 371/s", "p99 1.19s",
        "3 dropped", "server error 87", "4 ready of 5 current, 5 desired (2 to 5, at max)", "cpu 171%/70%",
        "SuccessfulRescale", "FAIL  p99 latency", "35s of 60s", "Ctrl-C", "▆"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Live, KeepsCriteriaLongestWhenThereIsLittleRoom) {
  const std::string text = render_live(surge_view(), 80, 6, false);
  EXPECT_NE(text.find("todo, Tuesday peak"), std::string::npos);
  EXPECT_NE(text.find("FAIL  no request is dropped"), std::string::npos);
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
