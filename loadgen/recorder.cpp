#include "loadgen/recorder.h"

namespace surgeproof::loadgen {

FailureKind kind_of(Outcome o) {
  if (is_drop(o)) return FailureKind::drop;
  return is_generator_fault(o) ? FailureKind::generator : FailureKind::answer;
}

bool Recorder::admit_failure(Outcome o) {
  std::uint32_t& taken = failures_by_kind_[static_cast<std::size_t>(kind_of(o))];
  if (taken < kFailuresPerBatch) {
    ++taken;
    return true;
  }
  ++batch_.overflow[static_cast<std::size_t>(o)];
  return false;
}

std::uint32_t Recorder::peer_index(std::string_view address, std::string_view pod) {
  if (peers_.size() >= kMaxPeers) pod = {};
  Peer peer{.address = std::string{address}, .pod = std::string{pod}};
  const auto [at, is_new] = peers_.try_emplace(peer, static_cast<std::uint32_t>(peers_.size()));
  if (is_new) batch_.new_peers.push_back(std::move(peer));
  return at->second;
}

Batch Recorder::take(Batch recycled) {
  recycled.events.clear();
  recycled.failures.clear();
  recycled.new_peers.clear();
  recycled.overflow = {};
  failures_by_kind_ = {};
  return std::exchange(batch_, std::move(recycled));
}

}  // namespace surgeproof::loadgen
