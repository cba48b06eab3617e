#include "loadgen/recorder.h"

#include <algorithm>

namespace surgeproof::loadgen {

FailureKind kind_of(Outcome o) {
  if (is_drop(o)) return FailureKind::drop;
  return is_generator_fault(o) ? FailureKind::generator : FailureKind::answer;
}

Recorder::Recorder(const LoadProfile& profile, std::size_t requests)
    : profile_(profile), requests_(requests), batch_(std::make_unique<Batch>(requests)) {}

CellKey Recorder::key_of(std::chrono::nanoseconds planned, std::uint32_t request) {
  if (planned < stage_begin_ || planned >= stage_end_) {
    stage_ = static_cast<std::uint32_t>(profile_.stage_at(planned));
    const LoadProfile::Segment& segment = profile_.segments()[stage_];
    stage_begin_ = segment.begin;
    stage_end_ = segment.end;
  }
  return {.window = std::max(std::int64_t{0}, planned / kWindow), .stage = stage_, .request = request};
}

bool Recorder::admit_failure(Outcome o) {
  std::uint32_t& taken = failures_by_kind_[static_cast<std::size_t>(kind_of(o))];
  if (taken < kFailuresPerBatch) {
    ++taken;
    return true;
  }
  ++batch_->overflow[static_cast<std::size_t>(o)];
  return false;
}

std::uint32_t Recorder::peer_index(std::string_view address, std::string_view pod) {
  if (peers_.size() >= kMaxPeers) pod = {};
  Peer peer{.address = std::string{address}, .pod = std::string{pod}};
  const auto [at, is_new] = peers_.try_emplace(peer, static_cast<std::uint32_t>(peers_.size()));
  if (is_new) batch_->new_peers.push_back(std::move(peer));
  return at->second;
}

std::unique_ptr<Batch> Recorder::take(std::unique_ptr<Batch> recycled) {
  if (recycled) {
    recycled->tally.clear();
    recycled->failures.clear();
    recycled->new_peers.clear();
    recycled->overflow = {};
  } else {
    recycled = std::make_unique<Batch>(requests_);
  }
  failures_by_kind_ = {};
  return std::exchange(batch_, std::move(recycled));
}

}  // namespace surgeproof::loadgen
