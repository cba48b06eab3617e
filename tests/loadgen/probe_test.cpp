#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Probe, ReachesAListeningServer) {
  ScriptedServer server{always(answer(200))};
  EXPECT_TRUE(probe_target(hold_scenario(server.url(), 1, 1s), 2s));
  EXPECT_TRUE(probe_target(hold_scenario("http://localhost:" + std::to_string(server.port()), 1, 1s), 2s));
}

TEST(Probe, SaysWhoRefused) {
  const SilentPort port;
  const auto probed = probe_target(hold_scenario(port.url(), 1, 1s), 2s);
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error(), AllOf(HasSubstr(std::to_string(port.port())), HasSubstr("refused")));
}

TEST(Probe, SaysThatANameIsUnknown) {
  const auto probed = probe_target(hold_scenario("http://no-such-host.invalid", 1, 1s), 5s);
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error(), AllOf(HasSubstr("no-such-host.invalid"), HasSubstr("name")));
}

TEST(Probe, GivesUpAtItsLimit) {
  ScriptedServer server{[](ScriptedPeer& peer) { peer.wait_for_end(); }};
  Scenario s = hold_scenario("https://127.0.0.1:" + std::to_string(server.port()), 1, 1s);
  const auto begin = std::chrono::steady_clock::now();
  const auto probed = probe_target(s, 500ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error(), HasSubstr("TLS"));
}

TEST(Probe, RefusesATargetThatIsNone) { EXPECT_FALSE(probe_target(hold_scenario("nowhere", 1, 1s), 1s)); }

}  // namespace
}  // namespace surgeproof::loadgen
