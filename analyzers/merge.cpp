#include "analyzers/merge.h"

namespace surgeproof {

void add_to(LoadWindow& into, const LoadWindow& from) {
  into.length = std::max(into.length, from.length);
  into.planned += from.planned;
  into.sent += from.sent;
  for (std::size_t i = 0; i < kOutcomes; ++i) into.outcomes[i] += from.outcomes[i];
  for (const auto& [status, n] : from.statuses) into.statuses[status] += n;
  into.bytes_received += from.bytes_received;
  into.latency.merge(from.latency);
  into.service_time.merge(from.service_time);
  for (const auto& [status_class, latency] : from.class_latency) into.class_latency[status_class].merge(latency);
  into.closed_loop = into.closed_loop || from.closed_loop;
}

void add_to(PeerWindow& into, const PeerWindow& from) {
  into.length = std::max(into.length, from.length);
  into.answered += from.answered;
}

}  // namespace surgeproof
