#include "loadgen/pool.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "loadgen/random.h"

namespace surgeproof::loadgen {

Pool::Pool(PoolSettings settings) : settings_(settings), slots_(settings.max) {
  free_.reserve(settings.max);
  for (std::uint32_t slot = settings.max; slot > 0; --slot) free_.push_back(slot - 1);
}

Pool::Choice Pool::acquire(RunTime now, std::size_t waiting) {
  const bool must_open = to_open_ > 0 && !free_.empty();
  if (first_ != kNone && !must_open) {
    const std::uint32_t slot = first_;
    unlink(slot);
    take_one(slot);
    if (slots_[slot].room > 0 && !slots_[slot].retired) link(slot);
    return {.verdict = Verdict::use, .slot = slot};
  }
  const std::size_t expected = settings_.reuse ? std::size_t{opening_} * (settings_.streams - 1) : 0;
  if (free_.empty() || (!must_open && waiting < expected)) return {};
  const std::uint32_t slot = open_slot(now);
  take_one(slot);
  return {.verdict = Verdict::open, .slot = slot, .connection = opened_};
}

std::uint32_t Pool::open_slot(RunTime now) {
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  ++open_;
  ++opening_;
  ++opened_;
  if (to_open_ > 0) --to_open_;
  Slot& s = slots_[slot];
  s = {};
  s.open = s.opening = true;
  s.room = 1;
  const double share = 1 - settings_.jitter * random_unit(settings_.seed, Purpose::jitter, opened_);
  if (settings_.max_age) {
    s.expires = now + RunTime{static_cast<std::int64_t>(static_cast<double>(settings_.max_age->count()) * share)};
  }
  if (settings_.max_requests) {
    s.left = std::max(1U, static_cast<std::uint32_t>(std::ceil(*settings_.max_requests * share)));
  }
  return slot;
}

void Pool::take_one(std::uint32_t slot) {
  Slot& s = slots_[slot];
  assert(s.room > 0);
  --s.room;
  ++s.in_flight;
  if (!settings_.reuse || (settings_.max_requests && --s.left == 0)) s.retired = true;
}

bool Pool::settle(std::uint32_t slot, std::uint32_t in_flight, std::uint32_t room, RunTime now) {
  Slot& s = slots_[slot];
  assert(s.open);
  if (s.opening) {
    s.opening = false;
    --opening_;
    settings_.streams = std::max(1U, in_flight + room);  // what this one takes, the next will take
  }
  s.in_flight = in_flight;
  s.room = room;
  if (now >= s.expires) s.retired = true;
  if (s.retired && in_flight == 0) {
    lost(slot);
    return false;
  }
  const bool available = room > 0 && !s.retired;
  if (available && !s.available) link(slot);
  if (!available && s.available) unlink(slot);
  return true;
}

void Pool::retire(std::uint32_t slot) {
  Slot& s = slots_[slot];
  s.retired = true;
  if (s.available) unlink(slot);
}

void Pool::lost(std::uint32_t slot) {
  Slot& s = slots_[slot];
  assert(s.open);
  if (s.available) unlink(slot);
  if (s.opening) --opening_;
  s = {};
  free_.push_back(slot);
  --open_;
}

std::optional<std::uint32_t> Pool::take_expired(RunTime now) {
  if (!settings_.max_age) return std::nullopt;
  for (std::uint32_t slot = first_; slot != kNone; slot = slots_[slot].after) {
    if (now < slots_[slot].expires || slots_[slot].in_flight > 0) continue;
    lost(slot);
    return slot;
  }
  return std::nullopt;
}

void Pool::link(std::uint32_t slot) {
  Slot& s = slots_[slot];
  s.available = true;
  s.before = last_;
  s.after = kNone;
  (last_ == kNone ? first_ : slots_[last_].after) = slot;
  last_ = slot;
}

void Pool::unlink(std::uint32_t slot) {
  Slot& s = slots_[slot];
  (s.before == kNone ? first_ : slots_[s.before].after) = s.after;
  (s.after == kNone ? last_ : slots_[s.after].before) = s.before;
  s.before = s.after = kNone;
  s.available = false;
}

}  // namespace surgeproof::loadgen
