// Waits for many descriptors and for an instant, with one system call: epoll, edge-triggered, nanoseconds.
//
// Asio's reactor re-arms a timer descriptor for each instant, tries to read before it waits and posts a handler for
// each event: about seven system calls a request. Here an event is a number that its owner gave.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>

namespace surgeproof::loadgen {

/// Owns a descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void reset(int fd = -1);
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class Reactor {
 public:
  /// Throws std::system_error when the system gives no descriptors.
  Reactor();

  /// Events of `fd`, for both directions, carry `key` from now on, until it is closed. False: errno says why.
  bool watch(int fd, std::uint64_t key);
  /// What has happened, after at most `limit` (0: at once). Valid until the next call. `what`: EPOLLIN and the like.
  struct Event {
    std::uint64_t key;
    std::uint32_t what;
  };
  std::span<const Event> wait(std::chrono::nanoseconds limit);
  /// Ends a wait. Thread-safe.
  void wake();

 private:
  static constexpr std::uint64_t kWakeKey = ~std::uint64_t{0};
  int wait_for_events(std::chrono::nanoseconds limit);

  Descriptor epoll_;
  Descriptor wake_;
  bool has_pwait2_ = true;
  std::array<epoll_event, 256> raw_;
  std::array<Event, 256> events_;
};

}  // namespace surgeproof::loadgen
