#include "loadgen/reactor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>

namespace surgeproof::loadgen {

void Descriptor::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

Reactor::Reactor() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  epoll_event woken{};
  woken.events = EPOLLIN | EPOLLET;  // that it may be written to is no news
  woken.data.u64 = kWakeKey;
  if (epoll_.get() < 0 || wake_.get() < 0 || epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &woken) != 0) {
    throw std::system_error{errno, std::system_category(), "a generator thread cannot wait for its connections"};
  }
}

bool Reactor::watch(int fd, std::uint64_t key) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = key;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Reactor::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);  // full: it is awake anyway
}

int Reactor::wait_for_events(std::chrono::nanoseconds limit) {
  const int room = static_cast<int>(raw_.size());
  if (limit <= std::chrono::nanoseconds{0}) return epoll_wait(epoll_.get(), raw_.data(), room, 0);
  const std::timespec wait{.tv_sec = limit.count() / 1'000'000'000, .tv_nsec = limit.count() % 1'000'000'000};
  if (has_pwait2_) {
    const int n = epoll_pwait2(epoll_.get(), raw_.data(), room, &wait, nullptr);
    if (n >= 0 || (errno != ENOSYS && errno != EPERM)) return n;
    has_pwait2_ = false;  // a kernel before 5.11, or a sandbox that does not know the call
  }
  pollfd ready{.fd = epoll_.get(), .events = POLLIN, .revents = 0};
  if (ppoll(&ready, 1, &wait, nullptr) <= 0) return 0;
  return epoll_wait(epoll_.get(), raw_.data(), room, 0);
}

std::span<const Reactor::Event> Reactor::wait(std::chrono::nanoseconds limit) {
  const int n = wait_for_events(limit);
  std::size_t kept = 0;
  for (int i = 0; i < n; ++i) {
    const epoll_event& event = raw_[static_cast<std::size_t>(i)];
    if (event.data.u64 == kWakeKey) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto read = ::read(wake_.get(), &count, sizeof count);
      continue;
    }
    events_[kept++] = {.key = event.data.u64, .what = event.events};
  }
  return {events_.data(), kept};
}

}  // namespace surgeproof::loadgen
