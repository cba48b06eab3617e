#include "loadgen/collector.h"

#include <algorithm>
#include <utility>

#include "loadgen/plan.h"
#include "loadgen/recorder.h"
#include "loadgen/trace_context.h"

namespace surgeproof::loadgen {

Collector::Collector(const Scenario& scenario, RunTime load_start, std::uint32_t workers, RecordSink sink)
    : closed_(scenario.load.closed.has_value()),
      seed_(scenario.load.seed),
      load_start_(load_start),
      sink_(std::move(sink)),
      peers_(workers),
      last_window_(workers) {
  std::chrono::nanoseconds end{};
  for (const Stage& stage : scenario.load.stages) {
    stages_.push_back(stage.name);
    stage_ends_.push_back(end += stage.duration);
  }
  for (const RequestTemplate& request : scenario.requests) {
    requests_.push_back(request.name);
    traced_.push_back(is_traced(scenario.client, request));
  }
}

LoadWindow& Collector::window_of(const CellKey& key) {
  const auto [at, is_new] = windows_.try_emplace(key);
  LoadWindow& w = at->second;
  if (is_new) {
    w.begin = load_start_ + key.window * kWindow;
    w.length = kWindow;
    w.stage = stages_.at(key.stage);
    w.request = requests_.at(key.request);
    w.closed_loop = closed_;
  }
  return w;
}

void Collector::add_failures(const Batch& batch) {
  for (const Failure& failure : batch.failures) {
    std::uint32_t& taken = failures_by_kind_[static_cast<std::size_t>(kind_of(failure.details.outcome))];
    if (taken >= kFailuresPerRun) {
      ++overflow_.outcomes[static_cast<std::size_t>(failure.details.outcome)];
      overflown_ = true;
      continue;
    }
    ++taken;
    RequestFailure& full = failures_.emplace_back(failure.details);
    full.planned = load_start_ + failure.planned;
    const auto stage = std::ranges::upper_bound(stage_ends_, failure.planned) - stage_ends_.begin();
    full.stage = stages_.at(std::min(static_cast<std::size_t>(stage), stages_.size() - 1));
    full.request = requests_.at(failure.request);
  }
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    overflow_.outcomes[i] += batch.overflow[i];
    overflown_ = overflown_ || batch.overflow[i] > 0;
  }
}

void Collector::add_slowest(const Batch& batch) {
  if (batch.window >= slowest_until_) emit_slowest();
  while (slowest_until_ <= batch.window) slowest_until_ += kSlowestWindows;
  for (const SlowExemplar& exemplar : batch.tally.slowest()) {
    slowest_.push_back({.exemplar = exemplar, .worker = batch.worker});
  }
  std::ranges::sort(slowest_, [](const Slow& a, const Slow& b) { return a.exemplar.latency > b.exemplar.latency; });
  if (slowest_.size() > kSlowest) slowest_.resize(kSlowest);
}

void Collector::add(const Batch& batch) {
  auto& peers = peers_.at(batch.worker);
  peers.insert(peers.end(), batch.new_peers.begin(), batch.new_peers.end());
  newest_window_ = std::max(newest_window_, batch.window);
  if (batch.last) last_window_.at(batch.worker) = batch.window;

  Health& health = health_[batch.window];
  ++health.workers;
  health.sample.busiest_worker = std::max(health.sample.busiest_worker, batch.cpu_share);
  health.sample.backlog += batch.backlog;
  health.sample.in_flight += batch.in_flight;
  health.sample.connections += batch.connections;
  health.sample.schedule_error.merge(batch.tally.schedule_error());
  for (const Cell& cell : batch.tally.cells()) batch.tally.add_to(window_of(cell.key), cell);
  for (const auto& [window, peer, count] : batch.tally.peers()) answered_[{window, batch.worker, peer}] += count;
  add_slowest(batch);
  add_failures(batch);
}

void Collector::emit_health(bool all) {
  while (!health_.empty()) {
    auto& [window, health] = *health_.begin();
    const auto expected =
        std::ranges::count_if(last_window_, [&](const auto& last) { return !last || *last >= window; });
    if (!all && health.workers < expected && window > newest_window_ - 2) return;
    health.sample.begin = load_start_ + window * kWindow;
    health.sample.length = kWindow;
    sink_(std::move(health.sample));
    health_.erase(health_.begin());
  }
}

void Collector::emit_load() {
  SparseHistogram answered;
  std::uint64_t sent = 0;
  for (auto& [key, window] : windows_) {
    answered.merge(window.latency);
    sent += window.sent;
    sink_(std::move(window));
  }
  windows_.clear();
  sent_per_second_ = static_cast<double>(sent);
  answered_per_second_ = static_cast<double>(answered.count());
  recent_.push_back(std::move(answered));
  if (recent_.size() > kRecent) recent_.pop_front();
}

void Collector::emit_slowest() {
  for (const auto& [exemplar, worker] : slowest_) {
    const Peer& who = peers_.at(worker).at(exemplar.peer);
    sink_(SlowRequest{
        .stage = stages_.at(exemplar.key.stage),
        .request = requests_.at(exemplar.key.request),
        .planned = exemplar.planned,
        .sent = exemplar.sent,
        .first_byte = exemplar.first_byte,
        .ended = exemplar.ended,
        .status = exemplar.status,
        .connection = exemplar.connection,
        .requests_on_connection = exemplar.requests_on_connection,
        .bytes_received = exemplar.bytes_received,
        .peer = who.address,
        .pod = who.pod,
        .trace_id = traced_.at(exemplar.key.request) ? text_of_trace_id(seed_, exemplar.sequence) : std::string{}});
  }
  slowest_.clear();
}

void Collector::emit(RunTime now) {
  emit_load();
  for (const auto& [key, count] : answered_) {
    const auto& [window, worker, peer] = key;
    const Peer& who = peers_.at(worker).at(peer);
    sink_(PeerWindow{.begin = load_start_ + window * kWindow,
                     .length = kWindow,
                     .peer = who.address,
                     .pod = who.pod,
                     .answered = count});
  }
  answered_.clear();
  for (RequestFailure& failure : failures_) sink_(std::move(failure));
  failures_.clear();
  if (overflown_) {
    overflow_.at = now;
    sink_(std::exchange(overflow_, {}));
    overflown_ = false;
  }
  emit_health(false);
}

void Collector::finish(RunTime now, LoadMark mark) {
  emit(now);
  emit_slowest();
  emit_health(true);
  sink_(mark);
}

Histogram Collector::recent_latency() const {
  Histogram all;
  for (const SparseHistogram& second : recent_) all.merge(second);
  return all;
}

}  // namespace surgeproof::loadgen
