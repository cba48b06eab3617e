#include "loadgen/collector.h"

#include <algorithm>
#include <utility>

#include "loadgen/recorder.h"

namespace surgeproof::loadgen {
namespace {

std::int64_t window_of(std::chrono::nanoseconds since_start) {
  return std::max(std::int64_t{0}, since_start / kWindow);
}

std::int64_t microseconds(std::chrono::nanoseconds d) { return std::max(std::int64_t{0}, d.count() / 1000); }

}  // namespace

SparseHistogram sparse_of(std::vector<std::int64_t>& samples_us) {
  std::ranges::sort(samples_us);
  SparseHistogram s;
  for (const std::int64_t us : samples_us) {
    const std::int64_t kept = std::clamp<std::int64_t>(us, 0, Histogram::kTopUs);
    if (us > Histogram::kTopUs) ++s.clamped;
    const std::uint32_t index = Histogram::index_of(kept);
    if (s.buckets.empty() || s.buckets.back().first != index) s.buckets.emplace_back(index, 0);
    ++s.buckets.back().second;
    s.sum_us += kept;
    s.max_us = kept;
  }
  return s;
}

Collector::Collector(const Scenario& scenario, RunTime load_start, std::uint32_t workers, RecordSink sink)
    : profile_(scenario.load.stages),
      closed_(scenario.load.closed.has_value()),
      load_start_(load_start),
      sink_(std::move(sink)),
      peers_(workers),
      last_window_(workers) {
  for (const Stage& stage : scenario.load.stages) stages_.push_back(stage.name);
  for (const RequestTemplate& request : scenario.requests) requests_.push_back(request.name);
}

Collector::Cell& Collector::cell_of(const Event& event) {
  const CellKey key{window_of(event.planned), profile_.stage_at(event.planned), event.request};
  if (last_cell_ != nullptr && key == last_key_) return *last_cell_;
  const auto [at, is_new] = cells_.try_emplace(key);
  if (is_new) {
    LoadWindow& w = at->second.window;
    w.begin = load_start_ + std::get<0>(key) * kWindow;
    w.length = kWindow;
    w.stage = stages_.at(std::get<1>(key));
    w.request = requests_.at(event.request);
    w.closed_loop = closed_;
  }
  last_key_ = key;
  last_cell_ = &at->second;
  return at->second;
}

void Collector::add_event(const Event& event, std::uint32_t worker, Health& health) {
  Cell& cell = cell_of(event);
  if (event.what & Event::kPlanned) ++cell.window.planned;
  if (event.what & Event::kSent) ++cell.window.sent;
  if (event.what & Event::kDispatched) health.schedule_error_us.push_back(microseconds(event.lateness));
  if ((event.what & Event::kEnded) == 0) return;
  if (event.outcome == Outcome::unsent) health.schedule_error_us.push_back(microseconds(event.lateness));
  add_end(event, worker, cell);
}

void Collector::add_end(const Event& event, std::uint32_t worker, Cell& cell) {
  ++cell.window.outcomes[static_cast<std::size_t>(event.outcome)];
  cell.window.bytes_received += event.bytes_received;
  if (!is_answered(event.outcome)) return;
  ++cell.window.statuses[event.status];
  cell.latency_us.push_back(microseconds(event.lateness));
  cell.service_us.push_back(microseconds(event.service));
  ++answered_[{window_of(event.planned + event.lateness), worker, event.peer}];
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
    full.stage = stages_.at(profile_.stage_at(failure.planned));
    full.request = requests_.at(failure.request);
  }
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    overflow_.outcomes[i] += batch.overflow[i];
    overflown_ = overflown_ || batch.overflow[i] > 0;
  }
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
  for (const Event& event : batch.events) add_event(event, batch.worker, health);
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
    health.sample.schedule_error = sparse_of(health.schedule_error_us);
    sink_(std::move(health.sample));
    health_.erase(health_.begin());
  }
}

void Collector::emit_load() {
  Histogram answered;
  std::uint64_t sent = 0;
  for (auto& [key, cell] : cells_) {
    cell.window.latency = sparse_of(cell.latency_us);
    cell.window.service_time = sparse_of(cell.service_us);
    answered.merge(cell.window.latency);
    sent += cell.window.sent;
    sink_(std::move(cell.window));
  }
  cells_.clear();
  last_cell_ = nullptr;
  sent_per_second_ = static_cast<double>(sent);
  answered_per_second_ = static_cast<double>(answered.count());
  recent_.push_back(answered.sparse());
  if (recent_.size() > kRecent) recent_.pop_front();
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
  emit_health(true);
  sink_(mark);
}

Histogram Collector::recent_latency() const {
  Histogram all;
  for (const SparseHistogram& second : recent_) all.merge(second);
  return all;
}

}  // namespace surgeproof::loadgen
