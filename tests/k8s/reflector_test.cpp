#include "k8s/reflector.h"

#include <gtest/gtest.h>

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;
using ActionKind = Reflector::Action::Kind;

/// A reflector that has listed up to version 100 and watches.
Reflector watching() {
  Reflector r(1);
  EXPECT_EQ(r.next().kind, ActionKind::list);
  r.listed("", "100");
  return r;
}

std::chrono::milliseconds waited(Reflector& r) {
  const auto action = r.next();
  EXPECT_EQ(action.kind, ActionKind::wait);
  return action.delay;
}

void expect_watch(Reflector& r, const std::string& version) {
  const auto action = r.next();
  EXPECT_EQ(action.kind, ActionKind::watch);
  EXPECT_EQ(action.resource_version, version);
  EXPECT_GE(action.watch_timeout, 300s);
  EXPECT_LE(action.watch_timeout, 600s);
}

void expect_first_page(Reflector& r) {
  const auto action = r.next();
  EXPECT_EQ(action.kind, ActionKind::list);
  EXPECT_EQ(action.continue_token, "");
}

TEST(Reflector, ListsAllPagesThenWatches) {
  Reflector r(1);
  expect_first_page(r);
  r.listed("page 2", "100");
  EXPECT_EQ(r.next().continue_token, "page 2");
  r.listed("", "101");
  expect_watch(r, "101");
}

TEST(Reflector, AWatchThatEndsResumesAtOnceFromTheLastVersion) {
  Reflector r = watching();
  expect_watch(r, "100");
  r.seen("105");
  r.seen("");  // an event without a version changes nothing
  r.closed(400s, true);
  expect_watch(r, "105");
  r.closed(1s, false);
  expect_watch(r, "105");
}

TEST(Reflector, AnEmptyCloseWithinASecondIsAnError) {
  Reflector r = watching();
  r.closed(999ms, false);
  EXPECT_GE(waited(r), 800ms);
  expect_first_page(r);
}

TEST(Reflector, ACutWatchResumesAfterABackOff) {
  Reflector r = watching();
  r.seen("107");
  r.failed({});
  EXPECT_GE(waited(r), 800ms);
  expect_watch(r, "107");
}

TEST(Reflector, GoneListsAgainAtOnceButNotInATightLoop) {
  Reflector r = watching();
  r.expired({410, {}});
  expect_first_page(r);
  r.listed("", "200");
  r.failed({410, {}});  // the watch request itself is answered with 410
  EXPECT_GE(waited(r), 800ms);
  expect_first_page(r);
  r.listed("", "300");
  r.seen("301");
  r.expired({410, {}});  // after progress: at once again
  expect_first_page(r);
}

TEST(Reflector, OtherErrorEventsAndBadDataListAgainAfterABackOff) {
  for (const int code : {500, 0}) {
    Reflector r = watching();
    r.expired({code, {}});
    EXPECT_GE(waited(r), 800ms);
    expect_first_page(r);
  }
}

TEST(Reflector, AnExpiredContinueTokenStartsTheListAnew) {
  Reflector r(1);
  r.listed("page 2", "100");
  r.failed({410, {}});
  expect_first_page(r);
}

TEST(Reflector, AFailedPageStartsTheListAnew) {
  Reflector r(1);
  r.listed("page 2", "100");
  r.failed({500, {}});
  waited(r);
  expect_first_page(r);
}

TEST(Reflector, BackOffGrowsFromHalfAWindowToThirtySeconds) {
  // Failure n waits within [0.8 · 2^(n−1), 0.8 · 2^n], at most [15, 30] s.
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Reflector r(seed);
    double top = 1600;
    for (int n = 1; n <= 12; ++n) {
      r.failed({});
      const auto delay = static_cast<double>(waited(r).count());
      EXPECT_GE(delay, top / 2 - 1) << n;
      EXPECT_LE(delay, top) << n;
      top = std::min(top * 2, 30000.0);
    }
    r.listed("", "1");
    r.seen("2");
    r.failed({});
    EXPECT_LE(waited(r), 1600ms);  // progress made it start over
  }
}

TEST(Reflector, JitterDiffersBetweenSeeds) {
  Reflector a(1);
  Reflector b(2);
  a.failed({});
  b.failed({});
  EXPECT_NE(waited(a), waited(b));
}

TEST(Reflector, TheServersWishIsObeyedWhenItIsLonger) {
  Reflector r(1);
  r.failed({429, 17s});
  EXPECT_EQ(waited(r), 17s);
  r.failed({429, 0s});
  EXPECT_GE(waited(r), 800ms);
}

TEST(Reflector, MissingRightsAndApisAreAskedForSlowly) {
  for (const int status : {401, 403, 404}) {
    Reflector r = watching();
    r.failed({status, {}});
    EXPECT_GE(waited(r), 15s) << status;
    expect_first_page(r);
  }
}

}  // namespace
}  // namespace surgeproof::k8s
