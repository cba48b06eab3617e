#include "tests/loadgen/run_fixture.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <variant>

namespace surgeproof::loadgen {

using namespace std::chrono_literals;

std::uint64_t RunResult::planned() const {
  std::uint64_t n = 0;
  for (const LoadWindow& w : windows) n += w.planned;
  return n;
}

std::uint64_t RunResult::sent() const {
  std::uint64_t n = 0;
  for (const LoadWindow& w : windows) n += w.sent;
  return n;
}

std::uint64_t RunResult::ended() const {
  std::uint64_t n = 0;
  for (const LoadWindow& w : windows) n += w.ended();
  return n;
}

std::uint64_t RunResult::count(Outcome o) const {
  std::uint64_t n = 0;
  for (const LoadWindow& w : windows) n += w.count(o);
  return n;
}

Histogram RunResult::latency() const {
  Histogram all;
  for (const LoadWindow& w : windows) all.merge(w.latency);
  return all;
}

Scenario hold_scenario(const std::string& target, double rate, std::chrono::nanoseconds duration) {
  Scenario s;
  s.target = target;
  s.client.timeout = 5s;
  s.client.workers = 1;
  RequestTemplate get;
  get.name = "get";
  s.requests = {get};
  s.load.stages = {{.name = "hold", .shape = Stage::Shape::hold, .rate = {rate}, .duration = duration, .place = {}}};
  return s;
}

RunResult run_load(const Scenario& scenario, const std::function<void(Engine&)>& meanwhile) {
  RunResult result;
  const auto keep = [&](Record record) {
    std::visit(
        [&](auto&& r) {
          using T = std::decay_t<decltype(r)>;
          if constexpr (std::is_same_v<T, LoadWindow>) result.windows.push_back(r);
          if constexpr (std::is_same_v<T, RequestFailure>) result.failures.push_back(r);
          if constexpr (std::is_same_v<T, FailureOverflow>) result.overflows.push_back(r);
          if constexpr (std::is_same_v<T, PeerWindow>) result.peers.push_back(r);
          if constexpr (std::is_same_v<T, GeneratorSample>) result.health.push_back(r);
          if constexpr (std::is_same_v<T, LoadMark>) result.marks.push_back(r);
        },
        record);
  };
  const ClockAnchor anchor{.steady = std::chrono::steady_clock::now(), .wall = {}};
  Engine engine{scenario, anchor, keep};
  if (const auto started = engine.start(50ms); !started) {
    result.refused = started.error();
    return result;
  }
  if (meanwhile) meanwhile(engine);
  EXPECT_TRUE(engine.wait_for(60s));
  engine.join();
  result.live = engine.live();
  return result;
}

}  // namespace surgeproof::loadgen
