#include "analyzers/health.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

struct HealthRow {
  std::string name;
  std::function<void(Story&)> tell;
  std::string id;
  Status status{};
  std::string reason;
};

TEST(Health, Table) {
  const HealthRow rows[] = {
      {"on time", [](Story& s) { s.during(0s, 60s).generator(1ms, 0.5); }, "generator schedule", Status::pass,
       "on_time"},
      {"50 ms are allowed", [](Story& s) { s.during(0s, 60s).generator(50ms, 0.5); }, "generator schedule",
       Status::pass, "on_time"},
      {"more are not", [](Story& s) { s.during(0s, 60s).generator(51ms, 0.5); }, "generator schedule",
       Status::inconclusive, "late"},
      {"5 % of a latency limit of 1 s",
       [](Story& s) {
         s.criterion(LatencyCriterion{99, 1s, {}, ""}).criterion(LatencyCriterion{99, 2s, {}, ""});
         s.during(0s, 60s).generator(50ms, 0.5);
       },
       "generator schedule", Status::pass, "on_time"},
      {"and not more",
       [](Story& s) {
         s.criterion(LatencyCriterion{99, 1s, {}, ""}).criterion(LatencyCriterion{99, 2s, {}, ""});
         s.during(0s, 60s).generator(51ms, 0.5);
       },
       "generator schedule", Status::inconclusive, "late"},
      {"but 10 ms, if the limit is 20 ms",
       [](Story& s) { s.criterion(LatencyCriterion{99, 20ms, {}, ""}).during(0s, 60s).generator(10ms, 0.5); },
       "generator schedule", Status::pass, "on_time"},
      {"late behind a full pool", [](Story& s) { s.during(0s, 60s).generator(500ms, 0.5, 30, 256); },
       "generator schedule", Status::inconclusive, "connections_exhausted"},
      {"CPU to spare", [](Story& s) { s.during(0s, 60s).generator(1ms, 0.9); }, "generator cpu", Status::pass,
       "idle_enough"},
      {"two bad windows are a burst",
       [](Story& s) {
         s.during(0s, 60s).generator(1ms, 0.5);
         s.during(60s, 62s).generator(1ms, 0.99);
       },
       "generator cpu", Status::pass, "idle_enough"},
      {"three are saturation",
       [](Story& s) {
         s.during(0s, 60s).generator(1ms, 0.5);
         s.during(60s, 63s).generator(1ms, 0.99);
       },
       "generator cpu", Status::inconclusive, "saturated"},
      {"one of 1000 lost", [](Story& s) { s.during(0s, 10s).traffic(999, 10ms).outcome(Outcome::unsent, 1); },
       "generator demand", Status::pass, "sent"},
      {"two of 1000 lost", [](Story& s) { s.during(0s, 10s).traffic(998, 10ms).outcome(Outcome::generator_error, 2); },
       "generator demand", Status::inconclusive, "unsent_demand"},
      {"a right is missing", [](Story& s) { s.at(0s).watch("events", WatchState::Kind::forbidden, "no right"); },
       "watch events", Status::inconclusive, "forbidden"},
      {"no metrics API", [](Story& s) { s.at(1s).watch("metrics.k8s.io/pods", WatchState::Kind::missing); },
       "watch metrics.k8s.io/pods", Status::inconclusive, "missing"},
      {"a gap",
       [](Story& s) {
         s.at(5s).watch("pods", WatchState::Kind::lost);
         s.at(9s).watch("pods", WatchState::Kind::synced);
       },
       "watch pods", Status::inconclusive, "watch_gap"},
  };
  for (const HealthRow& row : rows) {
    SCOPED_TRACE(row.name);
    Story story;
    row.tell(story);
    const auto findings = judge_health(story.scenario, story.timeline());
    const auto it = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.id == row.id; });
    ASSERT_NE(it, findings.end());
    EXPECT_EQ(name_of(it->status), name_of(row.status)) << it->sentence;
    EXPECT_EQ(it->reason, row.reason) << it->sentence;
  }
}

TEST(Health, SaturationThatCannotMoveAPercentileIsNone) {
  Story story;
  story.during(0s, 400s).generator(1ms, 0.5);
  story.during(400s, 403s).generator(1ms, 0.99);  // 3 of 403 windows: under 1 %
  EXPECT_FALSE(generator_in(story.scenario, story.timeline(), {0s, kLoadEnd}).saturated);
}

TEST(Health, NothingIsSaidOfAWatchWithoutGaps) {
  Story story;
  tell_good_run(story);
  const auto findings = judge_health(story.scenario, story.timeline());
  ASSERT_EQ(findings.size(), 3u);
  for (const Finding& f : findings) EXPECT_EQ(f.status, Status::pass) << f.sentence;
}

}  // namespace
}  // namespace surgeproof::test
