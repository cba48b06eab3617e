#include "loadgen/engine.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/net/tls_context.h"
#include "loadgen/collector.h"
#include "loadgen/mailbox.h"
#include "loadgen/plan.h"
#include "loadgen/worker.h"

namespace surgeproof::loadgen {

using namespace std::chrono_literals;

namespace {

// Each connection is a file descriptor, and the usual soft limit is 1024.
void raise_descriptor_limit(int connections) {
  const auto needed = static_cast<rlim_t>(std::max(0, connections)) + 256;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= needed) return;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? needed : std::min(needed, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);  // if it may not be raised, EMFILE is counted as a generator error
}

}  // namespace

std::uint64_t LiveCounters::ended() const {
  return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0});
}

std::uint64_t LiveCounters::dropped() const {
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < kOutcomes; ++i) n += is_drop(static_cast<Outcome>(i)) ? outcomes[i] : 0;
  return n;
}

struct Engine::State {
  State(const Scenario& wanted, ClockAnchor clock, RecordSink records)
      : scenario(wanted), anchor(clock), sink(std::move(records)) {}

  std::expected<void, std::string> prepare(RunTime load_start);
  std::expected<void, std::string> start_threads();
  void collect();
  void publish();

  Scenario scenario;
  ClockAnchor anchor;
  RecordSink sink;
  std::optional<Plan> plan;
  Mailbox mailbox;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  std::thread collecting;
  std::optional<Collector> collector;  // the collecting thread's own
  std::atomic<std::int64_t> stop_ns{-1};

  mutable std::mutex mutex;  // guards what follows
  std::condition_variable ended_changed;
  bool ended = true;  // until started
  LiveCounters published;
};

std::expected<void, std::string> Engine::State::prepare(RunTime load_start) {
  auto made = make_plan(scenario, std::thread::hardware_concurrency());
  if (!made) return std::unexpected(std::move(made.error()));
  plan = std::move(*made);
  plan->anchor = anchor;
  plan->load_start = load_start;
  raise_descriptor_limit(plan->connections.max);
  for (std::uint32_t i = 0; i < plan->workers; ++i) {
    std::unique_ptr<net::TlsContext> tls;
    if (plan->target.tls) {
      auto context = net::TlsContext::make(tls_settings(plan->target, plan->client));
      if (!context) return std::unexpected(std::move(context.error()));
      tls = std::move(*context);
    }
    workers.push_back(std::make_unique<Worker>(*plan, i, mailbox, std::move(tls)));
  }
  collector.emplace(scenario, load_start, plan->workers, sink);
  return {};
}

std::expected<void, std::string> Engine::State::start_threads() {
  try {
    for (auto& worker : workers) threads.emplace_back([&worker] { worker->run(); });
    ended = false;
    collecting = std::thread{[this] { collect(); }};
  } catch (const std::system_error& e) {
    ended = true;
    for (auto& worker : workers) worker->request_stop();
    for (std::thread& thread : threads) thread.join();
    return std::unexpected(std::string{"a generator thread could not be started: "} + e.what());
  }
  return {};
}

// The collecting thread's body: batches in, records out, until every worker has ended.
void Engine::State::collect() {
  sink(LoadMark{.at = plan->load_start, .kind = LoadMark::Kind::started});
  std::size_t running = workers.size();
  while (running > 0) {
    auto batches = mailbox.take(running, 200ms);
    for (const auto& batch : batches) {
      collector->add(*batch);
      if (batch->last) --running;
    }
    mailbox.recycle(std::move(batches));
    if (running > 0) collector->emit(plan->now());
    publish();
  }
  for (std::thread& thread : threads) thread.join();
  const bool interrupted = std::ranges::any_of(workers, [](const auto& worker) { return worker->interrupted(); });
  const std::int64_t stopped = stop_ns.load();
  const RunTime now = plan->now();
  collector->finish(
      now, interrupted ? LoadMark{.at = stopped >= 0 ? RunTime{stopped} : now, .kind = LoadMark::Kind::interrupted}
                       : LoadMark{.at = now, .kind = LoadMark::Kind::finished});
  const std::scoped_lock lock{mutex};
  ended = true;
  ended_changed.notify_all();
}

void Engine::State::publish() {
  const Histogram latency = collector->recent_latency();
  const std::scoped_lock lock{mutex};
  published.sent_per_second = collector->sent_per_second();
  published.answered_per_second = collector->answered_per_second();
  published.p50 = latency.quantile(0.5);
  published.p95 = latency.quantile(0.95);
  published.p99 = latency.quantile(0.99);
}

Engine::Engine(const Scenario& scenario, ClockAnchor anchor, RecordSink sink)
    : state_(std::make_unique<State>(scenario, anchor, std::move(sink))) {}

Engine::~Engine() {
  request_stop();
  join();
}

std::expected<void, std::string> Engine::start(RunTime load_start) {
  try {
    if (auto prepared = state_->prepare(load_start); !prepared) {
      state_->workers.clear();
      return prepared;
    }
    return state_->start_threads();
  } catch (const std::exception& e) {
    return std::unexpected(std::string{"the generator could not be started: "} + e.what());
  }
}

void Engine::set_endpoints(const std::vector<PodAddress>& pods) {
  const std::vector<PodEndpoint> endpoints = parse_endpoints(pods);
  for (auto& worker : state_->workers) worker->set_endpoints(endpoints);
}

void Engine::request_stop() {
  if (!state_->plan) return;
  std::int64_t never = -1;
  state_->stop_ns.compare_exchange_strong(never, state_->plan->now().count());
  for (auto& worker : state_->workers) worker->request_stop();
}

bool Engine::wait_for(std::chrono::nanoseconds limit) {
  std::unique_lock lock{state_->mutex};
  return state_->ended_changed.wait_for(lock, limit, [&] { return state_->ended; });
}

void Engine::join() {
  if (state_->collecting.joinable()) state_->collecting.join();
}

LiveCounters Engine::live() const {
  LiveCounters live;
  {
    const std::scoped_lock lock{state_->mutex};
    live = state_->published;
  }
  for (const auto& worker : state_->workers) {
    const Gauges& g = worker->gauges();
    live.planned += g.planned.value();
    live.sent += g.sent.value();
    live.in_flight += g.in_flight.value();
    live.backlog += g.backlog.value();
    live.connections += g.connections.value();
    for (std::size_t i = 0; i < kOutcomes; ++i) live.outcomes[i] += g.outcomes[i].value();
  }
  return live;
}

}  // namespace surgeproof::loadgen
