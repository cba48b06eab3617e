#include "analyzers/condensed_load.h"

#include <gtest/gtest.h>

#include <random>

#include "analyzers/judge.h"
#include "analyzers/timeline.h"
#include "scenarios/scenario.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

Scenario two_stages(RunTime length) {
  Scenario s;
  s.target = "http://127.0.0.1:1";
  s.requests.resize(2);
  s.requests[0].name = "a";
  s.requests[1].name = "b";
  s.load.stages = {{"low", Stage::Shape::hold, {100}, length / 2, {}},
                   {"high", Stage::Shape::hold, {200}, length / 2, {}}};
  const auto latency = [](double percentile, std::chrono::milliseconds limit, During during, std::string request) {
    return Criterion{LatencyCriterion{percentile, limit, std::move(during), std::move(request)}, {}};
  };
  const During high{During::Kind::stage, "high"};
  s.criteria = {latency(99, 60ms, {}, ""),
                latency(50, 3ms, high, ""),
                latency(99.9, 1s, {}, "b"),
                Criterion{ErrorRateCriterion{{0.05}, {}, ""}, {}},
                Criterion{ErrorRateCriterion{{0.05}, high, "a"}, {}},
                Criterion{DroppedRequestsCriterion{3, {}}, {}}};
  return s;
}

/// A run of that many seconds, second by second: a part fails, some answers come late, the generator has its moods.
std::vector<Record> records_of(int seconds) {
  std::mt19937_64 numbers{11};
  std::lognormal_distribution<double> latency{8, 1};
  std::vector<Record> out{LoadMark{.at = 500ms, .kind = LoadMark::Kind::started}};
  for (int second = 0; second < seconds; ++second) {
    for (const char* request : {"a", "b"}) {
      Histogram from_plan;
      Histogram from_send;
      LoadWindow w;
      w.begin = 500ms + second * 1s;
      w.length = 1s;
      w.stage = 2 * second < seconds ? "low" : "high";
      w.request = request;
      for (int i = 0; i < 50; ++i) {
        const auto us = std::chrono::microseconds{static_cast<std::int64_t>(latency(numbers))};
        from_send.record(us);
        from_plan.record(us + 100us);
        ++w.outcomes[numbers() % 20 == 0 ? 1 : 0];
      }
      w.outcomes[static_cast<std::size_t>(Outcome::timeout)] = numbers() % 2;
      w.planned = w.sent = w.ended();
      w.statuses[200] = w.count(Outcome::ok);
      w.statuses[404] = w.outcomes[1];
      w.bytes_received = 5000;
      w.latency = from_plan.sparse();
      w.service_time = from_send.sparse();
      for (std::uint64_t i = 0; i < w.outcomes[1]; ++i) {
        RequestFailure f;
        f.outcome = Outcome::unexpected_status;
        f.request = request;
        f.stage = w.stage;
        f.planned = w.begin;
        f.ended = w.begin + 1ms;
        out.emplace_back(std::move(f));
      }
      out.emplace_back(std::move(w));
    }
    out.emplace_back(PeerWindow{500ms + second * 1s, 1s, "127.0.0.1:1", "pod", 100});
    GeneratorSample g;
    g.begin = 500ms + second * 1s;
    g.length = 1s;
    g.busiest_worker = static_cast<double>(numbers() % 80) / 100;
    g.backlog = numbers() % 3;
    g.in_flight = numbers() % 30;
    Histogram error;
    error.record(std::chrono::microseconds{numbers() % 2000}, 100);
    g.schedule_error = error.sparse();
    out.emplace_back(std::move(g));
  }
  out.emplace_back(LoadMark{.at = 500ms + seconds * 1s + 200ms, .kind = LoadMark::Kind::finished});
  return out;
}

Verdict judged(const Scenario& scenario, const std::vector<Record>& records) {
  TimelineBuilder builder{scenario};
  for (const Record& r : records) builder.add(r);
  Verdict v = judge(scenario, builder.build(1h, true));
  v.causes.clear();  // these also speak of single windows
  for (Finding& f : v.findings) f.causes.clear();
  return v;
}

TEST(CondensedLoad, IsJudgedAsTheWholeIs) {
  const Scenario scenario = two_stages(60s);
  const auto records = records_of(60);
  CondensedLoad condensed;
  for (const Record& r : records) condensed.add(r);
  const Verdict whole = judged(scenario, records);
  ASSERT_EQ(whole.findings.size(), 6u);
  EXPECT_EQ(judged(scenario, condensed.records()), whole);
}

TEST(CondensedLoad, DoesNotGrow) {
  CondensedLoad condensed;
  std::size_t after_an_hour = 0;
  const auto records = records_of(600);
  for (int part = 0; part < 12; ++part) {
    for (const Record& r : records) condensed.add(r);
    if (part == 5) after_an_hour = condensed.records().size();
  }
  // 2 stages of 2 requests, a peer, examples of one outcome, their overflow, the samples and the marks.
  EXPECT_LE(after_an_hour, 4 + 1 + CondensedLoad::kExamples + 1 + CondensedLoad::kSamples + 6 * 2);
  EXPECT_LE(condensed.records().size(), 4 + 1 + CondensedLoad::kExamples + 1 + CondensedLoad::kSamples + 12 * 2);
}

TEST(CondensedLoad, KeepsTheSlowest) {
  CondensedLoad condensed;
  for (int i = 0; i < 1000; ++i) {
    SlowRequest slow;
    slow.planned = 1s * i;
    slow.ended = slow.planned + 1ms * (i * 617 % 1000);  // each latency once, in disorder
    condensed.add(slow);
  }
  std::vector<RunTime> latencies;
  for (const Record& r : condensed.records()) {
    if (const auto* slow = std::get_if<SlowRequest>(&r)) latencies.push_back(slow->ended - slow->planned);
  }
  ASSERT_EQ(latencies.size(), CondensedLoad::kSlowest);
  EXPECT_EQ(latencies.front(), 999ms);
  EXPECT_EQ(latencies.back(), 990ms);
}

TEST(CondensedLoad, LosesNoCount) {
  CondensedLoad condensed;
  for (const Record& r : records_of(2000)) condensed.add(r);
  std::uint64_t latencies = 0;
  std::uint64_t schedule_errors = 0;
  std::uint64_t failures = 0;
  std::uint64_t unexpected = 0;
  std::uint64_t bytes = 0;
  for (const Record& r : condensed.records()) {
    if (const auto* w = std::get_if<LoadWindow>(&r)) {
      latencies += w->latency.count();
      unexpected += w->count(Outcome::unexpected_status);
      bytes += w->bytes_received;
    }
    if (const auto* g = std::get_if<GeneratorSample>(&r)) schedule_errors += g->schedule_error.count();
    if (std::holds_alternative<RequestFailure>(r)) ++failures;
    if (const auto* o = std::get_if<FailureOverflow>(&r)) failures += o->outcomes[1];
  }
  EXPECT_EQ(latencies, 2000u * 100);
  EXPECT_EQ(schedule_errors, 2000u * 100);
  EXPECT_EQ(bytes, 2000u * 2 * 5000);
  EXPECT_EQ(failures, unexpected);
}

}  // namespace
}  // namespace surgeproof
