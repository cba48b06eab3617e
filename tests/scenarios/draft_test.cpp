// What init makes of an HPA: stages, criteria, and a text that the parser takes.
#include "scenarios/draft/draft.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/parse.h"
#include "scenarios/plan.h"

namespace surgeproof {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;

struct Hpa {
  int min = 2;
  int max = 5;
  int target_percent = 70;
  int window_s = -1;  ///< -1: not set
  std::int64_t request = 200;
  std::int64_t limit = 400;
  int start_s = 4;
};

DraftInput input(const Hpa& h, double pod_rate = 50) {
  DraftInput in;
  in.url = "https://todo.example.com";
  in.rate = {PodRate::Source::given, pod_rate, "as given"};
  auto& w = in.workload;
  w.ns = "todo";
  w.name = "web";
  HpaSample hpa;
  hpa.ns = "todo";
  hpa.name = "web";
  hpa.target = {"Deployment", "todo", "web"};
  HpaMetric cpu;
  cpu.type = "Resource";
  cpu.name = "cpu";
  cpu.target_utilization_percent = h.target_percent;
  hpa.metrics = {cpu};
  hpa.spec_json = fmt::format(
      R"({{"minReplicas":{},"maxReplicas":{},"metrics":[{{"type":"Resource","resource":{{"name":"cpu","target":
         {{"type":"Utilization","averageUtilization":{}}}}}}}]{}}})",
      h.min, h.max, h.target_percent,
      h.window_s < 0 ? ""
                     : fmt::format(R"(,"behavior":{{"scaleDown":{{"stabilizationWindowSeconds":{}}}}})", h.window_s));
  w.hpa = hpa;
  ContainerSpec app;
  app.name = "app";
  app.cpu_request_milli = h.request;
  app.cpu_limit_milli = h.limit;
  w.pod_template = PodTemplate{};
  w.pod_template->containers = {app};
  PodSample pod;
  pod.ready = true;
  pod.created = WallTime{seconds{1000}};
  pod.ready_changed = WallTime{seconds{1000 + h.start_s}};
  w.pods = {pod};
  return in;
}

TEST(Draft, RatesNeedTheMaximumAndLeaveTheMinimum) {
  struct Row {
    Hpa hpa;
    double pod_rate;
    double low;
    double high;
  };
  for (const auto& row : {
           Row{{}, 50, 50, 230},                   // 2 × 50 / 2; 4 × 50 × 1.15
           Row{{.min = 1, .max = 2}, 20, 10, 23},  // 1 × 20 / 2; 1 × 20 × 1.15
           Row{{.min = 3, .max = 3}, 20, 30, 69},  // cannot scale: 3 × 20 × 1.15
           Row{{.min = 2, .max = 20}, 7, 7, 150},  // 19 × 7 × 1.15 = 153
       }) {
    const auto plan = plan_draft(input(row.hpa, row.pod_rate));
    EXPECT_NEAR(plan.low_per_second, row.low, 1e-9);
    EXPECT_NEAR(plan.high_per_second, row.high, 1e-9);
  }
}

TEST(Draft, TimesFollowTheHpa) {
  struct Row {
    const char* name;
    Hpa hpa;
    seconds up;
    seconds not_before;
    seconds down;
  };
  for (const auto& row : {
           // 2→4→5, growth min(400/(200·0.7), 2) = 2: two decisions; 10 + 30+15+5 + 1×(30+5) + 30 = 125, up to 135.
           Row{"usual", {}, seconds{135}, seconds{300}, seconds{405}},
           Row{"short window", {.window_s = 60}, seconds{135}, seconds{60}, seconds{165}},
           Row{"no window", {.window_s = 0}, seconds{135}, seconds{0}, seconds{105}},
           // Growth min(160/(200·0.7), 2) = 1.14: 2→3→4→5, three decisions: 125 + 35 = 160, up to 165.
           Row{"tight limit", {.limit = 160}, seconds{165}, seconds{300}, seconds{405}},
           // A start of 40 s: 10 + 30+15+40 + 1×(30+40) + 30 = 195.
           Row{"slow start", {.start_s = 40}, seconds{195}, seconds{300}, seconds{405}},
       }) {
    const auto plan = plan_draft(input(row.hpa));
    EXPECT_EQ(plan.scale_up_within, row.up) << row.name;
    EXPECT_EQ(plan.scale_down_not_before, row.not_before) << row.name;
    EXPECT_EQ(plan.scale_down_within, row.down) << row.name;
    EXPECT_GT(plan.peak, plan.scale_up_within) << row.name;
    EXPECT_GT(plan.calm, plan.scale_down_within) << row.name;
  }
}

TEST(Draft, TheTextParsesAndNothingInItIsDoubtful) {
  for (const auto& hpa : {Hpa{}, Hpa{.window_s = 60}, Hpa{.min = 1, .max = 50}, Hpa{.min = 3, .max = 3}}) {
    for (const double rate : {0.3, 50.0, 12345.0}) {
      const auto text = draft_scenario(input(hpa, rate));
      const auto parsed = parse_scenario(text, "init.yaml");
      ASSERT_TRUE(parsed) << format_diagnostic(parsed.error().front()) << "\n" << text;
      // Above 50,000 connections it is for the user to say how the latency limit is meant.
      EXPECT_LE(plan_concerns(*parsed, "init.yaml").size(), rate > 1000 ? 1u : 0u) << text;
      EXPECT_EQ(parsed->watch.front().hpa, "web");
      EXPECT_EQ(parsed->target, "https://todo.example.com");
      for (std::string_view rest = text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size() - 1);
        EXPECT_LE(end, 100u) << rest.substr(0, end);
        rest.remove_prefix(end + 1);
      }
    }
  }
}

TEST(Draft, SaysWhereTheRateComesFrom) {
  auto in = input({});
  EXPECT_THAT(draft_scenario(in), HasSubstr("as given"));
  in.rate = {PodRate::Source::assumed, 20, "assumed: nothing told"};
  EXPECT_THAT(draft_scenario(in), HasSubstr("This figure is a guess"));
}

TEST(Draft, NamesWithQuotesStayStrings) {
  auto in = input({});
  in.context = "a\"b: c";
  const auto parsed = parse_scenario(draft_scenario(in), "x.yaml");
  ASSERT_TRUE(parsed) << format_diagnostic(parsed.error().front());
  EXPECT_EQ(parsed->cluster.context, "a\"b: c");
}

TEST(PodRate, OfTodaysTraffic) {
  // 100/s over 4 pods at 35 % of the request: 25/s each, twice as much at 70 %.
  EXPECT_EQ(pod_rate_at_target(100, 4, 35, 70), 50);
  EXPECT_EQ(pod_rate_at_target(100, 4, 1, 70), std::nullopt) << "idle: the noise would be scaled up";
  EXPECT_EQ(pod_rate_at_target(0, 4, 35, 70), std::nullopt);
  EXPECT_EQ(pod_rate_at_target(100, 0, 35, 70), std::nullopt);
}

TEST(LoadNone, OnlyWatches) {
  const auto parsed = parse_scenario("watch: {hpa: web}\nload: none\n", "x.yaml");
  ASSERT_TRUE(parsed) << format_diagnostic(parsed.error().front());
  EXPECT_TRUE(parsed->load.none());
  EXPECT_THAT(plan_concerns(*parsed, "x.yaml"), IsEmpty());
  EXPECT_THAT(plan_text(*parsed, "x.yaml"), HasSubstr("nothing is sent"));
  const auto again = parse_scenario(resolved_scenario_text("watch: {hpa: web}\nload: none\n", "x.yaml"), "x.yaml");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->load.none());
}

TEST(LoadNone, RefusesWhatNeedsLoad) {
  const auto replicas = parse_scenario("watch: {hpa: web}\nload: none\ncriteria: [{replicas: {max: 5}}]\n", "x.yaml");
  EXPECT_TRUE(replicas);
  const auto latency = parse_scenario("watch: {hpa: web}\nload: none\ncriteria: [{latency: {p99: 1s}}]\n", "x.yaml");
  ASSERT_FALSE(latency);
  EXPECT_THAT(latency.error().front().message, HasSubstr("needs load"));
  const auto blind = parse_scenario("load: none\n", "x.yaml");
  ASSERT_FALSE(blind);
  EXPECT_THAT(blind.error().front().message, HasSubstr("watches nothing"));
}

}  // namespace
}  // namespace surgeproof
