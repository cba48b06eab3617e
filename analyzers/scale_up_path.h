// Where the seconds of a scale-up went: from the surge to the pod that completed it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/run_time.h"

namespace surgeproof {

struct HpaTrack;
struct Timeline;

/// One step. Steps follow each other without a hole; an open one was still going on at the end of the look.
struct PathStep {
  std::string code;   ///< "metric", "decision", "creation", "scheduling", "start", "readiness"
  std::string words;  ///< "the metric shows it"
  Interval interval;
  bool open = false;
  std::string evidence = {};  ///< what shows its end; only in a critical path
  std::string remedy = {};    ///< what would shorten it; only in a critical path
  bool operator==(const PathStep&) const = default;
};

struct ScaleUpPath {
  std::vector<PathStep> steps;
  std::optional<RunTime> first_new_ready;  ///< the first pod that was not ready at the start
  std::optional<RunTime> reached;          ///< `to` pods ready
  std::string pod;                         ///< the one that completed it, or the last one on its way
  int most_ready = 0;                      ///< within the look
  int most_wanted = 0;                     ///< likewise
  bool operator==(const ScaleUpPath&) const = default;

  /// The longest step; null without any.
  [[nodiscard]] const PathStep* slowest() const;
};

/// Looks at [start, until]. Observed times throughout. The metric counts as showing it once the HPA's status has a
/// value above its target; where the HPA acted before its status said so, that step is empty.
ScaleUpPath scale_up_path(const Timeline& timeline, const HpaTrack& hpa, RunTime start, int to, RunTime until);

}  // namespace surgeproof
