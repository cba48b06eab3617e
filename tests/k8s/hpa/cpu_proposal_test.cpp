#include "k8s/hpa/cpu_proposal.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/k8s/hpa/story.h"

namespace surgeproof::hpa {
namespace {

// The quick path for simulations must be the controller's own arithmetic: random pods, both kinds of target.
TEST(CpuProposal, SaysWhatTheControllerSays) {
  std::mt19937 random(7);
  const auto one_of = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
  int with_proposal = 0;
  for (int round = 0; round < 20'000; ++round) {
    const bool by_average = one_of(0, 3) == 0;
    const int target = one_of(20, 150);
    World world = world_of(one_of(1, 12), {by_average ? cpu_average(target) : cpu_utilization(target)});
    CpuPods sums;
    sums.request_milli = 100;
    const int pods = one_of(1, 8);
    for (int i = 0; i < pods; ++i) {
      const std::string name = "p" + std::to_string(i);
      const int kind = one_of(0, 5);
      if (kind == 0) {  // no sample
        world.pods.push_back(ready_pod(name));
        ++sums.missing;
      } else if (kind == 1) {  // not running yet
        world.pods.push_back(ready_pod(name));
        world.pods.back().phase = PodPhase::pending;
        ++sums.unready;
      } else {
        const int used = one_of(0, 3) == 0 ? one_of(0, 400) : target + one_of(-15, 15);
        add_pod(world, name, std::max(used, 0));
        sums.used_milli += std::max(used, 0);
        ++sums.counted;
      }
    }
    // The controller refuses a list without any sample; so does it without a counted pod.
    const auto decision = Controller().sync(world, kNoon);
    ASSERT_EQ(decision.per_metric.size(), 1U);
    const auto& metric = world.hpa.spec.metrics.front();
    const auto quick = propose_by_cpu(sums, metric.target, Tolerances{}, world.scale->spec_replicas);
    ASSERT_EQ(quick.replicas, decision.per_metric.front().proposal) << "round " << round;
    ASSERT_EQ(quick.utilization, decision.per_metric.front().utilization) << "round " << round;
    with_proposal += quick.replicas ? 1 : 0;
  }
  EXPECT_GT(with_proposal, 15'000);
}

}  // namespace
}  // namespace surgeproof::hpa
