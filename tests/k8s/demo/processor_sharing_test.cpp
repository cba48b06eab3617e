#include "k8s/demo/processor_sharing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace surgeproof::demo {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct Arrival {
  milliseconds at;
  milliseconds demand;
  milliseconds ends;
};

struct SharingRow {
  const char* what;
  std::int64_t limit;
  std::vector<Arrival> jobs;
};

// Runs the queue from completion to completion; the instants at which the jobs end, in their order of arrival.
std::vector<milliseconds> ends_of(const SharingRow& row) {
  ProcessorSharing cpu{Millicores{row.limit}};
  std::map<ProcessorSharing::JobId, std::size_t> index;
  std::vector<milliseconds> ends(row.jobs.size());
  std::size_t next = 0;
  while (next < row.jobs.size() || cpu.running() > 0) {
    const auto completion = cpu.next_completion();
    if (next < row.jobs.size() && (!completion || row.jobs[next].at < *completion)) {
      index[cpu.add(row.jobs[next].at, row.jobs[next].demand)] = next;
      ++next;
      continue;
    }
    for (const auto id : cpu.advance(*completion)) ends[index.at(id)] = std::chrono::round<milliseconds>(*completion);
  }
  return ends;
}

TEST(ProcessorSharing, EndsJobsWhenTheirShareIsDone) {
  const std::vector<SharingRow> rows{
      {"alone at half a core: 5 ms take 10", 500, {{0ms, 5ms, 10ms}}},
      {"alone at two cores: one job uses one", 2000, {{0ms, 5ms, 5ms}}},
      {"two at once share half a core", 500, {{0ms, 5ms, 20ms}, {0ms, 5ms, 20ms}}},
      // 0-10 ms alone: 5 of 10 done. Then both at 250m: the first needs 20 ms more, the second has 5 of 10 by then
      // and needs 10 ms alone.
      {"one joins halfway", 500, {{0ms, 10ms, 30ms}, {10ms, 10ms, 40ms}}},
      // At 125m each: the short one needs 5 / 0.125 = 40 ms; the long one has got 5 of 10 by then, and 250m for itself.
      {"the short one leaves first", 250, {{0ms, 5ms, 40ms}, {0ms, 10ms, 60ms}}},
      {"three on two cores: two thirds each", 2000, {{0ms, 20ms, 30ms}, {0ms, 20ms, 30ms}, {0ms, 20ms, 30ms}}},
      {"idle in between", 1000, {{0ms, 5ms, 5ms}, {100ms, 5ms, 105ms}}},
  };
  for (const SharingRow& row : rows) {
    std::vector<milliseconds> expected;
    for (const Arrival& a : row.jobs) expected.push_back(a.ends);
    EXPECT_EQ(ends_of(row), expected) << row.what;
  }
}

TEST(ProcessorSharing, CountsTheCpuTimeThatWasUsed) {
  ProcessorSharing cpu{Millicores{500}};
  EXPECT_EQ(cpu.cpu_used(), 0ns);
  cpu.add(0ms, 100ms);
  cpu.advance(50ms);
  EXPECT_EQ(cpu.cpu_used(), 25ms);
  cpu.advance(1s);  // done after 200 ms, idle since
  EXPECT_EQ(cpu.cpu_used(), 100ms);
}

TEST(ProcessorSharing, ForgetsWhatIsRemoved) {
  ProcessorSharing cpu{Millicores{1000}};
  const auto a = cpu.add(0ms, 10ms);
  const auto b = cpu.add(0ms, 10ms);
  EXPECT_TRUE(cpu.remove(10ms, a));  // each has got 5 ms
  EXPECT_FALSE(cpu.remove(10ms, a));
  EXPECT_EQ(cpu.next_completion(), 15ms);
  EXPECT_THAT(cpu.advance(15ms), testing::ElementsAre(b));
  EXPECT_EQ(cpu.cpu_used(), 15ms);
}

TEST(ProcessorSharing, LosesAndInventsNoWork) {
  std::mt19937 random{7};
  std::uniform_int_distribution<int> gap{0, 12'000'000};
  std::uniform_int_distribution<int> size{1, 9'000'000};
  ProcessorSharing cpu{Millicores{700}};
  ProcessorSharing::Time now{};
  std::chrono::nanoseconds demand{};
  std::size_t ended = 0;
  for (int i = 0; i < 5000; ++i) {
    now += std::chrono::nanoseconds{gap(random)};
    ended += cpu.advance(now).size();
    const std::chrono::nanoseconds d{size(random)};
    demand += d;
    cpu.add(now, d);
  }
  while (const auto next = cpu.next_completion()) ended += cpu.advance(*next).size();
  EXPECT_EQ(ended, 5000U);
  EXPECT_NEAR(static_cast<double>(cpu.cpu_used().count()), static_cast<double>(demand.count()), 1e5);
}

}  // namespace
}  // namespace surgeproof::demo
