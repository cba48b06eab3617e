#include "analyzers/merge.h"

namespace surgeproof {

void add_to(SparseHistogram& into, const SparseHistogram& from) {
  if (from.buckets.empty()) return;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> sum;
  sum.reserve(into.buckets.size() + from.buckets.size());
  auto a = into.buckets.begin();
  auto b = from.buckets.begin();
  while (a != into.buckets.end() || b != from.buckets.end()) {
    if (b == from.buckets.end() || (a != into.buckets.end() && a->first < b->first)) {
      sum.push_back(*a++);
    } else if (a == into.buckets.end() || b->first < a->first) {
      sum.push_back(*b++);
    } else {
      sum.emplace_back(a->first, a->second + b->second);
      ++a;
      ++b;
    }
  }
  into.buckets = std::move(sum);
  into.clamped += from.clamped;
  into.sum_us += from.sum_us;
  into.max_us = std::max(into.max_us, from.max_us);
}

void add_to(LoadWindow& into, const LoadWindow& from) {
  into.length = std::max(into.length, from.length);
  into.planned += from.planned;
  into.sent += from.sent;
  for (std::size_t i = 0; i < kOutcomes; ++i) into.outcomes[i] += from.outcomes[i];
  for (const auto& [status, n] : from.statuses) into.statuses[status] += n;
  into.bytes_received += from.bytes_received;
  add_to(into.latency, from.latency);
  add_to(into.service_time, from.service_time);
  for (const auto& [status_class, latency] : from.class_latency) add_to(into.class_latency[status_class], latency);
  into.closed_loop = into.closed_loop || from.closed_loop;
}

void add_to(PeerWindow& into, const PeerWindow& from) {
  into.length = std::max(into.length, from.length);
  into.answered += from.answered;
}

}  // namespace surgeproof
