// The hot path does not allocate: counted where it would show, in operator new, on the generator's threads.
#include <gtest/gtest.h>
#include <sys/prctl.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

#include "tests/loadgen/run_fixture.h"
#include "tests/loadgen/scripted_server.h"

namespace {

std::atomic<std::uint64_t> generator_allocations{0};
std::atomic<bool> counting{false};

void note_allocation() {
  if (!counting.load(std::memory_order_relaxed)) return;
  std::array<char, 16> name{};
  prctl(PR_GET_NAME, name.data());
  if (std::string_view{name.data()} == "generator") ++generator_allocations;
}

void* allocate(std::size_t size) {
  note_allocation();
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc{};
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

struct Counted {
  std::uint64_t requests = 0;
  std::uint64_t allocations = 0;
};

// From the 2,000th answer on, over 10,000 requests.
Counted count_allocations(const Scenario& scenario) {
  Counted counted;
  run_load(scenario, [&](Engine& engine) {
    const auto answered = [&](std::uint64_t n) {
      for (int i = 0; i < 6000 && engine.live().count(Outcome::ok) < n; ++i) engine.wait_for(10ms);
      return engine.live().count(Outcome::ok);
    };
    const std::uint64_t before = answered(2000);
    generator_allocations = 0;
    counting = true;
    counted.requests = answered(before + 10'000) - before;
    counting = false;
    counted.allocations = generator_allocations;
    engine.request_stop();
  });
  return counted;
}

Scenario recorded_scenario(const ScriptedServer& server) {
  Scenario s = hold_scenario(server.url(), 2000, 120s);
  s.client.pod_header = "X-Pod";
  s.requests.push_back(s.requests[0]);
  s.requests[1].name = "create";
  s.requests[1].method = "POST";
  s.requests[1].body = "{\"id\": \"{{uuid}}\", \"n\": {{sequence}}}";
  s.connections.max = 16;
  return s;
}

const std::string kAnswer = answer(200, "hello", "Server: nginx/1.22.1\r\nX-Pod: todo-5d8f7c9b8-x2x4z\r\n");

// Each second hands its counts over, may grow a table, and begins with tables of its own when nobody has given any back
// yet, which a busy machine makes frequent: some dozens each time. What even one request in fifty asked for is more.
void expect_none_for_a_request(const Counted& c) {
  EXPECT_GE(c.requests, 10'000u);
  EXPECT_LE(c.allocations, c.requests / 50);
  std::printf("%llu allocations over %llu requests\n", static_cast<unsigned long long>(c.allocations),
              static_cast<unsigned long long>(c.requests));
}

TEST(Allocation, NoneForARequestInAnOpenLoop) {
  ScriptedServer server{always(kAnswer)};
  expect_none_for_a_request(count_allocations(recorded_scenario(server)));
}

TEST(Allocation, NoneForARequestInAClosedLoop) {
  ScriptedServer server{always(kAnswer)};
  Scenario s = recorded_scenario(server);
  s.load = Load::closed_loop({.connections = 4, .duration = 120s});
  expect_none_for_a_request(count_allocations(s));
}

}  // namespace
}  // namespace surgeproof::loadgen
