#include "k8s/actions/pod_choice.h"

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

namespace surgeproof::k8s {

const PodSample* choose_pod(std::span<const PodSample> pods, PodPick pick, std::uint64_t seed) {
  std::vector<const PodSample*> able;
  for (const PodSample& pod : pods) {
    if (pod.phase == "Running" && pod.ready && !pod.deletion_requested && !pod.deleted) able.push_back(&pod);
  }
  if (able.empty()) return nullptr;
  std::ranges::sort(able, [](const PodSample* a, const PodSample* b) {
    return std::tie(a->created, a->name) < std::tie(b->created, b->name);
  });
  if (pick == PodPick::oldest) return able.front();
  if (pick == PodPick::newest) return able.back();
  // Not a distribution of the library: each has its own, and a seed must mean the same pod everywhere.
  return able[std::mt19937_64{seed}() % able.size()];
}

}  // namespace surgeproof::k8s
