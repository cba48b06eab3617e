// Which connection carries the next request. Pure bookkeeping over numbered slots; the sockets live elsewhere.
//
//               open                     settle: what the connection says of itself
//   free ───────────────▶ full ◀──────────────────▶ available (room for more)      lost: from anywhere back to free
//                              acquire (longest unused first)
//
// An HTTP/1 connection has room for one request when it is idle, an HTTP/2 connection for many. The longest unused goes
// first, so that all of them, and whoever answers behind them, get their share. A new one is opened only when none has
// room, as browsers and HTTP clients do. A retired one takes no more requests and ends with its last answer.
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
  std::uint32_t streams = 1;                             ///< requests at once that a new connection is expected to take
  bool reuse = true;                                     ///< false: one request a connection
  std::uint64_t seed = 1;
};

class Pool {
 public:
  enum class Verdict {
    use,   ///< send on `slot`, an open connection
    open,  ///< open a new connection in `slot`
    wait,  ///< all are busy
  };
  struct Choice {
    Verdict verdict = Verdict::wait;
    std::uint32_t slot = 0;
    std::uint64_t connection = 0;  ///< of open: the id for it, from 1; unique in this pool
  };

  explicit Pool(PoolSettings settings);

  /// Takes room for one request. A slot that was opened has none until settle(). `waiting`: requests that wait already;
  /// no connection is opened for what those that are being opened will probably take.
  Choice acquire(RunTime now, std::size_t waiting = 0);
  /// The next `count` times a connection is opened although others have room, if the limit allows: addresses that have
  /// none would get no request otherwise.
  void open_next(std::size_t count) { to_open_ = count; }
  /// So many requests at once are expected of connections from now on.
  void expect_streams(std::uint32_t streams) { settings_.streams = streams; }
  /// The connection has so many requests in flight now, and room for more. False: close it; the slot is free.
  [[nodiscard]] bool settle(std::uint32_t slot, std::uint32_t in_flight, std::uint32_t room, RunTime now);
  /// No more requests for this one.
  void retire(std::uint32_t slot);
  /// The connection is gone, from whatever state; the slot is free.
  void lost(std::uint32_t slot);
  /// An idle connection that is too old: close it; its slot is free. Empty when there is none (left).
  std::optional<std::uint32_t> take_expired(RunTime now);

  [[nodiscard]] std::uint32_t open_connections() const { return open_; }
  [[nodiscard]] bool idle(std::uint32_t slot) const { return slots_[slot].open && slots_[slot].in_flight == 0; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Slot {
    bool open = false;
    bool opening = false;  // not settled yet
    bool retired = false;
    bool available = false;        // in the list
    std::uint32_t before = kNone;  // neighbours in it
    std::uint32_t after = kNone;
    std::uint32_t in_flight = 0;
    std::uint32_t room = 0;
    std::uint32_t left = 0;  // requests that it may still carry, with max_requests
    RunTime expires = RunTime::max();
  };
  void link(std::uint32_t slot);
  void unlink(std::uint32_t slot);
  void take_one(std::uint32_t slot);
  std::uint32_t open_slot(RunTime now);

  PoolSettings settings_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint32_t first_ = kNone;  // unused the longest
  std::uint32_t last_ = kNone;
  std::uint32_t open_ = 0;
  std::uint32_t opening_ = 0;
  std::uint64_t opened_ = 0;
  std::size_t to_open_ = 0;
};

}  // namespace surgeproof::loadgen
