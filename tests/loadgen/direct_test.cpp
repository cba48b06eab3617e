// Addresses from outside: the pods themselves, as EndpointSlices list them, and names whose answer changes.
#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "loadgen/addresses.h"
#include "loadgen/outcome.h"
#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

std::string address_of(const ScriptedServer& server) { return "127.0.0.1:" + std::to_string(server.port()); }
PodAddress pod(const std::string& name, const ScriptedServer& server) { return {address_of(server), name}; }

Scenario direct_scenario() {
  Scenario s = hold_scenario("http://todo.test:1", 100, 2s);
  s.connections.direct.emplace().service = "todo";
  s.connections.max = 6;
  return s;
}

std::map<std::string, std::uint64_t> answers_by_peer(const RunResult& r) {
  std::map<std::string, std::uint64_t> answers;
  for (const PeerWindow& p : r.peers) answers[p.peer] += p.answered;
  return answers;
}

TEST(Direct, EveryPodGetsItsShareAndTheHostStaysTheTargets) {
  std::atomic<int> wrong_hosts{0};
  const auto script = [&](ScriptedPeer& peer) {
    while (peer.read_request()) {
      wrong_hosts += peer.request().find("Host: todo.test:1\r\n") == std::string::npos ? 1 : 0;
      peer.pause(30ms);  // so that one connection does not do
      if (!peer.write(answer(200))) return;
    }
  };
  ScriptedServer a{script};
  ScriptedServer b{script};
  const RunResult r = run_load(direct_scenario(),
                               [&](Engine& engine) { engine.set_endpoints({pod("a", a), pod("b", b), {"x", "c"}}); });
  EXPECT_EQ(r.count(Outcome::ok), 200u);
  const auto answers = answers_by_peer(r);
  EXPECT_EQ(answers.size(), 2u);
  EXPECT_GE(answers.at(address_of(a)), 30u);
  EXPECT_GE(answers.at(address_of(b)), 30u);
  EXPECT_EQ(wrong_hosts, 0);
}

TEST(Direct, APodThatIsGoneGetsNothingMore) {
  ScriptedServer a{always(answer(200))};
  ScriptedServer b{always(answer(200))};
  std::uint64_t at_change = 0;
  const RunResult r = run_load(direct_scenario(), [&](Engine& engine) {
    engine.set_endpoints({pod("a", a)});
    EXPECT_FALSE(engine.wait_for(700ms));
    engine.set_endpoints({pod("b", b)});
    at_change = engine.live().planned;
  });
  EXPECT_EQ(r.count(Outcome::ok), 200u);
  auto answers = answers_by_peer(r);
  EXPECT_LE(answers[address_of(a)], at_change + 20);  // what was on its way, and a sweep
  EXPECT_GE(answers[address_of(b)] + at_change + 20, 200u);
}

TEST(Direct, WithoutAReadyPodEveryRequestIsRefusedByName) {
  Scenario s = direct_scenario();
  s.load.stages[0].duration = 300ms;
  const RunResult r = run_load(s, [](Engine& engine) { engine.set_endpoints({}); });
  EXPECT_EQ(r.planned(), 30u);
  EXPECT_EQ(r.count(Outcome::connect_failed), 30u);
  ASSERT_FALSE(r.failures.empty());
  EXPECT_EQ(r.failures[0].error, "no endpoint of the Service is ready");
}

TEST(Direct, BeforeAnythingIsKnownRequestsWaitAndThenEndUnsent) {
  Scenario s = direct_scenario();
  s.load.stages[0].duration = 200ms;
  s.client.timeout = 400ms;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::unsent), 20u);
}

// An address that may not be connected to from here is this machine's affair, whatever its name.
TEST(Direct, AnAddressThatCannotBeUsedFromHereIsTheGeneratorsFault) {
  Scenario s = hold_scenario("http://255.255.255.255:80", 20, 250ms);  // broadcast: EACCES or ENETUNREACH
  const RunResult r = run_load(s);
  EXPECT_EQ(r.ended(), 5u);
  for (const RequestFailure& f : r.failures) {
    EXPECT_EQ(f.outcome, is_local_error(f.error_number) ? Outcome::generator_error : Outcome::connect_failed);
    EXPECT_NE(f.error_number, 0);
    EXPECT_EQ(f.phase, "connect");
  }
}

// A thrifty load, which one connection would carry: each pod has its share all the same, also one that comes later.
TEST(Direct, ANewPodGetsItsShareWithinASecondAlthoughNobodyNeedsAnotherConnection) {
  ScriptedServer a{always(answer(200))};
  ScriptedServer b{always(answer(200))};
  ScriptedServer c{always(answer(200))};
  const RunResult r = run_load(direct_scenario(), [&](Engine& engine) {
    engine.set_endpoints({pod("a", a), pod("b", b)});
    EXPECT_FALSE(engine.wait_for(500ms));
    engine.set_endpoints({pod("a", a), pod("b", b), pod("c", c)});
  });
  EXPECT_EQ(r.count(Outcome::ok), 200u);
  std::map<std::string, std::uint64_t> by_pod;
  std::uint64_t of_first_second = 0;
  for (const PeerWindow& p : r.peers) {
    by_pod[p.pod] += p.answered;
    if (p.pod == "c" && p.begin < 1s) of_first_second += p.answered;  // half a second of it
  }
  EXPECT_EQ(by_pod.size(), 3u);  // named without a word of theirs
  EXPECT_GT(of_first_second, 5u);
  EXPECT_NEAR(static_cast<double>(by_pod["c"]), 50, 20);  // a third of what came after
  EXPECT_NEAR(static_cast<double>(by_pod["a"]), 75, 20);
  EXPECT_NEAR(static_cast<double>(by_pod["b"]), 75, 20);
}

TEST(Direct, ConnectionsAreSpreadAnewWhenPodsCome) {
  const auto slow = [](ScriptedPeer& peer) {
    while (peer.read_request()) {
      peer.pause(40ms);
      if (!peer.write(answer(200))) return;
    }
  };
  ScriptedServer a{slow};
  ScriptedServer b{slow};
  Scenario s = direct_scenario();
  s.connections.max = 8;
  const RunResult r = run_load(s, [&](Engine& engine) {
    engine.set_endpoints({pod("a", a)});
    EXPECT_FALSE(engine.wait_for(700ms));
    engine.set_endpoints({pod("a", a), pod("b", b)});
  });
  EXPECT_EQ(r.count(Outcome::ok), 200u);
  std::uint64_t late_a = 0;
  std::uint64_t late_b = 0;
  for (const PeerWindow& p : r.peers) {
    if (p.begin >= 1s) (p.pod == "a" ? late_a : late_b) += p.answered;
  }
  EXPECT_NEAR(static_cast<double>(late_a), static_cast<double>(late_b), 25);
}

TEST(Direct, WhatAPodRefusesIsSeenAndNamed) {
  const SilentPort refusing;
  ScriptedServer a{always(answer(200))};
  Scenario s = direct_scenario();
  s.connections.reuse = false;
  const RunResult r = run_load(s, [&](Engine& engine) {
    engine.set_endpoints({pod("a", a), {"127.0.0.1:" + std::to_string(refusing.port()), "b"}});
  });
  EXPECT_EQ(r.ended(), 200u);
  EXPECT_NEAR(static_cast<double>(r.count(Outcome::connect_refused)), 100, 10);  // its share, and no more
  ASSERT_FALSE(r.failures.empty());
  for (const RequestFailure& f : r.failures) EXPECT_EQ(f.pod, "b");
}

TEST(Direct, APodThatRefusesDoesNotDrawAllNewConnectionsAndIsTriedAgain) {
  const SilentPort refusing;
  ScriptedServer a{always(answer(200))};
  Scenario s = direct_scenario();
  const RunResult r = run_load(s, [&](Engine& engine) {
    engine.set_endpoints({pod("a", a), {"127.0.0.1:" + std::to_string(refusing.port()), "b"}});
  });
  EXPECT_EQ(r.ended(), 200u);
  EXPECT_GE(r.count(Outcome::connect_refused), 2u);
  EXPECT_LE(r.count(Outcome::connect_refused), 5u);
}

TEST(Direct, AVanishedAddressIsDroppedAtOnce) {
  boost::asio::io_context io;
  const auto target = parse_target("http://todo.test:80");
  int changes = 0;
  Addresses addresses{io, *target, 0, [&] { ++changes; }};
  addresses.await_endpoints();
  EXPECT_EQ(addresses.state(), Addresses::State::resolving);
  const auto endpoints = parse_endpoints({{"10.0.0.1:80", "one"}, {"[fd00::7]:80", "two"}});
  ASSERT_EQ(endpoints.size(), 2u);
  addresses.set_endpoints(endpoints, "none");
  EXPECT_EQ(addresses.candidates(0), std::vector{endpoints[0].endpoint});  // no other in its place
  EXPECT_EQ(addresses.candidates(1), std::vector{endpoints[1].endpoint});
  addresses.set_endpoints({endpoints[1]}, "none");
  EXPECT_FALSE(addresses.book().contains(endpoints[0].endpoint));
  EXPECT_EQ(addresses.book().pod(0), "one");  // its last requests are still to be told
  addresses.set_endpoints({}, "none");
  EXPECT_EQ(addresses.state(), Addresses::State::failed);
  EXPECT_EQ(addresses.error(), "none");
  EXPECT_EQ(changes, 3);
}

}  // namespace
}  // namespace surgeproof::loadgen
