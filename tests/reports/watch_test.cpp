#include <gtest/gtest.h>

#include "reports/text.h"
#include "tests/reports/text_lines.h"
#include "tests/reports/watch_story.h"

namespace surgeproof::reports {
namespace {

using namespace std::chrono_literals;
using Kind = WatchState::Kind;

void expect_shown(const std::string& screen, const std::string& part) {
  EXPECT_NE(screen.find(part), std::string::npos) << part << "\n" << screen;
}
void expect_hidden(const std::string& screen, const std::string& part) {
  EXPECT_EQ(screen.find(part), std::string::npos) << part << "\n" << screen;
}

WatchStory calm() {
  WatchStory s;
  s.hpa(2, 31).pod("aa", true).pod("bb", true).begin().until(5s);
  return s;
}

TEST(WatchScreen, FitsEveryTerminal) {
  WatchStory story = surge_watched();
  for (const bool colour : {false, true}) {
    for (const auto& [width, height] : {std::pair{80, 24}, {132, 50}, {60, 15}, {40, 10}, {20, 1}, {250, 8}}) {
      const auto lines = lines_of(story.screen(width, height, colour));
      EXPECT_LE(lines.size(), static_cast<std::size_t>(height));
      for (const std::string& line : lines) EXPECT_LE(columns(line), width) << line;
    }
  }
}

TEST(WatchScreen, SpeaksOfNoLoad) {
  for (const auto& [width, height] : {std::pair{80, 24}, {200, 60}}) {
    const std::string screen = surge_watched().screen(width, height);
    for (const char* word : {"offered", "served", "Latency", "Requests", "dropped", "Stage"})
      expect_hidden(screen, word);
  }
}

TEST(WatchScreen, KeepsWhatIsWrongLongestWhenThereIsLittleRoom) {
  const std::string screen = surge_watched().screen(80, 8);
  for (const char* part : {"Watching todo/backend", "Not seen metrics.k8s.io/pods for 4s: connection refused",
                           "5 desired (2 to 5, at max)", "ScalingLimited TooManyReplicas"}) {
    expect_shown(screen, part);
  }
}

TEST(WatchScreen, SaysThatNothingHasChanged) { expect_shown(calm().screen(80, 24), "Nothing has changed since."); }

TEST(WatchScreen, ShowsTheLatestNews) {
  WatchStory story = calm();
  for (int i = 0; i < 300; ++i) story.until(std::chrono::seconds{10 + i}).pod("p" + std::to_string(i), false);
  const std::string screen = story.screen(100, 30);
  expect_shown(screen, "p299 is created");
  expect_hidden(screen, "p250 is created");
  expect_shown(screen, "pods are starting or ending");
}

struct PodCase {
  const char* what;
  void (*happens)(WatchStory&);  // at 5 s
  const char* shown;             // at 12 s
};

class WatchedPods : public testing::TestWithParam<PodCase> {};

TEST_P(WatchedPods, AreShownWithTheirTime) {
  WatchStory story = calm();
  GetParam().happens(story);
  story.until(12s);
  expect_shown(story.screen(120, 40), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    States, WatchedPods,
    testing::Values(
        PodCase{"not_scheduled", [](WatchStory& s) { s.pod("cc", false, "", ""); },
                "starting backend-7d4b9-cc for 7s: not scheduled yet"},
        PodCase{"creating", [](WatchStory& s) { s.pod("cc", false, "ContainerCreating"); },
                "starting backend-7d4b9-cc for 7s: ContainerCreating"},
        PodCase{"running", [](WatchStory& s) { s.pod("cc", false); },
                "starting backend-7d4b9-cc for 7s: running, not Ready yet"},
        PodCase{"trouble", [](WatchStory& s) { s.pod("cc", false, "CrashLoopBackOff"); },
                "starting backend-7d4b9-cc for 7s: CrashLoopBackOff (app)"},
        // Since it is not Ready any more, not since it began.
        PodCase{"lost_readiness", [](WatchStory& s) { s.pod("aa", false); }, "not Ready backend-7d4b9-aa for 7s"},
        PodCase{"ending", [](WatchStory& s) { s.ending("aa"); }, "ending backend-7d4b9-aa for 7s of 30s grace"},
        // Still ending after later changes: its time goes on.
        PodCase{"ending_twice", [](WatchStory& s) { s.ending("aa").until(9s).ending("aa"); },
                "ending backend-7d4b9-aa for 7s of 30s grace"},
        PodCase{"still_starting", [](WatchStory& s) { s.pod("cc", false, "", "").until(9s).pod("cc", false); },
                "starting backend-7d4b9-cc for 7s: running"}),
    [](const auto& info) { return std::string(info.param.what); });

TEST(WatchedPods, ReadyAndGoneOnesAreNotShown) {
  WatchStory story = calm();
  story.pod("cc", false).pod("dd", false).until(6s).pod("cc", true).gone("dd").gone("aa").until(8s);
  const std::string screen = story.screen(120, 24);
  expect_hidden(screen, "starting");
  expect_shown(screen, "2 ready of 2 current");
}

TEST(WatchedPods, OfBeforeTheRecordingHaveNoTime) {
  WatchStory story;
  story.hpa(2, 31).pod("aa", false).begin().until(9s);
  const std::string screen = story.screen(120, 24);
  expect_shown(screen, "starting backend-7d4b9-aa: running, not Ready yet");
  expect_shown(screen, "0 ready of 1 current");
}

struct MetricCase {
  const char* what;
  HpaMetric metric;
  const char* shown;
};

HpaMetric metric_of(const std::string& name, void (*fill)(HpaMetric&)) {
  HpaMetric m;
  m.name = name;
  fill(m);
  return m;
}

class WatchedMetrics : public testing::TestWithParam<MetricCase> {};

TEST_P(WatchedMetrics, StandAgainstTheirTarget) {
  WatchStory story = calm();
  story.last_hpa.metrics.push_back(GetParam().metric);
  story.hpa(2, 40).until(8s);
  const std::string screen = story.screen(120, 40);
  expect_shown(screen, "cpu 40 % of 70 %");
  expect_shown(screen, GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, WatchedMetrics,
    testing::Values(MetricCase{"utilization",
                               metric_of("memory",
                                         [](HpaMetric& m) {
                                           m.target_utilization_percent = 80;
                                           m.current_utilization_percent = 20;
                                         }),
                               "memory 20 % of 80 %"},
                    MetricCase{"container",
                               metric_of("cpu",
                                         [](HpaMetric& m) {
                                           m.container = "app";
                                           m.target_utilization_percent = 80;
                                           m.current_utilization_percent = 95;
                                         }),
                               "app/cpu 95 % of 80 %"},
                    MetricCase{"average",
                               metric_of("requests",
                                         [](HpaMetric& m) {
                                           m.target_average_milli = 100'000;
                                           m.current_average_milli = 12'500;
                                         }),
                               "requests 12.5 of 100"},
                    MetricCase{"value",
                               metric_of("queue",
                                         [](HpaMetric& m) {
                                           m.target_value_milli = 30'000;
                                           m.current_value_milli = 0;
                                         }),
                               "queue 0 of 30"},
                    MetricCase{"unknown", metric_of("queue", [](HpaMetric& m) { m.target_value_milli = 30'000; }),
                               "queue unknown of 30"},
                    MetricCase{"no_target", metric_of("odd", [](HpaMetric&) {}), "          odd"}),
    [](const auto& info) { return std::string(info.param.what); });

TEST(WatchScreen, SaysWhatCannotBeSeenAndSinceWhen) {
  struct Row {
    std::string resource;
    std::string head;  // of the HPA
  };
  for (const Row& row : {Row{"pods", "– ready of – current, 2 desired"},
                         Row{"horizontalpodautoscalers", "2 ready of 2 current, – desired"},
                         Row{"events", "2 ready of 2 current, 2 desired"}}) {
    WatchStory story = calm();
    story.seen(row.resource, Kind::forbidden, "403").until(65s);
    const std::string dark = story.screen(100, 30);
    expect_shown(dark, "Not seen " + row.resource + " for 60s: 403");
    expect_shown(dark, row.head);
    story.seen(row.resource, Kind::synced).hpa(2, 31).until(70s);
    expect_hidden(story.screen(100, 30), "Not seen");
    expect_shown(story.screen(100, 30), "2 ready of 2 current, 2 desired");
  }
}

TEST(WatchScreen, ASignalThatCannotBeAskedHasNoValue) {
  WatchStory story = calm();
  story.hear(SignalSample{5s, "queue", 17.25, {}, 5s}).until(8s);
  expect_shown(story.screen(100, 30), "Signals  queue 17.25");
  story.seen("signals/queue", Kind::lost, "timeout").until(12s);
  expect_shown(story.screen(100, 30), "Signals  queue –");
}

TEST(WatchScreen, ChartsShowTwoMinutesThenAllThenTheLastTen) {
  struct Row {
    std::chrono::seconds now;
    std::string begin, end;
  };
  for (const Row& row : {Row{30s, "09:00:00", "09:02:00"}, Row{300s, "09:00:00", "09:05:00"},
                         Row{601s, "09:00:01", "09:10:01"}, Row{3600s, "09:50:00", "10:00:00"}}) {
    WatchStory story = calm();
    story.until(row.now);
    const auto axis = lines_of(story.screen(100, 30))[1];
    expect_shown(axis, row.begin + " ");
    EXPECT_TRUE(axis.ends_with(row.end)) << axis;
  }
}

TEST(WatchScreen, AKnownEndIsTheEndOfTheCharts) {
  WatchStory story = calm();
  story.settings().length = 5min;
  const auto lines = lines_of(story.screen(100, 30));
  EXPECT_TRUE(lines[0].ends_with("09:00:05 UTC  0:05 / 5:00 ")) << lines[0];
  EXPECT_TRUE(lines[1].ends_with("09:05:00")) << lines[1];
}

TEST(WatchScreen, OldPeaksLeaveTheChart) {
  WatchStory story = calm();
  story.hpa(2, 700).until(20s).hpa(2, 35).until(30s);
  expect_shown(story.screen(100, 40), "top of the chart 1000 % of target");
  story.until(700s);
  expect_shown(story.screen(100, 40), "top of the chart 125 % of target");
}

TEST(WatchScreen, HpasThatAreNotThere) {
  WatchStory missing;
  missing.begin().until(3s);
  expect_shown(missing.screen(80, 24), "todo/backend  the HPA was not seen yet");
  WatchStory story = calm();
  story.last_hpa.deleted = true;
  story.hpa(2, 31).until(8s);
  expect_shown(story.screen(80, 24), "the HPA was deleted");
}

TEST(WatchScreen, TextFromOutsideHoldsNoControlCharacters) {
  WatchStory story = calm();
  story.hpa(3, 31, {{"ScalingActive", "False", "\x1b[2J", "\x1b]0;title\x07", {}}});
  story.pod("\x1b[31m", false, "\x1b[2J").seen("pods", Kind::lost, "\x1b[H\nnext").until(9s);
  EXPECT_EQ(story.screen(120, 40).find('\x1b'), std::string::npos);
  EXPECT_LE(lines_of(story.screen(120, 40)).size(), 40U);
}

}  // namespace
}  // namespace surgeproof::reports
