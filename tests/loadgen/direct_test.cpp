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
  const RunResult r =
      run_load(direct_scenario(), [&](Engine& engine) { engine.set_endpoints({address_of(a), address_of(b), "x"}); });
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
    engine.set_endpoints({address_of(a)});
    EXPECT_FALSE(engine.wait_for(700ms));
    engine.set_endpoints({address_of(b)});
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

TEST(Direct, AVanishedAddressIsDroppedAtOnce) {
  boost::asio::io_context io;
  const auto target = parse_target("http://todo.test:80");
  int changes = 0;
  Addresses addresses{io, *target, 0, [&] { ++changes; }};
  addresses.await_endpoints();
  EXPECT_EQ(addresses.state(), Addresses::State::resolving);
  const Addresses::Endpoint one{boost::asio::ip::make_address("10.0.0.1"), 80};
  const Addresses::Endpoint two{boost::asio::ip::make_address("10.0.0.2"), 80};
  addresses.set_endpoints({one, two}, "none");
  EXPECT_EQ(addresses.take_turn().front(), one);
  EXPECT_EQ(addresses.take_turn().front(), two);
  addresses.set_endpoints({two}, "none");
  EXPECT_FALSE(addresses.contains(one));
  EXPECT_EQ(addresses.take_turn(), (std::vector<Addresses::Endpoint>{two}));
  addresses.set_endpoints({}, "none");
  EXPECT_EQ(addresses.state(), Addresses::State::failed);
  EXPECT_EQ(addresses.error(), "none");
  EXPECT_EQ(changes, 3);
}

}  // namespace
}  // namespace surgeproof::loadgen
