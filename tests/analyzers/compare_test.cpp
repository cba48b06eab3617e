#include "analyzers/compare/compare.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <iostream>
#include <random>

#include "analyzers/judge.h"
#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

using ::testing::HasSubstr;

// A run whose seconds drift together, as those of real services do.
Story noisy_run(std::uint64_t seed, double slower = 1, double broken_share = 0) {
  Story story;
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal{0, 1};
  std::uniform_real_distribution<double> uniform{0, 1};
  double drift = 0;
  for (int s = 0; s < 720; ++s) {
    drift = 0.8 * drift + 0.6 * 0.15 * normal(random);
    const bool surge = s >= 60 && s < 240;
    const int rate = surge ? 80 : 20;
    Histogram h;
    std::uint64_t errors = 0;
    for (int i = 0; i < rate; ++i) {
      if (uniform(random) < broken_share) {
        ++errors;
        continue;
      }
      const double ms = (surge ? 120 : 40) * slower * std::exp(drift + 0.4 * normal(random));
      h.record(std::chrono::microseconds{static_cast<std::int64_t>(1000 * ms)});
    }
    LoadWindow w;
    w.begin = std::chrono::seconds{s};
    w.length = 1s;
    w.stage = surge ? "surge" : s < 60 ? "baseline" : "after";
    w.request = "list";
    w.planned = w.sent = static_cast<std::uint64_t>(rate);
    w.outcomes[0] = static_cast<std::uint64_t>(rate) - errors;
    w.outcomes[static_cast<std::size_t>(Outcome::server_error)] = errors;
    w.latency = w.service_time = h.sparse();
    story.records.emplace_back(std::move(w));
  }
  // The control loop has its own jitter.
  const RunTime decided = 70s + std::chrono::milliseconds{random() % 15'000};
  story.at(decided).cpu(180).replicas(5);
  story.at(decided + 15s).ready(5);
  story.at(580s).replicas(2);
  story.during(0s, kLoadEnd).generator(100us, 0.2);
  story.criterion(ScaleUpCriterion{"", 5, 60s, std::nullopt});
  story.criterion(LatencyCriterion{99, 1s, {During::Kind::phase, "scaling"}, ""});
  story.criterion(ErrorRateCriterion{Ratio{0.01}, {}, ""});
  return story;
}

CompareReport compare(const Story& a, const Story& b) {
  const Timeline before = a.timeline();
  const Timeline after = b.timeline();
  const Verdict verdict_a = judge(a.scenario, before);
  const Verdict verdict_b = judge(b.scenario, after);
  return compare_runs({a.scenario, before, verdict_a}, {b.scenario, after, verdict_b});
}

const Comparison& find(const CompareReport& r, std::string_view id) {
  for (const auto* list : {&r.criteria, &r.phases}) {
    for (const Comparison& c : *list) {
      if (c.id == id) return c;
    }
  }
  throw std::runtime_error("no comparison " + std::string{id});
}

TEST(Compare, EqualRunsRaiseFewFalseAlarms) {
  constexpr int kPairs = 100;
  int alarms = 0;
  int unsure = 0;
  for (int i = 0; i < kPairs; ++i) {
    const CompareReport r = compare(noisy_run(1000 + 2 * i), noisy_run(1001 + 2 * i));
    if (r.exit_code() == 1) {
      ++alarms;
      std::cout << r.headline << '\n';
    }
    unsure += r.exit_code() == 4 ? 1 : 0;
  }
  std::cout << fmt::format("false alarms: {} of {} pairs of equal runs, cannot say: {}\n", alarms, kPairs, unsure);
  EXPECT_LE(alarms, 5);
  EXPECT_LE(unsure, 10);
}

TEST(Compare, FindsASlowdown) {
  int found = 0;
  for (std::uint64_t i = 0; i < 20; ++i)
    found += compare(noisy_run(i), noisy_run(500 + i, 1.35)).exit_code() == 1 ? 1 : 0;
  EXPECT_GE(found, 19);
  const CompareReport r = compare(noisy_run(1), noisy_run(2, 1.5));
  const Comparison& c = find(r, "phase scaled p95");
  EXPECT_EQ(c.change, Change::worse) << c.sentence;
  EXPECT_NEAR(*c.effect, 0.5, 0.15);
  EXPECT_LT(*c.effect_low, *c.effect);
  EXPECT_THAT(r.headline, HasSubstr("worse in "));
}

TEST(Compare, FindsASpeedUp) {
  const CompareReport r = compare(noisy_run(1), noisy_run(2, 0.6));
  EXPECT_EQ(r.exit_code(), 0) << r.headline;
  EXPECT_EQ(r.overall, Change::better);
}

TEST(Compare, MoreErrorsAreWorse) {
  const CompareReport r = compare(noisy_run(1), noisy_run(2, 1, 0.03));
  EXPECT_EQ(find(r, "phase scaled errors").change, Change::worse);
  EXPECT_EQ(find(r, "error_rate").change, Change::worse);
  EXPECT_EQ(find(r, "error_rate").reason, "broken");
  EXPECT_EQ(compare(noisy_run(1, 1, 0.03), noisy_run(2, 1, 0.03)).exit_code(), 0);
}

TEST(Compare, ANewDropOfAPassedCriterionIsWorse) {
  Story a = noisy_run(1);
  Story b = noisy_run(2);
  a.criterion(DroppedRequestsCriterion{0, {}});
  b.criterion(DroppedRequestsCriterion{0, {}}).at(100s).failure(failed_new(Outcome::reset));
  const CompareReport r = compare(a, b);
  EXPECT_EQ(r.exit_code(), 1);
  EXPECT_EQ(find(r, "dropped_requests").change, Change::worse);
}

TEST(Compare, AnotherLoadIsNotCompared) {
  Story a = noisy_run(1);
  Story b = noisy_run(2);
  b.during(kSurge, kSurgeEnd).traffic(200, 100ms);
  const CompareReport r = compare(a, b);
  EXPECT_EQ(find(r, "phase scaled").reason, "different_load");
}

TEST(Compare, AnInconclusiveCandidateCannotBeCalledGood) {
  Story b = noisy_run(2);
  b.during(kSurge, kSurgeEnd).outcome(Outcome::unsent, 40);
  const CompareReport r = compare(noisy_run(1), b);
  EXPECT_EQ(r.exit_code(), 4) << r.headline;
}

TEST(Compare, TheLoopsOwnJitterIsNoRegression) {
  Story a = noisy_run(1);
  Story b = noisy_run(1);
  a.scenario.criteria[0].rule = ScaleUpCriterion{"", 5, 60s, std::nullopt};
  b.scenario.criteria[0].rule = ScaleUpCriterion{"", 5, 5s, std::nullopt};  // the same run breaks it
  const CompareReport r = compare(a, b);
  EXPECT_EQ(find(r, "scale_up todo").change, Change::unclear) << find(r, "scale_up todo").sentence;
}

}  // namespace
}  // namespace surgeproof::test
