// What happened to nodes, by time: those that lost their last ready pod, and those that went away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/run_time.h"

namespace surgeproof {

struct Timeline;

struct NodeMoment {
  RunTime at{};
  std::string node;
  std::string detail;  ///< "tainted ToBeDeletedByClusterAutoscaler", "lost its last ready pod"
};

class NodeMoments {
 public:
  explicit NodeMoments(const Timeline& timeline);
  /// The last node that had lost its last ready pod, while others had some, within [t − within, t]; null without one.
  [[nodiscard]] const NodeMoment* emptied_before(RunTime t, RunTime within) const;
  /// The last trouble of that node (of any, when empty) within [t − before, t + after]; null without one.
  [[nodiscard]] const NodeMoment* trouble_near(std::string_view node, RunTime t, RunTime before, RunTime after) const;

 private:
  std::vector<NodeMoment> emptied_;  // by time
  std::vector<NodeMoment> trouble_;  // by time
};

}  // namespace surgeproof
