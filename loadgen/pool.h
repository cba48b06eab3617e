// Which connection carries the next request. Pure bookkeeping over numbered slots; the sockets live elsewhere.
//
//               open                    released
//   free ───────────────▶ busy ◀──────────────────▶ idle      lost: from anywhere back to free
//                              acquire (longest idle first)
//
// The longest idle connection goes first, so that all of them, and whoever answers behind them, get their share. A
// new one is opened only when none is idle, as browsers and HTTP clients do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/run_time.h"

namespace surgeproof::loadgen {

struct PoolSettings {
  std::uint32_t max = 1;                                 ///< connections at once
  std::optional<std::chrono::nanoseconds> max_age = {};  ///< of a connection, and
  std::optional<std::uint32_t> max_requests = {};        ///< on it, less
  double jitter = 0.1;                                   ///< up to this share, by its id
  bool reuse = true;                                     ///< false: one request a connection
  std::uint64_t seed = 1;
};

class Pool {
 public:
  enum class Verdict {
    use,   ///< send on `slot`, an idle connection
    open,  ///< open a new connection in `slot`
    wait,  ///< all are busy
  };
  struct Choice {
    Verdict verdict = Verdict::wait;
    std::uint32_t slot = 0;
    std::uint64_t connection = 0;  ///< of open: the id for it, from 1; unique in this pool
  };

  explicit Pool(PoolSettings settings);

  /// Takes a connection for one request. The slot is busy until released() or lost().
  Choice acquire(RunTime now);
  /// The request on it ended well and the connection may carry another one. False: close it; the slot is free.
  [[nodiscard]] bool released(std::uint32_t slot, RunTime now);
  /// The connection is gone, from whatever state; the slot is free.
  void lost(std::uint32_t slot);
  /// An idle connection that is too old: close it; its slot is free. Empty when there is none (left).
  std::optional<std::uint32_t> take_expired(RunTime now);

  [[nodiscard]] std::uint32_t open_connections() const { return open_; }
  [[nodiscard]] bool idle(std::uint32_t slot) const { return slots_[slot].state == State::idle; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  enum class State : std::uint8_t { free, busy, idle };
  struct Slot {
    State state = State::free;
    std::uint32_t before = kNone;  // neighbours among the idle
    std::uint32_t after = kNone;
    RunTime expires = RunTime::max();
    std::uint32_t left = 0;  // requests that it may still carry, with max_requests
  };
  void unlink(std::uint32_t slot);

  PoolSettings settings_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint32_t first_idle_ = kNone;  // idle the longest
  std::uint32_t last_idle_ = kNone;
  std::uint32_t open_ = 0;
  std::uint64_t opened_ = 0;
};

}  // namespace surgeproof::loadgen
