#include "loadgen/pool.h"

#include <gtest/gtest.h>

#include <set>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;
using Verdict = Pool::Verdict;

TEST(Pool, OpensOnlyWhenNoneIsIdleAndWaitsAtTheLimit) {
  Pool pool{{.max = 2, .max_age = {}, .reuse = true, .seed = 1}};
  const auto first = pool.acquire(0s);
  EXPECT_EQ(first.verdict, Verdict::open);
  EXPECT_EQ(first.connection, 1u);
  ASSERT_TRUE(pool.settle(first.slot, 0, 1, 1s));
  EXPECT_TRUE(pool.idle(first.slot));

  const auto again = pool.acquire(1s);
  EXPECT_EQ(again.verdict, Verdict::use);
  EXPECT_EQ(again.slot, first.slot);
  const auto second = pool.acquire(1s);
  EXPECT_EQ(second.verdict, Verdict::open);
  EXPECT_EQ(second.connection, 2u);
  EXPECT_EQ(pool.acquire(1s).verdict, Verdict::wait);
  EXPECT_EQ(pool.open_connections(), 2u);

  pool.lost(again.slot);
  EXPECT_EQ(pool.open_connections(), 1u);
  const auto third = pool.acquire(1s);
  EXPECT_EQ(third.verdict, Verdict::open);
  EXPECT_EQ(third.connection, 3u);
}

TEST(Pool, OpensForAnAddressThatHasNoneAlthoughOthersHaveRoom) {
  Pool pool{{.max = 3, .max_age = {}, .streams = 10, .reuse = true, .seed = 1}};
  const auto first = pool.acquire(0s);
  ASSERT_TRUE(pool.settle(first.slot, 0, 10, 0s));
  pool.open_next(3);
  EXPECT_EQ(pool.acquire(0s).verdict, Verdict::open);
  EXPECT_EQ(pool.acquire(0s, 1).verdict, Verdict::open);  // also if those being opened would take what waits
  EXPECT_EQ(pool.acquire(0s).verdict, Verdict::use);      // the limit stands
  pool.open_next(0);
  pool.lost(1);
  EXPECT_EQ(pool.acquire(0s).verdict, Verdict::use);
}

TEST(Pool, TakesTheLongestIdleFirst) {
  Pool pool{{.max = 3, .max_age = {}, .reuse = true, .seed = 1}};
  for (int i = 0; i < 3; ++i) ASSERT_EQ(pool.acquire(0s).verdict, Verdict::open);
  for (const std::uint32_t slot : {2u, 0u, 1u}) ASSERT_TRUE(pool.settle(slot, 0, 1, 1s));
  pool.lost(0);  // an idle one from the middle
  EXPECT_EQ(pool.acquire(2s).slot, 2u);
  EXPECT_EQ(pool.acquire(2s).slot, 1u);
  EXPECT_EQ(pool.acquire(2s).verdict, Verdict::open);
}

TEST(Pool, WithoutReuseEveryRequestOpens) {
  Pool pool{{.max = 1, .max_age = {}, .reuse = false, .seed = 1}};
  for (std::uint64_t n = 1; n <= 3; ++n) {
    const auto choice = pool.acquire(0s);
    EXPECT_EQ(choice.verdict, Verdict::open);
    EXPECT_EQ(choice.connection, n);
    EXPECT_FALSE(pool.settle(choice.slot, 0, 1, 0s));
    EXPECT_EQ(pool.open_connections(), 0u);
  }
}

TEST(Pool, ConnectionsGrowOldAtDifferentAges) {
  constexpr std::uint32_t kMax = 100;
  Pool pool{{.max = kMax, .max_age = 10s, .reuse = true, .seed = 1}};
  for (std::uint32_t i = 0; i < kMax; ++i) ASSERT_TRUE(pool.acquire(0s).verdict == Verdict::open);
  for (std::uint32_t i = 0; i < kMax; ++i) ASSERT_TRUE(pool.settle(i, 0, 1, 8999ms)) << i;
  EXPECT_EQ(pool.take_expired(8999ms), std::nullopt);
  std::uint32_t early = 0;
  while (pool.take_expired(9500ms)) ++early;
  EXPECT_GT(early, kMax / 4);  // about half
  EXPECT_LT(early, kMax * 3 / 4);
  std::uint32_t late = 0;
  while (pool.take_expired(10s)) ++late;
  EXPECT_EQ(early + late, kMax);
  EXPECT_EQ(pool.open_connections(), 0u);
}

TEST(Pool, AnOldConnectionIsNotKeptAfterItsRequest) {
  Pool pool{{.max = 1, .max_age = 10s, .reuse = true, .seed = 1}};
  const auto choice = pool.acquire(0s);
  EXPECT_FALSE(pool.settle(choice.slot, 0, 1, 10s));
  EXPECT_EQ(pool.acquire(10s).verdict, Verdict::open);
}

TEST(Pool, AConnectionIsReplacedAfterItsRequests) {
  constexpr std::uint32_t kMax = 50;
  Pool pool{{.max = kMax, .max_requests = 100, .jitter = 0.2}};
  std::set<std::uint32_t> lifetimes;
  for (std::uint32_t i = 0; i < kMax; ++i) {
    auto choice = pool.acquire(0s);
    ASSERT_EQ(choice.verdict, Verdict::open);
    std::uint32_t carried = 1;
    while (pool.settle(choice.slot, 0, 1, 1s)) {
      choice = pool.acquire(1s);
      ASSERT_EQ(choice.verdict, Verdict::use);
      ++carried;
    }
    EXPECT_GE(carried, 80u);
    EXPECT_LE(carried, 100u);
    lifetimes.insert(carried);
  }
  EXPECT_GT(lifetimes.size(), 5u);
  Pool exact{{.max = 1, .max_requests = 1, .jitter = 0}};
  EXPECT_FALSE(exact.settle(exact.acquire(0s).slot, 0, 1, 0s));
}

TEST(Pool, AConnectionForManyRequestsIsSharedOutInTurn) {
  Pool pool{{.max = 2}};
  const auto a = pool.acquire(0s);
  ASSERT_TRUE(pool.settle(a.slot, 1, 2, 0s));
  EXPECT_EQ(pool.acquire(0s).slot, a.slot);
  EXPECT_EQ(pool.acquire(0s).slot, a.slot);
  const auto b = pool.acquire(0s);  // the first one is full
  ASSERT_EQ(b.verdict, Verdict::open);
  ASSERT_TRUE(pool.settle(b.slot, 0, 3, 0s));
  ASSERT_TRUE(pool.settle(a.slot, 1, 2, 0s));
  EXPECT_EQ(pool.acquire(0s).slot, b.slot);
  EXPECT_EQ(pool.acquire(0s).slot, a.slot);
  EXPECT_EQ(pool.acquire(0s).slot, b.slot);
  pool.retire(a.slot);
  EXPECT_TRUE(pool.settle(a.slot, 2, 9, 0s));  // two are still on it
  EXPECT_EQ(pool.acquire(0s).slot, b.slot);
  EXPECT_EQ(pool.acquire(0s).verdict, Verdict::wait);
  EXPECT_FALSE(pool.settle(a.slot, 0, 9, 0s));
  EXPECT_EQ(pool.open_connections(), 1u);
}

// Four requests at once are expected of each connection: while one is being opened, three may wait for it.
TEST(Pool, RequestsWaitForTheConnectionThatIsBeingOpenedForThem) {
  Pool pool{{.max = 3, .max_age = {}, .streams = 4, .reuse = true, .seed = 1}};
  const auto first = pool.acquire(0s, 0);
  EXPECT_EQ(first.verdict, Verdict::open);
  for (const std::size_t waiting : {0u, 1u, 2u}) EXPECT_EQ(pool.acquire(0s, waiting).verdict, Verdict::wait);
  EXPECT_EQ(pool.acquire(0s, 3).verdict, Verdict::open);
  EXPECT_EQ(pool.acquire(0s, 5).verdict, Verdict::wait);
  ASSERT_TRUE(pool.settle(first.slot, 1, 1, 1s));  // it takes only two
  EXPECT_EQ(pool.acquire(1s, 5).verdict, Verdict::use);
  EXPECT_EQ(pool.acquire(1s, 5).verdict, Verdict::open);  // the second one will take no more than that either
  EXPECT_EQ(pool.acquire(1s, 5).verdict, Verdict::wait);  // three is the most
  pool.lost(1);
  EXPECT_EQ(pool.acquire(1s, 0).verdict, Verdict::wait);
  pool.lost(2);
  EXPECT_EQ(pool.acquire(1s, 0).verdict, Verdict::open);  // nobody is on the way any more
}

}  // namespace
}  // namespace surgeproof::loadgen
