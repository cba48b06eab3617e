#include "loadgen/reactor.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    a.reset(fds[0]);
    b.reset(fds[1]);
  }
  Descriptor a;
  Descriptor b;
};

TEST(Reactor, TellsEachEventOnceByItsKey) {
  Reactor reactor;
  Pair pair;
  ASSERT_TRUE(reactor.watch(pair.a.get(), 7));
  auto events = reactor.wait(0s);
  ASSERT_EQ(events.size(), 1u);  // it may be written to
  EXPECT_EQ(events[0].key, 7u);
  EXPECT_TRUE(reactor.wait(0s).empty());
  ASSERT_EQ(write(pair.b.get(), "x", 1), 1);
  events = reactor.wait(30s);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_NE(events[0].what & EPOLLIN, 0u);
  EXPECT_TRUE(reactor.wait(0s).empty());
  pair.b.reset();
  events = reactor.wait(30s);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_NE(events[0].what & (EPOLLRDHUP | EPOLLHUP), 0u);
}

TEST(Reactor, WaitsForTheInstant) {
  Reactor reactor;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(reactor.wait(20ms).empty());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
  EXPECT_TRUE(reactor.wait(-1s).empty());
}

TEST(Reactor, IsWokenByAnotherThread) {
  Reactor reactor;
  std::thread other{[&] { reactor.wake(); }};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(reactor.wait(300s).empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 200s);
  other.join();
}

TEST(Reactor, RefusesWhatIsNoDescriptor) {
  Reactor reactor;
  EXPECT_FALSE(reactor.watch(-1, 1));
}

}  // namespace
}  // namespace surgeproof::loadgen
