// What a pod can do, read off a recording whose truth is known.
#include "analyzers/whatif/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/timeline_builder.h"

namespace surgeproof::whatif {
namespace {

using namespace std::chrono_literals;
using test::kWallZero;
using test::Story;

constexpr double kIdle = 3;
constexpr double kCost = 2;  ///< ms of CPU a request

/// Requests per second that one pod gets in the good run: 2 pods, 4 from 90 s, 5 from 95 s, 2 from 580 s.
double share_at(RunTime t) {
  const double rate = t >= test::kSurge && t < test::kSurgeEnd ? 400 : 20;
  return rate / (t < 90s ? 2 : t < 95s ? 4 : t < 580s ? 5 : 2);
}

/// The pod's usage over the window that ends then, cut off to whole seconds, as metrics-server tells it.
PodMetricsSample sample(const std::string& pod, RunTime end, RunTime window, RunTime observed) {
  double millicores = 0;
  int steps = 0;
  for (RunTime t = end - window; t < end; t += 100ms, ++steps) millicores += kIdle + kCost * share_at(t);
  PodMetricsSample s;
  s.observed = observed;
  s.ns = "default";
  s.pod = pod;
  s.timestamp = kWallZero + std::chrono::floor<std::chrono::seconds>(end);
  s.window = window;
  s.containers = {{"app", static_cast<std::int64_t>(std::llround(millicores / steps * 1e6)), 0}};
  return s;
}

/// Every pod is measured every 15 s; pod k `stagger` times k later than the first.
FittedService fit_with(RunTime stagger) {
  Story story;
  test::tell_good_run(story);
  for (int k = 0; k < 5; ++k) {
    const RunTime first = k < 2 ? 20s : 115s;
    const RunTime last = k < 2 ? test::kLoadEnd : 575s;
    for (RunTime end = first + k * stagger; end < last; end += 15s) {
      story.records.emplace_back(sample(fmt::format("todo-{}", k + 1), end + 300ms, 14s, end + 1300ms));
    }
  }
  const Timeline timeline = story.timeline();
  return fit_service(timeline, story.scenario, timeline.hpas.at(0), kWallZero, {});
}

TEST(Fit, FindsWhatAPodUses) {
  for (const RunTime stagger : {RunTime{0s}, RunTime{1s}, RunTime{2700ms}}) {
    const FittedService f = fit_with(stagger);
    ASSERT_TRUE(f.has_capacity) << "each pod measured in its own time, " << stagger.count() / 1000000 << " ms apart";
    EXPECT_NEAR(f.service.pod.cpu_per_request_ms, kCost, 0.02);
    EXPECT_NEAR(f.service.pod.idle_millicores, kIdle, 0.3);
    EXPECT_LT(f.cpu_per_request_error_ms, 0.05);
    EXPECT_GT(f.windows, 100u);
    EXPECT_EQ(f.service.loop.metric_resolution, 15s) << "from sample to sample of the same pod";
    EXPECT_EQ(f.service.loop.metric_window, 14s);
    EXPECT_NEAR(static_cast<double>(f.service.loop.metric_lag.count()) / 1e9, 1.0, 0.6)
        << "the stamps are whole seconds";
  }
}

TEST(Fit, SaysWhenThereIsTooLittle) {
  Story story;
  test::tell_good_run(story);
  const Timeline timeline = story.timeline();
  const FittedService f = fit_service(timeline, story.scenario, timeline.hpas.at(0), kWallZero, {});
  EXPECT_FALSE(f.has_capacity);
  EXPECT_THAT(f.remarks, testing::Contains(testing::HasSubstr("too few windows of steady load")));
}

}  // namespace
}  // namespace surgeproof::whatif
