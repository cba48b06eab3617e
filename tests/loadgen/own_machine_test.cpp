// What the generator's own machine does to a run: no port left, names that change or get lost. Each in a process with
// namespaces of its own, in which it may change what it likes.
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

constexpr int kNoNamespaces = 77;

/// A process that may not have them cannot be tested in.
void enter_namespaces(int which) {
  if (unshare(which) == 0 || unshare(which | CLONE_NEWUSER) == 0) return;
  std::cerr << "no namespaces: " << std::strerror(errno) << '\n';
  std::_Exit(kNoNamespaces);
}

void must(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << ": " << std::strerror(errno) << '\n';
  std::_Exit(1);
}

[[noreturn]] void end() { std::_Exit(::testing::Test::HasFailure() ? 1 : 0); }

/// Exits with 0, unless this machine gives no namespaces to a test.
::testing::AssertionResult as_should_be(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoNamespaces) {
    std::cout << "[  SKIPPED ] no namespaces of one's own here\n";
    return ::testing::AssertionSuccess();
  }
  return ::testing::ExitedWithCode(0)(status) ? ::testing::AssertionSuccess() : ::testing::AssertionFailure();
}

struct AsShouldBe {
  bool operator()(int status) const { return static_cast<bool>(as_should_be(status)); }
};

[[noreturn]] void run_out_of_ports() {
  enter_namespaces(CLONE_NEWNET);
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  const int control = socket(AF_INET, SOCK_DGRAM, 0);
  must(ioctl(control, SIOCSIFFLAGS, &loopback) == 0, "loopback is up");
  close(control);
  ScriptedServer server{[](ScriptedPeer& peer) { peer.wait_for_end(); }};
  std::ofstream{"/proc/sys/net/ipv4/ip_local_port_range"} << "61000 61009";
  Scenario s = hold_scenario(server.url(), 100, 300ms);
  s.client.timeout = 1s;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.ended(), 30u);
  EXPECT_EQ(r.count(Outcome::timeout), 10u);  // a port each
  EXPECT_EQ(r.count(Outcome::generator_error), 20u);
  EXPECT_EQ(r.live.dropped(), 10u) << "the others are not the service's";
  int named = 0;
  for (const RequestFailure& f : r.failures) {
    named += f.outcome == Outcome::generator_error && f.error_number == EADDRNOTAVAIL && f.phase == "connect" ? 1 : 0;
  }
  EXPECT_EQ(named, 20);
  end();
}

TEST(OwnMachineDeathTest, NoPortLeftIsTheGeneratorsFault) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_out_of_ports(), AsShouldBe{}, "");
}

/// What the names of this process mean from now on.
void set_names(const std::string& lines) {
  std::ofstream file{"/etc/hosts", std::ios::trunc};
  file << lines << std::flush;
  must(file.good(), "/etc/hosts is written");
}

/// Two servers on one port of different addresses, and names of one's own. `body` gets the port.
void with_names(const std::function<void(std::uint16_t)>& body) {
  enter_namespaces(CLONE_NEWNS);
  char path[] = "/tmp/surgeproof-hosts-XXXXXX";
  const int fd = mkstemp(path);
  must(fd >= 0 && fchmod(fd, 0644) == 0, "a file for the names");
  close(fd);
  mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  must(mount(path, "/etc/hosts", nullptr, MS_BIND, nullptr) == 0, "the names are this process's own");
  unlink(path);
  ScriptedServer first{always(answer(200)), 2};
  ScriptedServer second{always(answer(200)), 3, first.port()};
  body(first.port());
}

std::map<std::string, std::uint64_t> answers_by_host(const RunResult& r, RunTime from = {}) {
  std::map<std::string, std::uint64_t> answers;
  for (const PeerWindow& p : r.peers) {
    if (p.begin >= from) answers[p.peer.substr(0, p.peer.find(':'))] += p.answered;
  }
  return answers;
}

Scenario named_scenario(std::uint16_t port, std::chrono::nanoseconds duration) {
  Scenario s = hold_scenario("http://todo.test:" + std::to_string(port), 100, duration);
  s.connections.re_resolve = 100ms;
  return s;
}

[[noreturn]] void move_the_name() {
  with_names([](std::uint16_t port) {
    set_names("127.0.0.2 todo.test\n");
    const RunResult r = run_load(named_scenario(port, 2s), [](Engine& engine) {
      EXPECT_FALSE(engine.wait_for(500ms));
      set_names("127.0.0.3 todo.test\n");
    });
    EXPECT_EQ(r.count(Outcome::ok), 200u);
    EXPECT_NEAR(static_cast<double>(answers_by_host(r)["127.0.0.2"]), 45, 25);
    const auto late = answers_by_host(r, 1s);
    EXPECT_EQ(late.size(), 1u);
    EXPECT_TRUE(late.contains("127.0.0.3"));
  });
  end();
}

TEST(OwnMachineDeathTest, ANameThatMovesIsFollowed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(move_the_name(), AsShouldBe{}, "");
}

[[noreturn]] void lose_the_name() {
  with_names([](std::uint16_t port) {
    set_names("127.0.0.2 todo.test\n");
    const RunResult r = run_load(named_scenario(port, 1s), [](Engine& engine) {
      EXPECT_FALSE(engine.wait_for(300ms));
      set_names("");
    });
    EXPECT_EQ(r.count(Outcome::ok), 100u) << "the addresses known before do";
  });
  end();
}

TEST(OwnMachineDeathTest, ANameThatGetsLostInMidRunKeepsItsAddress) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(lose_the_name(), AsShouldBe{}, "");
}

[[noreturn]] void use_all_addresses() {
  with_names([](std::uint16_t port) {
    set_names("127.0.0.2 todo.test\n127.0.0.3 todo.test\n");
    Scenario s = named_scenario(port, 1s);
    s.connections.re_resolve.reset();
    auto answers = answers_by_host(run_load(s));
    EXPECT_NEAR(static_cast<double>(answers["127.0.0.2"]), 50, 5);  // although one connection would do
    EXPECT_NEAR(static_cast<double>(answers["127.0.0.3"]), 50, 5);
    s.connections.all_addresses = false;
    EXPECT_EQ(answers_by_host(run_load(s)).size(), 1u);
  });
  end();
}

TEST(OwnMachineDeathTest, AllAddressesOfANameAreUsed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(use_all_addresses(), AsShouldBe{}, "");
}

}  // namespace
}  // namespace surgeproof::loadgen
