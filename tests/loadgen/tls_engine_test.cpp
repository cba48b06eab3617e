#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/tls_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string https(const ScriptedServer& server) { return "https://127.0.0.1:" + std::to_string(server.port()); }

TEST(Tls, AVerifiedServerIsAnsweredByAndItsConnectionsAreReused) {
  const TlsIdentity identity{"127.0.0.1"};
  ScriptedServer server{identity.always(answer(200, "hello", "X-Pod: a\r\n"))};
  Scenario s = hold_scenario(https(server), 50, 600ms);
  s.client.tls.ca_file = identity.ca_file();
  s.client.pod_header = "X-Pod";
  EXPECT_EQ(probe_target(s, 2s), (std::expected<void, std::string>{}));
  const RunResult r = run_load(s);
  EXPECT_EQ(r.planned(), 30u);
  EXPECT_EQ(r.count(Outcome::ok), 30u);
  EXPECT_LT(server.connections(), 20u);
  ASSERT_FALSE(r.peers.empty());
  EXPECT_EQ(r.peers[0].pod, "a");
}

TEST(Tls, InsecureAcceptsAnyCertificate) {
  const TlsIdentity identity{"10.9.8.7"};
  ScriptedServer server{identity.always(answer(200))};
  Scenario s = hold_scenario(https(server), 20, 500ms);
  s.client.tls.insecure = true;
  EXPECT_TRUE(probe_target(s, 2s));
  EXPECT_EQ(run_load(s).count(Outcome::ok), 10u);
}

struct Refusal {
  const char* name;
  const char* certified_address;
  bool trusted;
  const char* said;
};

TEST(Tls, RefusesAnUnknownOrForeignCertificate) {
  const Refusal rows[] = {
      {"unknown authority", "127.0.0.1", false, "self-signed certificate"},
      {"another's certificate", "10.9.8.7", true, "certificate verify failed"},
  };
  for (const Refusal& row : rows) {
    SCOPED_TRACE(row.name);
    const TlsIdentity identity{row.certified_address};
    ScriptedServer server{identity.always(answer(200))};
    Scenario s = hold_scenario(https(server), 20, 500ms);
    if (row.trusted) s.client.tls.ca_file = identity.ca_file();
    const auto probed = probe_target(s, 2s);
    ASSERT_FALSE(probed);
    EXPECT_THAT(probed.error(), HasSubstr(row.said));
    const RunResult r = run_load(s);
    EXPECT_EQ(r.count(Outcome::tls_failed), 10u);
    ASSERT_FALSE(r.failures.empty());
    EXPECT_EQ(r.failures[0].phase, "tls");
    EXPECT_THAT(r.failures[0].error, HasSubstr(row.said));
    EXPECT_EQ(r.failures[0].sent, std::nullopt);
  }
}

TEST(Tls, AServerWithoutTlsFailsTheHandshake) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    peer.write(answer(400));
    peer.wait_for_end();
  }};
  const RunResult r = run_load(hold_scenario(https(server), 20, 500ms));
  EXPECT_EQ(r.count(Outcome::tls_failed), 10u);
}

TEST(Tls, AServerThatNeverShakesHandsTimesOut) {
  ScriptedServer server{[](ScriptedPeer& peer) { peer.wait_for_end(); }};
  Scenario s = hold_scenario(https(server), 20, 500ms);
  s.client.timeout = 200ms;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::connect_timeout), 10u);
  ASSERT_FALSE(r.failures.empty());
  EXPECT_EQ(r.failures[0].phase, "tls");
}

TEST(Tls, AnUnreadableCaFileIsSaidBeforeTheStart) {
  Scenario s = hold_scenario("https://127.0.0.1:1", 1, 1s);
  s.client.tls.ca_file = "/nonexistent/ca.pem";
  const auto probed = probe_target(s, 1s);
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error(), HasSubstr("/nonexistent/ca.pem"));
  EXPECT_THAT(run_load(s).refused, HasSubstr("/nonexistent/ca.pem"));
}

}  // namespace
}  // namespace surgeproof::loadgen
