// The packed table of load windows, against the same windows kept plainly.
#include "analyzers/window_table.h"

#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "analyzers/merge.h"
#include "analyzers/varint.h"

namespace surgeproof {
namespace {

using namespace std::chrono_literals;

TEST(Varint, ReadsWhatItWrote) {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const std::uint64_t edge = bits == 64 ? 0 : std::uint64_t{1} << bits;  // 0 - 1: the greatest
    for (const std::uint64_t v : {edge - 1, edge, edge + 1}) {
      std::uint8_t room[kMostVarint + 1] = {};
      std::uint8_t* end = room;
      put_varint(end, v);
      const std::uint8_t* at = room;
      EXPECT_EQ(take_varint(at), v);
      EXPECT_EQ(at, end) << v;
    }
  }
}

class Windows {
 public:
  LoadWindow one(RunTime begin) {
    LoadWindow w;
    w.begin = begin;
    w.length = 1s;
    w.stage = random_() % 2 == 0 ? "calm" : "rush";
    w.request = random_() % 3 == 0 ? "list" : "get";
    w.planned = w.sent = random_() % 1000;
    w.outcomes[random_() % kOutcomes] = std::uint64_t{1} << (random_() % 40);
    w.statuses[200] = random_() % 500;
    Histogram h;
    // Microseconds and minutes, one value and many: all lengths of what is packed.
    for (auto n = random_() % 12; n > 0; --n) {
      h.record(std::chrono::microseconds{std::uint64_t{1} << (random_() % 31)}, 1 + random_() % 300);
    }
    w.latency = h.sparse();
    h.record(3ms);
    w.service_time = h.sparse();
    if (random_() % 5 == 0) w.class_latency[4] = w.latency;
    return w;
  }
  std::uint64_t any() { return random_(); }

 private:
  std::mt19937 random_{11};
};

using Key = std::tuple<RunTime, std::string, std::string>;

LoadSum plain_sum(const std::map<Key, LoadWindow>& all, const LoadFilter& filter) {
  LoadSum sum;
  for (const auto& [key, w] : all) {
    const bool mine = w.begin >= filter.span.begin && w.begin < filter.span.end &&
                      (filter.stage.empty() || w.stage == filter.stage) &&
                      (filter.request.empty() || w.request == filter.request);
    if (!mine) continue;
    sum.planned += w.planned;
    sum.sent += w.sent;
    for (std::size_t o = 0; o < kOutcomes; ++o) sum.outcomes[o] += w.outcomes[o];
    sum.latency.merge(w.latency);
    sum.service_time.merge(w.service_time);
  }
  return sum;
}

TEST(WindowTable, SaysWhatThePlainWindowsSay) {
  Windows windows;
  WindowTable table;
  std::map<Key, LoadWindow> plain;
  for (int s = 0; s < 12'000; ++s) {
    // A little late, and now and then twice: those are summed.
    const RunTime begin = std::chrono::seconds{std::max<std::int64_t>(0, s - static_cast<int>(windows.any() % 4))};
    const LoadWindow w = windows.one(begin);
    table.add(w);
    const auto [at, fresh] = plain.try_emplace({w.begin, w.stage, w.request}, w);
    if (!fresh) add_to(at->second, w);
    if (s % 5000 == 4999) table.settle();
  }
  table.settle();
  ASSERT_EQ(table.size(), plain.size());
  std::size_t i = 0;
  for (const auto& [key, w] : plain) ASSERT_EQ(table[i++], w);

  for (int round = 0; round < 40; ++round) {
    LoadFilter filter;
    filter.span.begin = std::chrono::seconds{windows.any() % 6000};
    filter.span.end = filter.span.begin + std::chrono::seconds{windows.any() % 12'000};
    if (round % 3 == 1) filter.stage = "rush";
    if (round % 4 == 1) filter.request = "list";
    const LoadSum truth = plain_sum(plain, filter);
    for (const LoadParts parts : {LoadParts::counts, LoadParts::latency, LoadParts::all}) {
      const LoadSum sum = table.sum(filter, parts);
      EXPECT_EQ(sum.planned, truth.planned);
      EXPECT_EQ(sum.sent, truth.sent);
      EXPECT_EQ(sum.outcomes, truth.outcomes);
      EXPECT_EQ(sum.latency.sparse(), parts == LoadParts::counts ? SparseHistogram{} : truth.latency.sparse());
      EXPECT_EQ(sum.service_time.sparse(), parts == LoadParts::all ? truth.service_time.sparse() : SparseHistogram{});
    }
  }
}

}  // namespace
}  // namespace surgeproof
