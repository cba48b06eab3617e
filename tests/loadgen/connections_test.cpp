// What becomes of connections: reuse, age, limits, and who is blamed when a reused one breaks.
#include <gtest/gtest.h>

#include <set>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

TEST(Connections, AreReused) {
  ScriptedServer server{always(answer(200, "hello"))};
  const RunResult r = run_load(hold_scenario(server.url(), 100, 500ms));
  EXPECT_EQ(r.count(Outcome::ok), 50u);
  EXPECT_LT(server.connections(), 25u);
}

TEST(Connections, WithoutReuseThereIsOneForEachRequest) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario(server.url(), 100, 500ms);
  s.connections.reuse = false;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 50u);
  EXPECT_EQ(server.connections(), 50u);
}

TEST(Connections, AreReplacedWhenOld) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario(server.url(), 100, 1s);
  s.connections.max = 1;
  s.connections.max_age = 100ms;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 100u);
  EXPECT_GE(server.connections(), 6u);
  EXPECT_LE(server.connections(), 14u);
}

TEST(Connections, ServerThatClosesAfterEachAnswerAndSaysSo) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    if (peer.read_request()) peer.write(answer(200, "x", "Connection: close\r\n"));
  }};
  const RunResult r = run_load(hold_scenario(server.url(), 100, 500ms));
  EXPECT_EQ(r.count(Outcome::ok), 50u);
  EXPECT_EQ(server.connections(), 50u);
}

// The client notices the end while the connection is idle; only a request sent in that very moment may be lost.
TEST(Connections, ServerThatClosesAfterEachAnswerWithoutSaying) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    if (peer.read_request()) peer.write(answer(200, "x"));
  }};
  const RunResult r = run_load(hold_scenario(server.url(), 100, 500ms));
  EXPECT_EQ(r.ended(), 50u);
  EXPECT_GE(r.count(Outcome::ok), 45u);
  for (const RequestFailure& f : r.failures) {
    EXPECT_TRUE(f.outcome == Outcome::closed || f.outcome == Outcome::reset) << name_of(f.outcome);
    EXPECT_EQ(f.requests_on_connection, 1u);
    EXPECT_EQ(f.bytes_received, 0u);
  }
}

TEST(Connections, AFailureOnAReusedOneNamesThePodOfItsEarlierAnswers) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    const std::string pod = "X-Pod: pod-" + std::to_string(peer.number()) + "\r\nServer: todo/1\r\n";
    for (int i = 0; i < 3; ++i) {
      if (!peer.read_request() || !peer.write(answer(200, "", pod))) return;
    }
    if (peer.read_request()) peer.reset();
  }};
  Scenario s = hold_scenario(server.url(), 50, 480ms);  // 24 requests over 6 connections
  s.connections.max = 1;
  s.client.pod_header = "x-pod";
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 18u);
  EXPECT_EQ(r.count(Outcome::reset), 6u);
  ASSERT_EQ(r.failures.size(), 6u);
  for (std::size_t i = 0; i < r.failures.size(); ++i) {
    const RequestFailure& f = r.failures[i];
    EXPECT_EQ(f.pod, "pod-" + std::to_string(i + 1));
    EXPECT_EQ(f.connection, i + 1);
    EXPECT_EQ(f.requests_on_connection, 3u);
    EXPECT_EQ(f.bytes_received, 0u);
    EXPECT_LT(f.connection_opened, *f.sent);
  }
  std::set<std::string> pods;
  std::uint64_t answered = 0;
  for (const PeerWindow& p : r.peers) {
    pods.insert(p.pod);
    answered += p.answered;
  }
  EXPECT_EQ(pods.size(), 6u);
  EXPECT_EQ(answered, 18u);
}

// "localhost" may stand for ::1 and 127.0.0.1; only the latter listens. Nobody would call that a dropped request.
TEST(Connections, TheNextAddressOfANameIsTriedBeforeARequestIsLost) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario("http://localhost:" + std::to_string(server.port()), 50, 400ms);
  s.connections.reuse = false;
  s.connections.re_resolve = 50ms;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 20u);
  EXPECT_EQ(server.connections(), 20u);
}

TEST(Connections, WhatFindsNoneInTimeEndsUnsent) {
  ScriptedServer server{[](ScriptedPeer& peer) { peer.wait_for_end(); }};
  Scenario s = hold_scenario(server.url(), 1000, 400ms);
  s.client.timeout = 300ms;
  s.client.max_lateness = 290ms;
  s.connections.max = 2;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.planned(), 400u);
  EXPECT_EQ(r.ended(), 400u);
  EXPECT_GE(r.count(Outcome::unsent), 100u);
  EXPECT_EQ(r.count(Outcome::unsent) + r.count(Outcome::timeout), 400u);
  EXPECT_EQ(r.sent(), r.count(Outcome::timeout));
  for (const RequestFailure& f : r.failures) {
    EXPECT_EQ(f.phase, f.outcome == Outcome::unsent ? "backlog" : "wait");
    EXPECT_EQ(f.sent.has_value(), f.outcome == Outcome::timeout);
  }
  std::uint64_t waited = 0;
  for (const GeneratorSample& g : r.health) {
    Histogram h;
    h.merge(g.schedule_error);
    waited += h.count_above(250ms);
  }
  EXPECT_GE(waited, r.count(Outcome::unsent));  // their lateness counts
}

TEST(Connections, AreReplacedAfterTheirRequests) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario(server.url(), 200, 500ms);
  s.connections.max = 1;
  s.connections.max_requests = 10;
  s.connections.jitter = {0};
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 100u);
  EXPECT_EQ(server.connections(), 10u);
}

// The service answers what it is given in time, however late that came to it: it is not to blame for the wait here.
TEST(Connections, WhatComesTooLateToHaveAChanceIsNotSent) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    while (peer.read_request()) {
      peer.pause(100ms);
      if (!peer.write(answer(200))) return;
    }
  }};
  Scenario s = hold_scenario(server.url(), 100, 1500ms);
  s.connections.max = 1;
  s.client.timeout = 1000ms;  // so the bound is 500 ms
  const RunResult r = run_load(s);
  EXPECT_EQ(r.ended(), 150u);
  EXPECT_GE(r.count(Outcome::ok), 3u);
  EXPECT_GE(r.count(Outcome::unsent), 100u);
  EXPECT_EQ(r.count(Outcome::ok) + r.count(Outcome::unsent), 150u);
}

TEST(Connections, AClosedLoopKeepsEachBusyAndSaysSo) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    while (peer.read_request()) {
      peer.pause(10ms);
      if (!peer.write(answer(200))) return;
    }
  }};
  Scenario s = hold_scenario(server.url(), 0, 1s);
  s.load = Load::closed_loop({.connections = 4, .duration = 500ms});
  const RunResult r = run_load(s);
  EXPECT_EQ(server.connections(), 4u);
  EXPECT_EQ(r.ended(), r.planned());
  EXPECT_EQ(r.count(Outcome::ok), r.planned());
  EXPECT_GE(r.planned(), 8u);
  EXPECT_LE(r.planned(), 4 * 51u);
  for (const LoadWindow& w : r.windows) EXPECT_TRUE(w.closed_loop);
  EXPECT_EQ(r.marks.back().kind, LoadMark::Kind::finished);
}

TEST(Connections, AClosedLoopWithoutReuseOpensOneForEachRequest) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario(server.url(), 0, 300ms);
  s.load = Load::closed_loop({.connections = 3, .duration = 300ms});
  s.connections.reuse = false;
  const RunResult r = run_load(s);
  EXPECT_GT(r.count(Outcome::ok), 10u);
  EXPECT_EQ(r.count(Outcome::ok), r.planned());
  EXPECT_EQ(server.connections(), r.planned());
}

TEST(Connections, AClosedLoopDoesNotStormAServiceThatRefuses) {
  const SilentPort port;
  Scenario s = hold_scenario(port.url(), 0, 1s);
  s.load = Load::closed_loop({.connections = 2, .duration = 300ms});
  const RunResult r = run_load(s);
  EXPECT_GE(r.count(Outcome::connect_refused), 2u);
  EXPECT_LE(r.planned(), 2 * 301u);
  EXPECT_EQ(r.ended(), r.planned());
}

}  // namespace
}  // namespace surgeproof::loadgen
