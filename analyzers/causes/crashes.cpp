// Containers that ended although nobody had asked for their pod's deletion.
#include <fmt/format.h>

#include <map>

#include "analyzers/causes/clue.h"
#include "analyzers/causes/moments.h"
#include "analyzers/timeline.h"
#include "analyzers/words.h"

namespace surgeproof {
namespace {

//                                  up  down latency errors drops replicas
constexpr Weights kCrashed{90, 30, 82, 65, 35, 90};

}  // namespace

std::string describe_end(const ContainerEnd& end) {
  const std::string code = end.exit_code ? fmt::format(" with exit code {}", *end.exit_code) : "";
  const std::string reason = end.reason.empty() ? "" : " (" + end.reason + ")";
  return fmt::format("container {} ended{}{}", end.container, code, reason);
}

bool is_crash(const PodLife& pod, const ContainerEnd& end) {
  if (pod.deletion_requested && end.observed >= pod.deletion_requested->observed) return false;
  return end.reason == "OOMKilled" || end.exit_code.value_or(1) != 0;
}

void clues_from_crashes(const Facts& facts, std::vector<Clue>& clues) {
  const Timeline& t = facts.timeline;
  const Interval look{t.load_started.value_or(RunTime{}), t.end};
  Cause cause{"container_crashed", "", "", Confidence::high, 0, {}};
  std::uint64_t oom = 0;
  std::uint64_t pods = 0;
  for (const PodLife& pod : t.pods) {
    bool crashed = false;
    for (const ContainerEnd& end : pod.ends) {
      if (!look.contains(end.observed) || !is_crash(pod, end)) continue;
      crashed = true;
      oom += end.reason == "OOMKilled" ? 1 : 0;
      ++cause.count;
      if (cause.evidence.size() < 5) {
        cause.evidence.push_back(
            fmt::format("{} pod {}: {}", instant(end.observed, t.load_started), pod.name, describe_end(end)));
      }
    }
    pods += crashed ? 1 : 0;
  }
  if (cause.count == 0) return;
  const std::string times =
      cause.count == 1 ? "a container crashed once" : fmt::format("containers crashed {} times", cause.count);
  const std::string memory = oom == 0             ? ""
                             : oom == cause.count ? ", out of memory"
                                                  : fmt::format(", {} times out of memory", oom);
  cause.sentence = fmt::format("{} in {}{}", times, plural(pods, "pod"), memory);
  cause.remedy = oom > 0 ? "raise the memory limit, or find what grows with the load"
                         : "read the container's last log (`kubectl logs --previous`): it ends under load";
  clues.push_back({std::move(cause), kCrashed, {}});
}

}  // namespace surgeproof
