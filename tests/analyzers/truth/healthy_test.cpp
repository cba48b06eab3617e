// No false fail and no false pass: 200 healthy runs of random shape, and each of them again with one thing broken.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <iostream>
#include <random>

#include "analyzers/judge.h"
#include "tests/support/timeline_builder.h"

namespace surgeproof::test {
namespace {

enum class Broken : std::uint8_t { nothing, late_scale_up, slow, errors, drops, early_scale_down, flapping };
constexpr std::size_t kBroken = 7;
// The criterion that each of them breaks, by its place in the scenario.
constexpr std::array<int, kBroken> kBreaks{-1, 0, 1, 2, 3, 5, 4};

class Trial {
 public:
  Trial(std::uint64_t seed, Broken broken) : random_(seed), broken_(broken) {}

  Verdict judged() {
    load();
    scaling();
    story_.during(0s, kLoadEnd).generator(std::chrono::microseconds{50 + random_() % 400}, uniform(0.05, 0.6));
    story_.criterion(ScaleUpCriterion{"", 5, 60s, std::nullopt})
        .criterion(LatencyCriterion{99, 1s, {During::Kind::phase, "scaling"}, ""})
        .criterion(ErrorRateCriterion{Ratio{0.01}, {}, ""})
        .criterion(DroppedRequestsCriterion{0, {}})
        .criterion(ReplicasCriterion{"", 2, 5, 4, {}})
        .criterion(ScaleDownCriterion{"", 2, 300s, 420s, std::nullopt});
    return story_.verdict();
  }

 private:
  double uniform(double a, double b) { return std::uniform_real_distribution<double>{a, b}(random_); }

  // Lognormal latencies whose median wanders; 99 of 100 within 0.75 s, unless slowness is what is broken.
  void load() {
    std::normal_distribution<double> normal{0, 1};
    const double median_ms = uniform(20, 150);
    const double worse = broken_ == Broken::slow ? uniform(2200, 4000) / median_ms : 1;
    double drift = 0;
    for (int s = 0; s < 720; ++s) {
      drift = 0.9 * drift + 0.44 * 0.2 * normal(random_);
      const bool surge = s >= 60 && s < 240;
      Histogram h;
      for (int i = 0; i < 40; ++i) {
        const double ms =
            median_ms * (surge ? worse : 1) * std::exp(std::clamp(drift, -0.5, 0.5) + 0.4 * normal(random_));
        h.record(std::chrono::microseconds{static_cast<std::int64_t>(1000 * std::min(ms, 9000.0))});
      }
      LoadWindow w;
      w.begin = std::chrono::seconds{s};
      w.length = 1s;
      w.stage = s < 60 ? "baseline" : surge ? "surge" : "after";
      w.request = "list";
      w.planned = w.sent = 40;
      w.outcomes[0] = 40;
      if (broken_ == Broken::errors && random_() % 3 == 0) {
        w.outcomes[0] -= 3;
        w.outcomes[static_cast<std::size_t>(Outcome::server_error)] = 3;
      }
      w.latency = w.service_time = h.sparse();
      story_.records.emplace_back(std::move(w));
    }
    if (broken_ == Broken::drops)
      story_.at(std::chrono::seconds{20 + random_() % 600}).failure(failed_new(Outcome::reset));
  }

  RunTime at(double seconds) { return std::chrono::milliseconds{static_cast<std::int64_t>(1000 * seconds)}; }

  void scaling() {
    const double seen = 60 + uniform(3, 25);
    story_.at(at(seen)).cpu(static_cast<int>(uniform(90, 250)));
    const double decided = seen + uniform(0.1, 14);
    story_.at(at(decided)).replicas(5);
    const double ready = broken_ == Broken::late_scale_up ? uniform(122, 200) : decided + uniform(3, 18);
    story_.at(at(decided + 0.5)).scheduled("todo-3").scheduled("todo-4").scheduled("todo-5");
    story_.at(at(ready - 1)).ready(4);
    story_.at(at(ready)).ready(5);
    if (broken_ == Broken::flapping) {
      for (int i = 0; i < 3; ++i) {
        story_.at(at(245 + 20 * i)).replicas(4);
        story_.at(at(255 + 20 * i)).replicas(5);
        story_.at(at(257 + 20 * i)).ready(5);
      }
    }
    story_.at(at(uniform(261, 280))).cpu(10);
    const double down = broken_ == Broken::early_scale_down ? uniform(320, 530) : uniform(545, 650);
    story_.at(at(down)).replicas(2);
  }

  Story story_;
  std::mt19937_64 random_;
  Broken broken_;
};

TEST(Truth, HealthyRunsPassAndBrokenOnesFail) {
  constexpr std::uint64_t kRuns = 200;
  int false_fails = 0;
  int false_passes = 0;
  int unsure = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const Verdict good = Trial(seed, Broken::nothing).judged();
    false_fails += good.status == Status::fail ? 1 : 0;
    unsure += good.status == Status::inconclusive ? 1 : 0;
    if (good.status != Status::pass) std::cout << "seed " << seed << ": " << headline(good) << '\n';

    const auto broken = static_cast<Broken>(1 + seed % (kBroken - 1));
    const Verdict bad = Trial(seed, broken).judged();
    const Finding& f = bad.findings.at(static_cast<std::size_t>(kBreaks[static_cast<std::size_t>(broken)]));
    false_passes += bad.status == Status::pass || f.status == Status::pass ? 1 : 0;
    unsure += f.status == Status::inconclusive ? 1 : 0;
    if (f.status != Status::fail) std::cout << "seed " << seed << ": " << f.id << ": " << f.sentence << '\n';
  }
  std::cout << fmt::format("{} healthy and {} broken runs: false fails {}, false passes {}, not decided {}\n", kRuns,
                           kRuns, false_fails, false_passes, unsure);
  EXPECT_EQ(false_fails, 0);
  EXPECT_EQ(false_passes, 0);
  EXPECT_EQ(unsure, 0);
}

}  // namespace
}  // namespace surgeproof::test
