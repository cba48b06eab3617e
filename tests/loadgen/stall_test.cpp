// The test of an honest open loop: a server that stands still for a second at a constant rate delays each request due
// within that second until its end. Their latencies spread evenly over 0 to 1 s; a closed loop would see one of them.
#include <gtest/gtest.h>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

class FrozenForASecond {
 public:
  void operator()(ScriptedPeer& peer) const {
    while (peer.read_request()) {
      const auto now = std::chrono::steady_clock::now();
      if (now >= begin_ && now < begin_ + 1s) peer.pause(begin_ + 1s - now);
      if (!peer.write(answer(200))) return;
    }
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now() + 600ms;
};

void expect_even_spread(const RunResult& r, double rate) {
  const Histogram latency = r.latency();
  EXPECT_EQ(r.count(Outcome::ok), r.planned());
  // rate/10 in each tenth of the second; the machine may be busy, so each tenth may be off by two thirds.
  for (auto tenth = 100ms; tenth < 1000ms; tenth += 100ms) {
    const auto within = static_cast<double>(latency.count_above(tenth) - latency.count_above(tenth + 100ms));
    EXPECT_NEAR(within, rate / 10, rate / 15) << "from " << tenth.count() << " ms";
  }
  EXPECT_NEAR(static_cast<double>(latency.count_above(100ms)), 0.9 * rate, 0.15 * rate);
  EXPECT_GT(latency.max(), 900ms);
}

TEST(Stall, SpreadsLatenciesWithConnectionsEnough) {
  ScriptedServer server{FrozenForASecond{}};
  Scenario s = hold_scenario(server.url(), 200, 2s);
  s.connections.max = 400;
  expect_even_spread(run_load(s), 200);
}

// The requests wait here instead of there: it makes no difference, because latency counts from the planned instant.
TEST(Stall, SpreadsLatenciesWithFewConnections) {
  ScriptedServer server{FrozenForASecond{}};
  Scenario s = hold_scenario(server.url(), 200, 2s);
  s.connections.max = 4;
  s.client.workers = 2;
  const RunResult r = run_load(s);
  expect_even_spread(r, 200);
  std::uint64_t backlog = 0;
  for (const GeneratorSample& g : r.health) backlog = std::max(backlog, g.backlog);
  EXPECT_GT(backlog, 20u);
}

}  // namespace
}  // namespace surgeproof::loadgen
