#include "k8s/actions/pod_choice.h"

#include <gtest/gtest.h>

#include <set>

namespace surgeproof::k8s {
namespace {

using namespace std::chrono_literals;

PodSample pod(const std::string& name, int created_s) {
  PodSample p;
  p.name = name;
  p.phase = "Running";
  p.ready = true;
  p.created = WallTime{std::chrono::seconds{created_s}};
  return p;
}

std::string name_of(const PodSample* pod) { return pod ? pod->name : "none"; }

TEST(PodChoice, ByAge) {
  const std::vector<PodSample> pods{pod("b", 20), pod("c", 10), pod("a", 20)};
  EXPECT_EQ(name_of(choose_pod(pods, PodPick::oldest, 0)), "c");
  EXPECT_EQ(name_of(choose_pod(pods, PodPick::newest, 0)), "b");  // of a and b, equally old, the last by name
}

TEST(PodChoice, OnlyOneThatServes) {
  std::vector<PodSample> pods{pod("pending", 1), pod("unready", 2), pod("leaving", 3), pod("gone", 4)};
  pods[0].phase = "Pending";
  pods[1].ready = false;
  pods[2].deletion_requested = WallTime{5s};
  pods[3].deleted = true;
  EXPECT_EQ(name_of(choose_pod(pods, PodPick::oldest, 0)), "none");
  EXPECT_EQ(name_of(choose_pod({}, PodPick::random, 0)), "none");
  pods.push_back(pod("good", 9));
  for (const auto pick : {PodPick::oldest, PodPick::newest, PodPick::random}) {
    EXPECT_EQ(name_of(choose_pod(pods, pick, 7)), "good");
  }
}

TEST(PodChoice, RandomIsTheSeeds) {
  const std::vector<PodSample> pods{pod("a", 1), pod("b", 2), pod("c", 3)};
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto name = name_of(choose_pod(pods, PodPick::random, seed));
    EXPECT_EQ(name_of(choose_pod(pods, PodPick::random, seed)), name);
    seen.insert(name);
  }
  EXPECT_EQ(seen.size(), 3u);
}

}  // namespace
}  // namespace surgeproof::k8s
