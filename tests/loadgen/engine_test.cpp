// The run as a whole: nothing is lost, whatever the server does and whenever the run is stopped.
#include "loadgen/engine.h"

#include <gtest/gtest.h>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

// Some of everything, by the number of the connection.
void moody(ScriptedPeer& peer) {
  while (peer.read_request()) {
    switch (peer.number() % 5) {
      case 0:
        peer.reset();
        return;
      case 1:
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        return;
      case 2:
        peer.write(answer(503, "", "Connection: close\r\n"));
        return;
      case 3:
        peer.pause(30ms);
        [[fallthrough]];
      default:
        if (!peer.write(answer(200, "x", "Connection: close\r\n"))) return;
        return;
    }
  }
}

Scenario moody_scenario(const ScriptedServer& server) {
  Scenario s = hold_scenario(server.url(), 300, 2s);
  s.client.workers = 3;
  s.client.timeout = 2s;
  s.requests.push_back(s.requests[0]);
  s.requests[1].name = "create";
  s.requests[1].method = "POST";
  s.requests[1].body = "{\"title\": \"task {{sequence}} {{uuid}}\"}";
  s.requests[1].weight = 0.25;
  return s;
}

void expect_conserved(const RunResult& r) {
  EXPECT_EQ(r.ended(), r.planned());
  EXPECT_LE(r.sent(), r.planned());
  EXPECT_EQ(r.live.planned, r.planned());
  EXPECT_EQ(r.live.sent, r.sent());
  EXPECT_EQ(r.live.ended(), r.planned());
  EXPECT_EQ(r.live.in_flight, 0u);
  EXPECT_EQ(r.live.backlog, 0u);
  std::uint64_t detailed = r.failures.size();
  for (const FailureOverflow& o : r.overflows) {
    for (const std::uint64_t n : o.outcomes) detailed += n;
  }
  EXPECT_EQ(detailed, r.planned() - r.count(Outcome::ok));
  std::uint64_t answers = 0;
  for (const LoadWindow& w : r.windows) {
    for (const auto& [status, n] : w.statuses) answers += n;
    EXPECT_EQ(w.latency.count(), w.service_time.count());
  }
  std::uint64_t by_peer = 0;
  for (const PeerWindow& p : r.peers) by_peer += p.answered;
  EXPECT_EQ(by_peer, answers);
  EXPECT_EQ(r.latency().count(), answers);
}

TEST(Engine, EveryPlannedRequestEndsOnce) {
  ScriptedServer server{moody};
  for (const auto arrivals : {Load::Arrivals::uniform, Load::Arrivals::poisson}) {
    Scenario s = moody_scenario(server);
    s.load.arrivals = arrivals;
    const RunResult r = run_load(s);
    if (arrivals == Load::Arrivals::uniform) EXPECT_EQ(r.planned(), 600u);
    EXPECT_NEAR(static_cast<double>(r.planned()), 600, 5 * 24.5);
    expect_conserved(r);
    for (const Outcome o : {Outcome::ok, Outcome::reset, Outcome::truncated, Outcome::bad_gateway}) {
      EXPECT_GT(r.count(o), 50u) << name_of(o);
    }
    ASSERT_EQ(r.marks.size(), 2u);
    EXPECT_EQ(r.marks[0], (LoadMark{.at = 50ms, .kind = LoadMark::Kind::started}));
    EXPECT_EQ(r.marks[1].kind, LoadMark::Kind::finished);
    EXPECT_GE(r.marks[1].at, 2050ms);
  }
}

TEST(Engine, WindowsTellStagesAndRequestsApart) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario(server.url(), 100, 1500ms);
  s.load.stages.push_back(
      {.name = "surge", .shape = Stage::Shape::step, .rate = {200}, .duration = 500ms, .place = {}});
  const RunResult r = run_load(s);
  std::map<std::pair<std::string, RunTime>, std::uint64_t> planned;
  for (const LoadWindow& w : r.windows) planned[{w.stage, w.begin}] += w.planned;
  const std::map<std::pair<std::string, RunTime>, std::uint64_t> expected{
      {{"hold", 50ms}, 100}, {{"hold", 1050ms}, 50}, {{"surge", 1050ms}, 100}};
  EXPECT_EQ(planned, expected);
  ASSERT_EQ(r.health.size(), 3u);
  EXPECT_EQ(r.health[0].begin, 50ms);
  EXPECT_EQ(r.health[0].schedule_error.count(), 100u);
  EXPECT_EQ(r.health[1].begin, 1050ms);
  EXPECT_LT(r.health[0].busiest_worker, 0.7);  // it sleeps between requests
}

TEST(Engine, PollingInVainIsNoWork) {
  ScriptedServer server{always(answer(200))};
  Scenario scenario = hold_scenario(server.url(), 20, 2s);
  scenario.client.pacing = ClientOptions::Pacing::exact;
  const RunResult r = run_load(scenario);
  ASSERT_GE(r.health.size(), 2U);
  for (const GeneratorSample& sample : r.health) EXPECT_LT(sample.busiest_worker, 0.7);
}

TEST(Engine, AStopEndsWhatWaitsAndLetsTheRestFinish) {
  ScriptedServer server{[](ScriptedPeer& peer) {
    while (peer.read_request()) {
      peer.pause(200ms);
      if (!peer.write(answer(200))) return;
    }
  }};
  Scenario s = hold_scenario(server.url(), 100, 60s);
  s.connections.max = 4;
  s.client.workers = 2;
  const auto begin = std::chrono::steady_clock::now();
  const RunResult r = run_load(s, [](Engine& engine) {
    EXPECT_FALSE(engine.wait_for(600ms));
    engine.request_stop();
    engine.request_stop();
  });
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  expect_conserved(r);
  EXPECT_GT(r.count(Outcome::unsent), 10u);
  EXPECT_EQ(r.count(Outcome::unsent) + r.count(Outcome::ok), r.planned());
  EXPECT_NEAR(static_cast<double>(r.planned()), 55, 15);  // 100/s for 0.55 s
  ASSERT_EQ(r.marks.size(), 2u);
  EXPECT_EQ(r.marks[1].kind, LoadMark::Kind::interrupted);
  EXPECT_LT(r.marks[1].at, 1s);
}

TEST(Engine, EndsWhenDestroyed) {
  ScriptedServer server{always(answer(200))};
  std::vector<Record> records;
  {
    const ClockAnchor anchor{.steady = std::chrono::steady_clock::now(), .wall = {}};
    Engine engine{hold_scenario(server.url(), 100, 60s), anchor,
                  [&](Record record) { records.push_back(std::move(record)); }};
    ASSERT_TRUE(engine.start(0s));
    EXPECT_FALSE(engine.wait_for(100ms));
    EXPECT_GT(engine.live().planned, 0u);
  }
  ASSERT_FALSE(records.empty());
  EXPECT_TRUE(std::holds_alternative<LoadMark>(records.back()));
}

TEST(Engine, APlanWithoutRequestsLastsItsTime) {
  ScriptedServer server{always(answer(200))};
  Scenario s = hold_scenario(server.url(), 0, 300ms);
  s.load.stages[0].shape = Stage::Shape::pause;
  const RunResult r = run_load(s);
  EXPECT_EQ(r.planned(), 0u);
  ASSERT_EQ(r.marks.size(), 2u);
  EXPECT_GE(r.marks[1].at, 350ms);
  EXPECT_EQ(r.marks[1].kind, LoadMark::Kind::finished);
}

TEST(Engine, RefusesATargetThatIsNone) {
  EXPECT_FALSE(run_load(hold_scenario("nowhere", 1, 1s)).refused.empty());
  Engine never_started{hold_scenario("nowhere", 1, 1s), {}, [](const Record&) {}};
  never_started.request_stop();
  EXPECT_TRUE(never_started.wait_for(1ms));
}

TEST(Engine, ShowsTheLastSecond) {
  ScriptedServer server{always(answer(200))};
  run_load(hold_scenario(server.url(), 200, 2500ms), [](Engine& engine) {
    EXPECT_FALSE(engine.wait_for(2300ms));
    const LiveCounters live = engine.live();
    EXPECT_NEAR(live.sent_per_second, 200, 30);
    EXPECT_NEAR(live.answered_per_second, 200, 30);
    ASSERT_TRUE(live.p50);
    ASSERT_TRUE(live.p99);
    ASSERT_TRUE(live.p95);
    EXPECT_LE(*live.p50, *live.p95);
    EXPECT_LE(*live.p95, *live.p99);
    EXPECT_GT(live.connections, 0u);
  });
}

}  // namespace
}  // namespace surgeproof::loadgen
