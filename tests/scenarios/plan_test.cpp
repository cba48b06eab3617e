#include "scenarios/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/parse_support.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Scenario parsed(std::string_view text) {
  auto s = parse_scenario(text, "f.yaml", with_environment({{"TOKEN", "t"}}));
  if (!s) ADD_FAILURE() << format_diagnostic(s.error().at(0));
  return s.value_or(Scenario{});
}

/// A scenario with these stages and criteria.
Scenario with(std::string_view stages, std::string_view criteria) {
  return parsed("target: http://127.0.0.1:8080\nwatch: {hpa: web}\nload:\n" + std::string{stages} + "\ncriteria:\n" +
                std::string{criteria} + "\n");
}

constexpr std::string_view kSurge = R"(  - {name: base, hold: 20/s, for: 1m}
  - {name: up, ramp: 400/s, over: 30s}
  - {name: peak, hold: 400/s, for: 2m}
  - {name: down, ramp: 20/s, over: 30s}
  - {name: after, hold: 20/s, for: 8m})";

TEST(Plan, InstantsAndIntervals) {
  const auto s = with(kSurge, "  - dropped_requests: 0");
  EXPECT_EQ(plan_duration(s), 12min);
  EXPECT_EQ(stage_interval(s, "peak"), (Interval{90s, 210s}));
  EXPECT_EQ(stage_interval(s, "nowhere"), std::nullopt);
  EXPECT_EQ(resolve(s, {}), 0s);
  EXPECT_EQ(resolve(s, {"", 5s}), 5s);
  EXPECT_EQ(resolve(s, {"peak", 10s}), 100s);
}

TEST(Plan, DefaultsOfFrom) {
  struct Row {
    const char* stages;
    std::chrono::nanoseconds up;    // begin of the first stage that leads to the highest rate
    std::chrono::nanoseconds down;  // end of the last stage at the highest rate
  };
  for (const auto& [stages, up, down] : {
           Row{kSurge.data(), 60s, 210s},
           Row{"  - {ramp: 400/s, over: 30s}\n  - {hold: 400/s, for: 2m}\n  - {hold: 20/s, for: 8m}", 0s, 150s},
           Row{"  - {hold: 20/s, for: 60s}\n  - {step: 400/s, for: 2m}\n  - {pause: 5m}", 60s, 180s},
           // A ramp to the peak and straight down again: the peak is one instant, at the ramp's end.
           Row{"  - {hold: 20/s, for: 60s}\n  - {ramp: 400/s, over: 20s}\n  - {ramp: 20/s, over: 20s}", 60s, 80s},
           // Two surges of the same height.
           Row{"  - {hold: 9/s, for: 10s}\n  - {hold: 1/s, for: 10s}\n  - {hold: 9/s, for: 10s}\n  - {hold: 1/s, for: "
               "1m}",
               0s, 30s},
       }) {
    const auto s = with(stages, "  - dropped_requests: 0");
    EXPECT_EQ(scale_up_start(s, {}), up) << stages;
    EXPECT_EQ(scale_down_start(s, {}), down) << stages;
  }
  const auto s = with(kSurge, "  - dropped_requests: 0");
  ScaleUpCriterion named;
  named.from = PlanInstant{"peak", 5s};
  EXPECT_EQ(scale_up_start(s, named), 95s);
}

TEST(Plan, CriteriaInPlainWordsAndTheirIds) {
  const auto s = with(kSurge, R"(  - scale_up: {to: 5, within: 60s}
  - scale_up: {to: 5, within: 60s, from: peak + 10s}
  - scale_up: {to: 5, within: 60s, from: start}
  - scale_down: {to: 2, not_before: 5m, within: 7m}
  - scale_down: {to: 2, within: 7m, from: after}
  - latency: {p99: 1s, during: scaling}
  - latency: {max: 3s, request: GET /}
  - error_rate: {max: 0.1%, during: peak}
  - dropped_requests: 0
  - dropped_requests: {max: 1, during: base}
  - replicas: {min: 2, max: 5, max_changes: 4})");
  std::vector<std::string> words;
  std::vector<std::string> ids;
  for (const auto& c : s.criteria) {
    words.push_back(describe(s, c));
    ids.push_back(criterion_id(s, c));
  }
  EXPECT_THAT(words,
              ElementsAre("scale up: web has 5 ready pods within 60s of up",
                          "scale up: web has 5 ready pods within 60s of peak + 10s",
                          "scale up: web has 5 ready pods within 60s of the start",
                          "scale down: web is back at 2 between 5m and 7m after the end of peak",
                          "scale down: web is back at 2 within 7m of after",
                          "p99 latency is at most 1s during the scaling phase",
                          "the longest latency of \"GET /\" is at most 3s over the whole run",
                          "at most 0.1% of requests end in an error during stage peak",
                          "no request is dropped over the whole run", "at most 1 request is dropped during stage base",
                          "web has at least 2 ready pods, wants at most 5 replicas, changes its replicas at most 4 "
                          "times over the whole run"));
  EXPECT_THAT(ids, ElementsAre("scale_up web", "scale_up web", "scale_up web", "scale_down web", "scale_down web",
                               "latency p99 scaling", "latency max GET /", "error_rate peak", "dropped_requests",
                               "dropped_requests base", "replicas web"));
  EXPECT_EQ(percentile_name(99.9), "p99.9");
}

constexpr std::string_view kObserved = R"(target: http://127.0.0.1:8080
watch: {hpa: web}
prometheus: http://p:9090
signals: {p95: {prometheus: 'max(p95)'}, errors: {prometheus: 'sum(errors)', every: 5s}}
warm_up: 30s
price: 0.05 EUR/h
load: [{name: base, hold: 20/s, for: 1m}, {name: surge, step: 400/s, for: 2m}, {name: dip, hold: 1/s, for: 8s}]
criteria:
)";

TEST(Plan, CriteriaOnSignalsAndLogsInPlainWords) {
  const auto s = parsed(std::string{kObserved} + R"(  - signal: {p95: {max: 1s}, during: surge}
  - signal: {errors: {min: 0, max: 5}}
  - logs: {pods: app=web, absent: [ERROR, "password="]}
  - logs: {present: ready, during: base}
  - logs: {pods: app=web, namespace: todo, absent: ERROR, present: [a, b]}
  - eventually: {signal: errors, above: 0, within: 30s, after: surge + 10s}
  - eventually: {signal: errors, below: 0.5, within: 30s}
  - eventually: {logs: ready, within: 60s, after: surge}
)");
  std::vector<std::string> words;
  std::vector<std::string> ids;
  for (const auto& c : s.criteria) {
    words.push_back(describe(s, c));
    ids.push_back(criterion_id(s, c));
  }
  EXPECT_THAT(
      words,
      ElementsAre("p95 is at most 1s during stage surge", "errors is at least 0 and at most 5 over the whole run",
                  "\"ERROR\" or \"password=\" in no line of the logs of the pods app=web over the whole run",
                  "\"ready\" in some line of the logs of the watched pods during stage base",
                  "\"ERROR\" in no line, \"a\" and \"b\" in some line of the logs of the pods app=web in "
                  "todo over the whole run",
                  "errors is above 0 within 30s of surge + 10s", "errors is below 0.5 within 30s of the start",
                  "\"ready\" comes up in the logs of the watched pods within 60s of surge"));
  EXPECT_THAT(ids, ElementsAre("signal p95 surge", "signal errors", "logs app=web", "logs base", "logs todo app=web",
                               "eventually errors", "eventually errors", "eventually \"ready\""));
  const auto text = plan_text(s, "f.yaml");
  for (const char* line :
       {"signal               p95, asked every 15s: max(p95)\n", "Prometheus           http://p:9090\n",
        "logs read            of the pods app=web, for 2 texts\n",
        "logs read            of the watched pods, for 1 text\n",
        "warm-up              the first 30s, which no criterion looks at\n",
        "price                0.05 EUR an hour for each replica\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Plan, LittlesLaw) {
  EXPECT_EQ(needed_connections({400}, 1s), 400);
  EXPECT_EQ(needed_connections({400}, 100ms), 40);
  EXPECT_EQ(needed_connections({401}, 100ms), 41);
  EXPECT_EQ(needed_connections({0}, 1s), 0);
  EXPECT_EQ(needed_connections({0.1}, 100ms), 1);
}

std::vector<std::string> concerns(const Scenario& s) {
  std::vector<std::string> lines;
  for (const auto& d : plan_concerns(s, "f")) lines.push_back(format_diagnostic(d));
  return lines;
}

TEST(Plan, NothingDoubtfulInASoundPlan) {
  auto s = with(kSurge, R"(  - scale_up: {to: 5, within: 60s}
  - latency: {p99: 500ms, during: scaling}
  - scale_down: {to: 2, not_before: 5m, within: 7m}
  - dropped_requests: 0)");
  s.connections.max_age = 10s;
  EXPECT_THAT(concerns(s), IsEmpty());
}

TEST(Plan, ConnectionsThatStayWithTheOldPodsAreDoubtful) {
  auto s = with(kSurge, "  - scale_up: {to: 5, within: 60s}");
  const auto pinned = testing::Contains(HasSubstr("kept-alive connections may never reach new pods"));
  EXPECT_THAT(concerns(s), pinned);
  s.connections.reuse = false;
  EXPECT_THAT(concerns(s), IsEmpty());
  s.connections.reuse = true;
  s.connections.max_age = 10s;
  EXPECT_THAT(concerns(s), IsEmpty());
  s.connections.max_age.reset();
  s.connections.direct.emplace().service = "todo";
  EXPECT_THAT(concerns(s), IsEmpty()) << "new pods get their connections";
  EXPECT_THAT(concerns(with(kSurge, "  - dropped_requests: 0")), IsEmpty()) << "nobody asks for new pods";
}

TEST(Plan, SaysWhoIsAddressed) {
  auto s = with(kSurge, "  - dropped_requests: 0");
  EXPECT_THAT(plan_text(s, "f.yaml"), Not(HasSubstr("addressed")));
  s.connections.direct.emplace().service = "todo";
  EXPECT_THAT(plan_text(s, "f.yaml"), HasSubstr("addressed            the ready pods of Service todo\n"));
  s.connections.direct->ns = "shop";
  s.connections.direct->port = 8080;
  EXPECT_THAT(plan_text(s, "f.yaml"), HasSubstr("the ready pods of Service shop/todo, port 8080\n"));
  s.connections.direct->port = 0;
  s.connections.direct->port_name = "http";
  EXPECT_THAT(plan_text(s, "f.yaml"), HasSubstr("the ready pods of Service shop/todo, port http\n"));
}

TEST(Plan, WhatIsDoubtful) {
  struct Row {
    const char* stages;
    const char* criteria;
    const char* concern;
  };
  constexpr const char* kFlat = "  - {name: flat, hold: 400/s, for: 2m}";
  for (const auto& [stages, criteria, concern] : {
           Row{kSurge.data(), "  - scale_down: {to: 2, within: 20m}",
               "f:10:5: criteria[0].scale_down: its deadline is 11m30s after the load plan's end; lengthen the last "
               "stage by "
               "11m30s"},
           Row{kSurge.data(), "  - scale_down: {to: 2, within: 20m, from: start}", "its deadline is 8m after"},
           Row{kSurge.data(), "  - scale_up: {to: 5, within: 20m}", "its deadline is 9m after"},
           Row{kSurge.data(), "  - scale_up: {to: 5, within: 5s}", "5s is less than an HPA commonly needs"},
           Row{kFlat, "  - scale_up: {to: 5, within: 60s}", "no baseline to scale from"},
           Row{kFlat, "  - scale_down: {to: 1, within: 1m, from: start}",
               "no stage after its beginning has a lower rate"},
           Row{"  - {hold: 9/s, for: 1m}\n  - {name: low, hold: 1/s, for: 6m}\n  - {hold: 9/s, for: 10m}",
               "  - scale_down: {to: 1, within: 7m, from: low}",
               "the load is at its highest again 6m after its beginning"},
           Row{kSurge.data(), "  - scale_down: {to: 2, within: 3m}", "shorter than the default stabilization window"},
           Row{kSurge.data(), "  - scale_up: {to: 2, within: 60s}\n  - scale_down: {to: 2, within: 6m}",
               "criteria[1].scale_down: 2 is no fewer than the 2 it scales up to"},
           Row{kSurge.data(), "  - latency: {p99: 1s}",
               "connections.max: 256 connections carry 400/s only up to 640ms a request; at the latency limit of 1s it "
               "takes "
               "400; set connections: {max: 400}"},
           Row{kSurge.data(), "  - latency: {p99: 20s}", "its limit is above client.timeout (10s)"},
           Row{"  - {name: idle, pause: 1m}\n  - {hold: 1/s, for: 1m}", "  - latency: {p99: 1s, during: idle}",
               "no request is planned during it"},
           Row{kFlat, "  []", "criteria: there are none"},
       }) {
    EXPECT_THAT(concerns(with(stages, criteria)), testing::Contains(HasSubstr(concern))) << criteria;
  }
}

TEST(Plan, TheTextOfCheck) {
  const auto s = with(kSurge, R"(  - scale_up: {to: 5, within: 60s}
  - latency: {p99: 1s, during: scaling})");
  EXPECT_EQ(plan_text(s, "f.yaml"), R"(f.yaml: f
target               http://127.0.0.1:8080
watched HPA          web
length               12m
requests             71 400, evenly spaced
highest rate         400/s
needed connections   40 at an assumed 100ms a request (Little's law: rate × latency), 400 at the limit of 1s; at most 256 are opened

  stage  shape      from        to                  rate      requests
  base   hold         0s       60s                  20/s         1 200
  up     ramp        60s       90s         20/s to 400/s         6 300
  peak   hold        90s     3m30s                 400/s        48 000
  down   ramp      3m30s        4m         400/s to 20/s         6 300
  after  hold         4m       12m                  20/s         9 600

requests
  100.0 %  GET /

criteria
  - scale up: web has 5 ready pods within 60s of up
  - p99 latency is at most 1s during the scaling phase

doubtful
  - f.yaml: connections.max: 256 connections carry 400/s only up to 640ms a request; at the latency limit of 1s it takes 400; set connections: {max: 400}, or the generator will hold requests back
  - f.yaml: connections.max_age: is not set: behind a Service kept-alive connections may never reach new pods; set connections: {max_age: 10s}, unless an HTTP proxy balances single requests
)");
}

TEST(Plan, TheTextShowsNoSecret) {
  const auto s = parsed(
      "target: http://h\nclient: {headers: {Authorization: Bearer abc}}\nrequests: [{name: n, get: /x?token=abc}]\n"
      "load: [{hold: 1/s, for: 1s}]\n");
  EXPECT_THAT(plan_text(s, "f"), Not(HasSubstr("abc")));
}

TEST(Concerns, SignalsLogsAndTheWarmUp) {
  const auto lines = [](std::string_view criterion, std::string_view replaced = "", std::string_view by = "") {
    std::string text{kObserved};
    if (!replaced.empty()) text.replace(text.find(replaced), replaced.size(), by);
    return concerns(parsed(text + "  - " + std::string{criterion} + "\n"));
  };
  EXPECT_THAT(lines("signal: {p95: {max: 1s}, during: surge}"), IsEmpty());
  EXPECT_THAT(lines("signal: {p95: {max: 1s}, during: dip}"),
              ElementsAre(HasSubstr("dip lasts 8s, and p95 is asked every 15s; ask more often")));
  EXPECT_THAT(lines("eventually: {signal: errors, above: 0, within: 10s}"), IsEmpty());
  EXPECT_THAT(
      lines("eventually: {signal: errors, above: 0, within: 8s}"),
      ElementsAre(HasSubstr("errors is asked every 5s, too seldom to tell what happens within 8s; write every: 2s")));
  EXPECT_THAT(lines("eventually: {logs: x, within: 5m}"), ElementsAre(HasSubstr("its deadline is 112s after")));
  EXPECT_THAT(lines("signal: {p95: {max: 1s}}", "prometheus: http://p:9090\n"),
              ElementsAre(HasSubstr("signals: it is not said which Prometheus knows them; add prometheus")));
  EXPECT_THAT(lines("scale_up: {to: 5, within: 60s, from: base}"),
              Contains(HasSubstr("warm_up: a scale-up counts from within the warm-up")));
}

}  // namespace
}  // namespace surgeproof
