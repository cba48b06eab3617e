#include "analyzers/condensed_load.h"

#include <algorithm>

namespace surgeproof {
namespace {

// The least begin and the greatest end of both.
template <class T>
void widen(T& into, const T& from) {
  const RunTime end = std::max(into.begin + into.length, from.begin + from.length);
  into.begin = std::min(into.begin, from.begin);
  into.length = end - into.begin;
}

// Pessimistic: the worst of both.
void join(GeneratorSample& into, const GeneratorSample& from) {
  widen(into, from);
  into.busiest_worker = std::max(into.busiest_worker, from.busiest_worker);
  into.backlog = std::max(into.backlog, from.backlog);
  into.in_flight = std::max(into.in_flight, from.in_flight);
  into.connections = std::max(into.connections, from.connections);
}

}  // namespace

void CondensedLoad::add(Record record) {
  if (auto* mark = std::get_if<LoadMark>(&record)) marks_.push_back(*mark);
  if (auto* window = std::get_if<LoadWindow>(&record)) add_window(*window);
  if (auto* failure = std::get_if<RequestFailure>(&record)) add_failure(std::move(*failure));
  if (auto* overflow = std::get_if<FailureOverflow>(&record)) add_overflow(*overflow);
  if (auto* slow = std::get_if<SlowRequest>(&record)) add_slow(std::move(*slow));
  if (auto* peer = std::get_if<PeerWindow>(&record)) add_peer(*peer);
  if (auto* sample = std::get_if<GeneratorSample>(&record)) add_sample(std::move(*sample));
}

void CondensedLoad::add_window(const LoadWindow& window) {
  auto [at, fresh] = cells_.try_emplace({window.stage, window.request});
  Cell& cell = at->second;
  cell.latency.merge(window.latency);
  cell.service_time.merge(window.service_time);
  LoadWindow& sum = cell.counts;
  if (fresh) {
    sum.begin = window.begin;
    sum.length = window.length;
    sum.stage = window.stage;
    sum.request = window.request;
    sum.closed_loop = window.closed_loop;
  }
  for (const auto& [status_class, latency] : window.class_latency) cell.class_latency[status_class].merge(latency);
  widen(sum, window);
  sum.planned += window.planned;
  sum.sent += window.sent;
  sum.bytes_received += window.bytes_received;
  for (std::size_t o = 0; o < kOutcomes; ++o) sum.outcomes[o] += window.outcomes[o];
  for (const auto& [status, count] : window.statuses) sum.statuses[status] += count;
}

void CondensedLoad::add_failure(RequestFailure failure) {
  const auto outcome = static_cast<std::size_t>(failure.outcome);
  if (failures_by_outcome_[outcome] < kExamples) {
    ++failures_by_outcome_[outcome];
    failures_.push_back(std::move(failure));
    return;
  }
  FailureOverflow one{.at = failure.ended, .outcomes = {}};
  one.outcomes[outcome] = 1;
  add_overflow(one);
}

void CondensedLoad::add_overflow(const FailureOverflow& overflow) {
  overflown_ = true;
  overflow_.at = std::max(overflow_.at, overflow.at);
  for (std::size_t o = 0; o < kOutcomes; ++o) overflow_.outcomes[o] += overflow.outcomes[o];
}

void CondensedLoad::add_slow(SlowRequest slow) {
  const auto latency = [](const SlowRequest& s) { return s.ended - s.planned; };
  if (slowest_.size() == kSlowest && latency(slow) <= latency(slowest_.back())) return;
  const auto at = std::ranges::upper_bound(slowest_, latency(slow), std::greater{}, latency);
  slowest_.insert(at, std::move(slow));
  if (slowest_.size() > kSlowest) slowest_.pop_back();
}

void CondensedLoad::add_peer(const PeerWindow& peer) {
  const auto [at, fresh] = peers_.try_emplace({peer.peer, peer.pod}, peer);
  if (fresh) return;
  widen(at->second, peer);
  at->second.answered += peer.answered;
}

void CondensedLoad::add_sample(GeneratorSample sample) {
  schedule_error_.merge(sample.schedule_error);
  sample.schedule_error = {};
  if (joined_ == 0) {
    samples_.push_back(std::move(sample));
  } else {
    join(samples_.back(), sample);
  }
  joined_ = (joined_ + 1) % seconds_per_sample_;
  if (samples_.size() < kSamples || joined_ != 0) return;
  for (std::size_t i = 0; i + 1 < samples_.size(); i += 2) {
    join(samples_[i], samples_[i + 1]);
    samples_[i / 2] = samples_[i];
  }
  samples_.resize(kSamples / 2);
  seconds_per_sample_ *= 2;
}

std::vector<Record> CondensedLoad::records() const {
  std::vector<Record> out(marks_.begin(), marks_.end());
  for (const auto& [key, cell] : cells_) {
    LoadWindow window = cell.counts;
    window.latency = cell.latency.sparse();
    window.service_time = cell.service_time.sparse();
    for (const auto& [status_class, latency] : cell.class_latency) {
      window.class_latency[status_class] = latency.sparse();
    }
    out.emplace_back(std::move(window));
  }
  for (const auto& [key, peer] : peers_) out.emplace_back(peer);
  out.insert(out.end(), failures_.begin(), failures_.end());
  out.insert(out.end(), slowest_.begin(), slowest_.end());
  if (overflown_) out.emplace_back(overflow_);
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    GeneratorSample sample = samples_[i];
    if (i == 0) sample.schedule_error = schedule_error_.sparse();
    out.emplace_back(std::move(sample));
  }
  return out;
}

}  // namespace surgeproof
