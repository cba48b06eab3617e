// Which pods an action of the scenario took away. Pure.
#pragma once

#include <map>
#include <string>

namespace surgeproof {

struct Timeline;

/// The pod that a delete_pod named, and those of a workload that existed when it was restarted and were deleted
/// afterwards; of one that was scaled, those deleted within fifteen seconds.
class ActionMarks {
 public:
  explicit ActionMarks(const Timeline& timeline);
  /// The action's name; null when no action took this pod away.
  [[nodiscard]] const std::string* of(const std::string& pod) const;

 private:
  std::map<std::string, std::string> by_pod_;
};

}  // namespace surgeproof
