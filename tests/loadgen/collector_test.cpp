#include "loadgen/collector.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "loadgen/recorder.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

constexpr RunTime kStart = 10s;  // of the load on the run's axis

Scenario scenario() {
  Scenario s;
  s.requests.resize(2);
  s.requests[0].name = "list";
  s.requests[1].name = "create";
  s.load.stages = {
      {.name = "calm", .shape = Stage::Shape::hold, .rate = {10}, .duration = 1500ms, .place = {}},
      {.name = "surge", .shape = Stage::Shape::step, .rate = {100}, .duration = 10s, .place = {}},
  };
  return s;
}

template <class T>
std::vector<T> only(const std::vector<Record>& records) {
  std::vector<T> found;
  for (const Record& record : records) {
    if (const T* wanted = std::get_if<T>(&record)) found.push_back(*wanted);
  }
  return found;
}

Event dispatched(std::chrono::nanoseconds planned, std::uint32_t request, std::chrono::nanoseconds late) {
  return {.planned = planned,
          .lateness = late,
          .request = request,
          .what = Event::kPlanned | Event::kDispatched | Event::kSent};
}

Event ended(std::chrono::nanoseconds planned, std::uint32_t request, Outcome outcome, int status,
            std::chrono::nanoseconds latency) {
  return {.planned = planned,
          .lateness = latency,
          .service = latency - 1ms,
          .bytes_received = 100,
          .request = request,
          .status = static_cast<std::uint16_t>(status),
          .what = Event::kEnded,
          .outcome = outcome};
}

struct Fixture {
  std::vector<Record> records;
  Collector collector;
  explicit Fixture(std::uint32_t workers)
      : collector(scenario(), kStart, workers, [this](Record r) { records.push_back(std::move(r)); }) {}
};

TEST(Sparse, EqualsWhatAHistogramKeeps) {
  std::mt19937_64 random{3};
  std::lognormal_distribution<double> latency{8, 3};
  std::vector<std::int64_t> samples;
  Histogram h;
  for (int i = 0; i < 5000; ++i) {
    samples.push_back(static_cast<std::int64_t>(std::min(latency(random), 4e9)));
    h.record(std::chrono::microseconds{samples.back()});
  }
  EXPECT_GT(h.clamped(), 0u);
  EXPECT_EQ(sparse_of(samples), h.sparse());
  std::vector<std::int64_t> none;
  EXPECT_EQ(sparse_of(none), SparseHistogram{});
}

TEST(Collector, KeysWindowsByPlannedInstantStageAndRequest) {
  Fixture f{1};
  Batch batch;
  batch.new_peers = {{"10.0.0.1:80", ""}};
  batch.events = {
      dispatched(1400ms, 0, 2ms),
      dispatched(1600ms, 0, 0ms),
      dispatched(1700ms, 1, 1ms),
      ended(1400ms, 0, Outcome::ok, 200, 30ms),
      ended(1600ms, 0, Outcome::bad_gateway, 503, 900ms),  // ends in the next window, counts in its own
      ended(1700ms, 1, Outcome::timeout, 0, 5s),
  };
  f.collector.add(batch);
  f.collector.emit(12s);
  const auto windows = only<LoadWindow>(f.records);
  ASSERT_EQ(windows.size(), 3u);
  const LoadWindow& calm = windows[0];
  EXPECT_EQ(calm.begin, kStart + 1s);
  EXPECT_EQ(calm.length, 1s);
  EXPECT_EQ(calm.stage, "calm");
  EXPECT_EQ(calm.request, "list");
  EXPECT_EQ(calm.planned, 1u);
  EXPECT_EQ(calm.sent, 1u);
  EXPECT_EQ(calm.count(Outcome::ok), 1u);
  EXPECT_EQ(calm.bytes_received, 100u);
  EXPECT_EQ(calm.latency.max_us, 30'000);
  EXPECT_EQ(calm.service_time.max_us, 29'000);
  EXPECT_EQ(windows[1].stage, "surge");
  EXPECT_EQ(windows[1].begin, kStart + 1s);
  EXPECT_EQ(windows[1].statuses, (std::map<int, std::uint64_t>{{503, 1}}));
  EXPECT_EQ(windows[1].latency.count(), 1u);
  EXPECT_EQ(windows[2].request, "create");
  EXPECT_EQ(windows[2].count(Outcome::timeout), 1u);
  EXPECT_EQ(windows[2].latency.count(), 0u);
}

TEST(Collector, DeltasAddUpOverBatches) {
  Fixture f{1};
  Batch first;
  first.new_peers = {{"10.0.0.1:80", ""}};
  first.events = {dispatched(100ms, 0, 0ms)};
  f.collector.add(first);
  f.collector.emit(11s);
  Batch second;
  second.window = 1;
  second.events = {ended(100ms, 0, Outcome::ok, 200, 1s)};
  f.collector.add(second);
  f.collector.finish(12s, {.at = 12s, .kind = LoadMark::Kind::finished});
  const auto windows = only<LoadWindow>(f.records);
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(windows[0].begin, windows[1].begin);
  EXPECT_EQ(windows[0].planned + windows[1].planned, 1u);
  EXPECT_EQ(windows[0].ended() + windows[1].ended(), 1u);
  EXPECT_TRUE(std::holds_alternative<LoadMark>(f.records.back()));
}

TEST(Collector, MergesTheHealthOfAllWorkers) {
  Fixture f{2};
  Batch a;
  a.window = 3;
  a.cpu_share = 0.25;
  a.backlog = 1;
  a.in_flight = 2;
  a.connections = 3;
  a.events = {dispatched(3s, 0, 5ms)};
  f.collector.add(a);
  f.collector.emit(14s);
  EXPECT_TRUE(only<GeneratorSample>(f.records).empty());  // one worker's part is missing
  Batch b;
  b.worker = 1;
  b.window = 3;
  b.cpu_share = 0.5;
  b.backlog = 10;
  b.in_flight = 20;
  b.connections = 30;
  b.events = {ended(1s, 0, Outcome::unsent, 0, 2s)};  // given up: its lateness counts too
  f.collector.add(b);
  f.collector.emit(14s);
  const auto samples = only<GeneratorSample>(f.records);
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_EQ(samples[0].begin, kStart + 3s);
  EXPECT_EQ(samples[0].busiest_worker, 0.5);
  EXPECT_EQ(samples[0].backlog, 11u);
  EXPECT_EQ(samples[0].in_flight, 22u);
  EXPECT_EQ(samples[0].connections, 33u);
  EXPECT_EQ(samples[0].schedule_error.count(), 2u);
  EXPECT_EQ(samples[0].schedule_error.max_us, 2'000'000);
}

TEST(Collector, DoesNotWaitForAWorkerThatHasEnded) {
  Fixture f{2};
  Batch last;
  last.worker = 1;
  last.window = 0;
  last.last = true;
  f.collector.add(last);
  Batch a;
  f.collector.add(a);
  a.window = 1;
  f.collector.add(a);
  f.collector.emit(12s);
  EXPECT_EQ(only<GeneratorSample>(f.records).size(), 2u);
}

TEST(Collector, CountsAnswersByPeerAndPodAtTheInstantOfTheAnswer) {
  Fixture f{2};
  for (std::uint32_t worker = 0; worker < 2; ++worker) {
    Recorder recorder;
    Event event = ended(900ms, 0, Outcome::ok, 200, 200ms);
    if (worker == 1) recorder.peer_index("10.0.0.9:80", "");
    event.peer = recorder.peer_index("10.0.0.1:80", worker == 0 ? "a" : "b");
    recorder.add(event);
    Batch batch = recorder.take({});
    batch.worker = worker;
    f.collector.add(batch);
  }
  f.collector.emit(12s);
  const auto peers = only<PeerWindow>(f.records);
  ASSERT_EQ(peers.size(), 2u);
  EXPECT_EQ(peers[0].begin, kStart + 1s);
  EXPECT_EQ(peers[0].peer, "10.0.0.1:80");
  EXPECT_EQ(peers[0].pod, "a");
  EXPECT_EQ(peers[1].pod, "b");
  EXPECT_EQ(peers[1].answered, 1u);
}

TEST(Recorder, BoundsFailuresByKindAndCountsTheRest) {
  Recorder recorder;
  std::uint64_t admitted = 0;
  for (int i = 0; i < 1000; ++i) admitted += recorder.admit_failure(Outcome::timeout) ? 1 : 0;
  EXPECT_EQ(admitted, Recorder::kFailuresPerBatch);
  EXPECT_TRUE(recorder.admit_failure(Outcome::unexpected_status));  // another kind has its own budget
  const Batch batch = recorder.take({});
  EXPECT_EQ(batch.overflow[static_cast<std::size_t>(Outcome::timeout)], 1000 - admitted);
  EXPECT_TRUE(recorder.admit_failure(Outcome::timeout));  // a new second
}

TEST(Recorder, BoundsThePodsItTellsApart) {
  Recorder recorder;
  std::set<std::uint32_t> indices;
  for (int i = 0; i < 10'000; ++i) indices.insert(recorder.peer_index("p", std::to_string(i)));
  EXPECT_LE(indices.size(), Recorder::kMaxPeers + 1);
  EXPECT_EQ(recorder.peer_index("p", "5"), recorder.peer_index("p", "5"));
}

TEST(Collector, RecordsABoundedNumberOfFailuresInFull) {
  Fixture f{1};
  Batch batch;
  Failure failure{.request = 1, .planned = 2s, .details = {}};
  failure.details.outcome = Outcome::reset;
  batch.failures.assign(Collector::kFailuresPerRun + 5, failure);
  batch.overflow[static_cast<std::size_t>(Outcome::reset)] = 3;
  f.collector.add(batch);
  f.collector.emit(13s);
  const auto failures = only<RequestFailure>(f.records);
  ASSERT_EQ(failures.size(), Collector::kFailuresPerRun);
  EXPECT_EQ(failures[0].stage, "surge");
  EXPECT_EQ(failures[0].request, "create");
  EXPECT_EQ(failures[0].planned, kStart + 2s);
  const auto overflow = only<FailureOverflow>(f.records);
  ASSERT_EQ(overflow.size(), 1u);
  EXPECT_EQ(overflow[0].outcomes[static_cast<std::size_t>(Outcome::reset)], 8u);
}

TEST(Collector, ShowsTheLatencyOfTheLastFiveSeconds) {
  Fixture f{1};
  for (int second = 0; second < 8; ++second) {
    Batch batch;
    batch.window = second;
    if (second == 0) batch.new_peers = {{"10.0.0.1:80", ""}};
    const auto latency = second == 0 ? std::chrono::nanoseconds{9s} : std::chrono::milliseconds{10 * second};
    batch.events = {ended(std::chrono::seconds{second}, 0, Outcome::ok, 200, latency)};
    f.collector.add(batch);
    f.collector.emit(kStart + std::chrono::seconds{second});
  }
  EXPECT_EQ(f.collector.recent_latency().count(), 5u);
  EXPECT_LT(f.collector.recent_latency().max(), 71ms);
  EXPECT_EQ(f.collector.answered_per_second(), 1);
}

}  // namespace
}  // namespace surgeproof::loadgen
