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

/// Fills batches as a worker does.
struct Source {
  LoadProfile profile{scenario().load.stages};
  Recorder recorder{profile, 2};

  void dispatched(std::chrono::nanoseconds planned, std::uint32_t request, std::chrono::nanoseconds late) {
    Cell& cell = recorder.tally().cell(recorder.key_of(planned, request));
    ++cell.planned;
    ++cell.sent;
    recorder.tally().schedule_error(late);
  }

  void ended(std::chrono::nanoseconds planned, std::uint32_t request, Outcome outcome, int status,
             std::chrono::nanoseconds latency, std::uint32_t peer = 0) {
    Tally& tally = recorder.tally();
    const CellKey key = recorder.key_of(planned, request);
    tally.end(
        tally.cell(key),
        {.outcome = outcome, .latency = latency, .service = latency - 1ms, .bytes_received = 100, .status = status});
    if (outcome == Outcome::unsent) tally.schedule_error(latency);
    if (!is_answered(outcome)) return;
    tally.answered((planned + latency) / kWindow, peer);
    tally.add_slow({.key = key,
                    .latency = latency,
                    .planned = kStart + planned,
                    .ended = kStart + planned + latency,
                    .sequence = 7,
                    .peer = peer,
                    .status = status});
  }

  std::unique_ptr<Batch> take(std::int64_t window = 0, std::unique_ptr<Batch> recycled = nullptr) {
    auto batch = recorder.take(std::move(recycled));
    batch->window = window;
    return batch;
  }
};

struct Fixture {
  std::vector<Record> records;
  Collector collector;
  explicit Fixture(std::uint32_t workers)
      : collector(scenario(), kStart, workers, [this](Record r) { records.push_back(std::move(r)); }) {}
};

TEST(PagedHistogram, EqualsWhatAHistogramKeeps) {
  std::mt19937_64 random{3};
  std::lognormal_distribution<double> latency{8, 3};
  PageStore store;
  PagedHistogram paged;
  PagedHistogram other;
  Histogram h;
  SparseHistogram sum;
  for (int i = 0; i < 5000; ++i) {
    const std::chrono::microseconds value{static_cast<std::int64_t>(std::min(latency(random), 4e9))};
    (i % 3 == 0 ? other : paged).record(store, value);
    h.record(value);
  }
  EXPECT_GT(h.clamped(), 0u);
  sum.merge(paged.sparse(store));
  sum.merge(other.sparse(store));
  EXPECT_EQ(sum, h.sparse());
  store.clear();
  paged.clear();
  EXPECT_TRUE(paged.empty());
  paged.record(store, -5ns);
  EXPECT_EQ(paged.sparse(store).buckets, (std::vector<std::pair<std::uint32_t, std::uint64_t>>{{0, 1}}));
}

TEST(Tally, CountsWhateverNumberOfCellsAndStatuses) {
  Tally tally{1};
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t request = 0; request < 500; ++request) {
      for (int status = 200; status < 212; ++status) {
        const CellKey key{.window = request % 7, .stage = request % 3, .request = request};
        tally.end(tally.cell(key), {.outcome = Outcome::ok, .latency = 1ms, .service = 1ms, .status = status});
      }
    }
    ASSERT_EQ(tally.cells().size(), 500u);
    for (const Cell& cell : tally.cells()) {
      LoadWindow w;
      tally.add_to(w, cell);
      EXPECT_EQ(w.statuses.size(), 12u);
      EXPECT_EQ(w.count(Outcome::ok), 12u);
      EXPECT_EQ(w.latency.count(), 12u);
    }
    tally.clear();
    EXPECT_TRUE(tally.cells().empty());
  }
}

TEST(Tally, KeepsTheSlowest) {
  Tally tally{1};
  for (int i = 0; i < 1000; ++i) tally.add_slow({.latency = std::chrono::milliseconds{(i * 37) % 1000}});
  ASSERT_EQ(tally.slowest().size(), Tally::kSlowest);
  for (const SlowExemplar& slow : tally.slowest()) EXPECT_GE(slow.latency, 990ms);
}

TEST(Collector, KeysWindowsByPlannedInstantStageAndRequest) {
  Fixture f{1};
  Source source;
  source.recorder.peer_index("10.0.0.1:80", "");
  source.dispatched(1400ms, 0, 2ms);
  source.dispatched(1600ms, 0, 0ms);
  source.dispatched(1700ms, 1, 1ms);
  source.ended(1400ms, 0, Outcome::ok, 200, 30ms);
  source.ended(1600ms, 0, Outcome::bad_gateway, 503, 900ms);  // ends in the next window, counts in its own
  source.ended(1700ms, 1, Outcome::timeout, 0, 5s);
  f.collector.add(*source.take());
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
  EXPECT_TRUE(calm.class_latency.empty());
  EXPECT_EQ(windows[1].stage, "surge");
  EXPECT_EQ(windows[1].begin, kStart + 1s);
  EXPECT_EQ(windows[1].statuses, (std::map<int, std::uint64_t>{{503, 1}}));
  EXPECT_EQ(windows[1].latency.count(), 1u);
  ASSERT_TRUE(windows[1].class_latency.contains(5));
  EXPECT_EQ(windows[1].class_latency.at(5), windows[1].latency);
  EXPECT_EQ(windows[2].request, "create");
  EXPECT_EQ(windows[2].count(Outcome::timeout), 1u);
  EXPECT_EQ(windows[2].latency.count(), 0u);
}

TEST(Collector, DeltasAddUpOverBatches) {
  Fixture f{1};
  Source source;
  source.recorder.peer_index("10.0.0.1:80", "");
  source.dispatched(100ms, 0, 0ms);
  auto first = source.take(0);
  f.collector.add(*first);
  f.collector.emit(11s);
  source.ended(100ms, 0, Outcome::ok, 200, 1s);
  f.collector.add(*source.take(1, std::move(first)));
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
  Source source;
  source.dispatched(3s, 0, 5ms);
  const auto a = source.take(3);
  a->cpu_share = 0.25;
  a->backlog = 1;
  a->in_flight = 2;
  a->connections = 3;
  f.collector.add(*a);
  f.collector.emit(14s);
  EXPECT_TRUE(only<GeneratorSample>(f.records).empty());  // one worker's part is missing
  source.ended(1s, 0, Outcome::unsent, 0, 2s);            // given up: its lateness counts too
  const auto b = source.take(3);
  b->worker = 1;
  b->cpu_share = 0.5;
  b->backlog = 10;
  b->in_flight = 20;
  b->connections = 30;
  f.collector.add(*b);
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

TEST(Collector, RecordsTheSlowestOfAllWorkersEveryTenSeconds) {
  Fixture f{2};
  for (std::uint32_t worker = 0; worker < 2; ++worker) {
    Source source;
    source.recorder.peer_index("10.0.0." + std::to_string(worker) + ":80", "pod");
    for (int i = 0; i < 20; ++i) source.ended(100ms, 0, Outcome::ok, 200, std::chrono::milliseconds{10 * i + worker});
    const auto batch = source.take(0);
    batch->worker = worker;
    f.collector.add(*batch);
  }
  f.collector.emit(12s);
  EXPECT_TRUE(only<SlowRequest>(f.records).empty());
  Source source;
  f.collector.add(*source.take(10));
  const auto slowest = only<SlowRequest>(f.records);
  ASSERT_EQ(slowest.size(), Collector::kSlowest);
  EXPECT_EQ(slowest[0].ended - slowest[0].planned, 191ms);
  EXPECT_EQ(slowest[0].peer, "10.0.0.1:80");
  EXPECT_EQ(slowest[0].pod, "pod");
  EXPECT_EQ(slowest[0].request, "list");
  EXPECT_EQ(slowest[0].trace_id.size(), 32u);
  EXPECT_EQ(slowest[1].peer, "10.0.0.0:80");
}

TEST(Collector, DoesNotWaitForAWorkerThatHasEnded) {
  Fixture f{2};
  Source source;
  const auto last = source.take(0);
  last->worker = 1;
  last->last = true;
  f.collector.add(*last);
  f.collector.add(*source.take(0));
  f.collector.add(*source.take(1));
  f.collector.emit(12s);
  EXPECT_EQ(only<GeneratorSample>(f.records).size(), 2u);
}

TEST(Collector, CountsAnswersByPeerAndPodAtTheInstantOfTheAnswer) {
  Fixture f{2};
  for (std::uint32_t worker = 0; worker < 2; ++worker) {
    Source source;
    if (worker == 1) source.recorder.peer_index("10.0.0.9:80", "");
    const auto peer = source.recorder.peer_index("10.0.0.1:80", worker == 0 ? "a" : "b");
    source.ended(900ms, 0, Outcome::ok, 200, 200ms, peer);
    const auto batch = source.take();
    batch->worker = worker;
    f.collector.add(*batch);
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
  Source source;
  Recorder& recorder = source.recorder;
  std::uint64_t admitted = 0;
  for (int i = 0; i < 1000; ++i) admitted += recorder.admit_failure(Outcome::timeout) ? 1 : 0;
  EXPECT_EQ(admitted, Recorder::kFailuresPerBatch);
  EXPECT_TRUE(recorder.admit_failure(Outcome::unexpected_status));  // another kind has its own budget
  const auto batch = source.take();
  EXPECT_EQ(batch->overflow[static_cast<std::size_t>(Outcome::timeout)], 1000 - admitted);
  EXPECT_TRUE(recorder.admit_failure(Outcome::timeout));  // a new second
}

TEST(Recorder, BoundsThePodsItTellsApart) {
  Source source;
  std::set<std::uint32_t> indices;
  for (int i = 0; i < 10'000; ++i) indices.insert(source.recorder.peer_index("p", std::to_string(i)));
  EXPECT_LE(indices.size(), Recorder::kMaxPeers + 1);
  EXPECT_EQ(source.recorder.peer_index("p", "5"), source.recorder.peer_index("p", "5"));
}

TEST(Collector, RecordsABoundedNumberOfFailuresInFull) {
  Fixture f{1};
  Source source;
  const auto batch = source.take();
  Failure failure{.request = 1, .planned = 2s, .details = {}};
  failure.details.outcome = Outcome::reset;
  batch->failures.assign(Collector::kFailuresPerRun + 5, failure);
  batch->overflow[static_cast<std::size_t>(Outcome::reset)] = 3;
  f.collector.add(*batch);
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
  Source source;
  source.recorder.peer_index("10.0.0.1:80", "");
  for (int second = 0; second < 8; ++second) {
    const auto latency = second == 0 ? std::chrono::nanoseconds{9s} : std::chrono::milliseconds{10 * second};
    source.ended(std::chrono::seconds{second}, 0, Outcome::ok, 200, latency);
    f.collector.add(*source.take(second));
    f.collector.emit(kStart + std::chrono::seconds{second});
  }
  EXPECT_EQ(f.collector.recent_latency().count(), 5u);
  EXPECT_LT(f.collector.recent_latency().max(), 71ms);
  EXPECT_EQ(f.collector.answered_per_second(), 1);
}

}  // namespace
}  // namespace surgeproof::loadgen
