#include "loadgen/pool.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "loadgen/random.h"

namespace surgeproof::loadgen {

Pool::Pool(PoolSettings settings) : settings_(settings), slots_(settings.max) {
  for (std::uint32_t slot = settings.max; slot > 0; --slot) free_.push_back(slot - 1);
}

Pool::Choice Pool::acquire(RunTime now) {
  if (first_idle_ != kNone) {
    const std::uint32_t slot = first_idle_;
    unlink(slot);
    slots_[slot].state = State::busy;
    return {.verdict = Verdict::use, .slot = slot};
  }
  if (free_.empty()) return {};
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  ++open_;
  ++opened_;
  slots_[slot].state = State::busy;
  slots_[slot].expires = RunTime::max();
  const double share = 1 - settings_.jitter * random_unit(settings_.seed, Purpose::jitter, opened_);
  if (settings_.max_age) {
    slots_[slot].expires =
        now + RunTime{static_cast<std::int64_t>(static_cast<double>(settings_.max_age->count()) * share)};
  }
  if (settings_.max_requests) {
    slots_[slot].left = std::max(1U, static_cast<std::uint32_t>(std::ceil(*settings_.max_requests * share)));
  }
  return {.verdict = Verdict::open, .slot = slot, .connection = opened_};
}

bool Pool::released(std::uint32_t slot, RunTime now) {
  assert(slots_[slot].state == State::busy);
  const bool spent = settings_.max_requests && --slots_[slot].left == 0;
  if (!settings_.reuse || spent || now >= slots_[slot].expires) {
    lost(slot);
    return false;
  }
  Slot& s = slots_[slot];
  s.state = State::idle;
  s.before = last_idle_;
  s.after = kNone;
  (last_idle_ == kNone ? first_idle_ : slots_[last_idle_].after) = slot;
  last_idle_ = slot;
  return true;
}

void Pool::lost(std::uint32_t slot) {
  assert(slots_[slot].state != State::free);
  if (slots_[slot].state == State::idle) unlink(slot);
  slots_[slot].state = State::free;
  free_.push_back(slot);
  --open_;
}

std::optional<std::uint32_t> Pool::take_expired(RunTime now) {
  if (!settings_.max_age) return std::nullopt;
  for (std::uint32_t slot = first_idle_; slot != kNone; slot = slots_[slot].after) {
    if (now < slots_[slot].expires) continue;
    lost(slot);
    return slot;
  }
  return std::nullopt;
}

void Pool::unlink(std::uint32_t slot) {
  Slot& s = slots_[slot];
  (s.before == kNone ? first_idle_ : slots_[s.before].after) = s.after;
  (s.after == kNone ? last_idle_ : slots_[s.after].before) = s.before;
  s.before = s.after = kNone;
}

}  // namespace surgeproof::loadgen
