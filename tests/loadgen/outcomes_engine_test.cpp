// Every way in which a request can end, provoked by a server on loopback.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

void cut_off(ScriptedPeer& peer, std::string_view sent, bool by_reset) {
  if (!peer.read_request()) return;
  peer.write(sent);
  peer.pause(20ms);
  if (by_reset) peer.reset();
}

struct OutcomeRow {
  const char* name;
  ScriptedServer::Script script;
  Outcome outcome;
  const char* phase;
  int status = 0;
  int error_number = 0;
  Expectation expect = {};
};

const std::string kHalf = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";

const std::vector<OutcomeRow>& rows() {
  static const std::vector<OutcomeRow> kRows{
      {"reset before the answer", [](auto& p) { cut_off(p, "", true); }, Outcome::reset, "wait", 0, ECONNRESET},
      {"closed before the answer", [](auto& p) { cut_off(p, "", false); }, Outcome::closed, "wait"},
      {"reset within", [](auto& p) { cut_off(p, kHalf, true); }, Outcome::truncated, "receive", 200, ECONNRESET},
      {"closed within", [](auto& p) { cut_off(p, kHalf, false); }, Outcome::truncated, "receive", 200},
      {"closed within the header", [](auto& p) { cut_off(p, "HTTP/1.1 2", false); }, Outcome::truncated, "receive"},
      {"garbage", always("SSH-2.0-OpenSSH_9.2\r\n\r\n"), Outcome::malformed, "receive"},
      {"never answers", [](auto& p) { p.wait_for_end(); }, Outcome::timeout, "wait"},
      {"never ends", [](auto& p) { p.read_request() && p.write(kHalf), p.wait_for_end(); }, Outcome::timeout, "receive",
       200},
      {"502", always(answer(502)), Outcome::bad_gateway, "receive", 502},
      {"503", always(answer(503)), Outcome::bad_gateway, "receive", 503},
      {"504", always(answer(504)), Outcome::bad_gateway, "receive", 504},
      {"500", always(answer(500)), Outcome::server_error, "receive", 500},
      {"404", always(answer(404)), Outcome::unexpected_status, "receive", 404},
      {"slow",
       [](auto& p) {
         while (p.read_request()) p.pause(60ms), p.write(answer(200));
       },
       Outcome::too_slow,
       "receive",
       200,
       0,
       {.statuses = {}, .within = 20ms}},
  };
  return kRows;
}

TEST(Outcomes, AreToldApart) {
  for (const OutcomeRow& row : rows()) {
    SCOPED_TRACE(row.name);
    ScriptedServer server{row.script};
    Scenario s = hold_scenario(server.url(), 20, 250ms);  // five requests
    s.client.timeout = 300ms;
    s.requests[0].expect = row.expect;
    const RunResult r = run_load(s);
    EXPECT_EQ(r.planned(), 5u);
    EXPECT_EQ(r.sent(), 5u);
    EXPECT_EQ(r.count(row.outcome), 5u);
    ASSERT_EQ(r.failures.size(), 5u);
    for (const RequestFailure& f : r.failures) {
      EXPECT_EQ(f.outcome, row.outcome);
      EXPECT_EQ(f.phase, row.phase);
      EXPECT_EQ(f.status, row.status);
      EXPECT_EQ(f.error_number, row.error_number) << f.error;
      EXPECT_EQ(f.peer, "127.0.0.1:" + std::to_string(server.port()));
      EXPECT_EQ(f.stage, "hold");
      EXPECT_EQ(f.request, "get");
      EXPECT_GT(f.bytes_sent, 0u);
      EXPECT_GT(f.connection, 0u);
      ASSERT_TRUE(f.sent);
      EXPECT_LE(f.planned, *f.sent);
      EXPECT_LE(*f.sent, f.ended);
      EXPECT_EQ(f.first_byte.has_value(), f.bytes_received > 0);
    }
  }
}

TEST(Outcomes, AnExpectedStatusIsOk) {
  ScriptedServer server{always(answer(404))};
  Scenario s = hold_scenario(server.url(), 20, 250ms);
  s.requests[0].expect.statuses = {404};
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::ok), 5u);
  EXPECT_TRUE(r.failures.empty());
}

TEST(Outcomes, RefusedConnection) {
  const SilentPort port;
  const RunResult r = run_load(hold_scenario(port.url(), 20, 250ms));
  EXPECT_EQ(r.count(Outcome::connect_refused), 5u);
  EXPECT_EQ(r.sent(), 0u);
  ASSERT_EQ(r.failures.size(), 5u);
  EXPECT_EQ(r.failures[0].phase, "connect");
  EXPECT_EQ(r.failures[0].error_number, ECONNREFUSED);
  EXPECT_EQ(r.failures[0].peer, "127.0.0.1:" + std::to_string(port.port()));
  EXPECT_EQ(r.failures[0].sent, std::nullopt);
}

// A listener whose queue is full drops connection requests: the client sees nothing.
TEST(Outcomes, ConnectionThatNobodyAnswers) {
  const SilentPort port{0};
  Scenario s = hold_scenario(port.url(), 20, 500ms);
  s.client.timeout = 400ms;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.ended(), 10u);
  EXPECT_GE(r.count(Outcome::connect_timeout), 5u);  // the first one or two fit into the queue and then wait
  EXPECT_EQ(r.count(Outcome::connect_timeout) + r.count(Outcome::timeout), 10u);
}

TEST(Outcomes, ANameThatDoesNotExistIsTheGeneratorsFault) {
  const RunResult r = run_load(hold_scenario("http://no-such-host.invalid:80", 20, 250ms));
  EXPECT_EQ(r.count(Outcome::generator_error), 5u);
  ASSERT_FALSE(r.failures.empty());
  EXPECT_EQ(r.failures[0].phase, "resolve");
  EXPECT_NE(r.failures[0].error.find("no-such-host.invalid"), std::string::npos);
}

// In a process of its own, whose limit of descriptors may not be raised. Exit code 0: all accounted for.
[[noreturn]] void run_out_of_descriptors() {
  // The undefined-behaviour sanitizer needs a descriptor when it first sees a type: this run shows it all of them.
  const SilentPort refuses;
  run_load(hold_scenario(refuses.url(), 20, 100ms));
  ScriptedServer server{[](ScriptedPeer& peer) { peer.wait_for_end(); }};
  const rlimit few{.rlim_cur = 40, .rlim_max = 40};
  setrlimit(RLIMIT_NOFILE, &few);
  Scenario s = hold_scenario(server.url(), 200, 500ms);
  s.client.timeout = 1s;
  const RunResult r = run_load(s);
  const bool named = std::ranges::any_of(r.failures, [](const RequestFailure& f) {
    return f.outcome == Outcome::generator_error && f.error_number == EMFILE && f.phase == "connect";
  });
  const bool all_there = r.ended() == 100 && r.count(Outcome::generator_error) >= 50;
  std::_Exit(named && all_there ? 0 : 1);
}

TEST(OutcomesDeathTest, NoDescriptorLeftIsTheGeneratorsFault) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(run_out_of_descriptors(), ::testing::ExitedWithCode(0), "");
}

TEST(Outcomes, AnEndlessBodyTakesBoundedMemory) {
  const std::string piece(1 << 20, 'b');
  ScriptedServer server{[&](ScriptedPeer& peer) {
    if (!peer.read_request()) return;
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 8589934592\r\n\r\n");
    while (peer.write(piece)) {
    }
  }};
  Scenario s = hold_scenario(server.url(), 4, 500ms);  // two requests
  s.client.timeout = 1500ms;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.count(Outcome::timeout), 2u);
  std::uint64_t received = 0;
  for (const LoadWindow& w : r.windows) received += w.bytes_received;
  EXPECT_GT(received, 100u << 20);
}

}  // namespace
}  // namespace surgeproof::loadgen
