// What the API server asks of the cluster behind it, besides the store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/run_time.h"

namespace surgeproof::demo {

struct LogLine {
  std::uint64_t sequence = 0;  ///< from 1, rising within a container
  WallTime at{};
  std::string text;  ///< without the newline
};

struct LogQuery {
  std::string ns;
  std::string pod;
  std::string container;
  bool previous = false;             ///< of the container's earlier instance
  std::uint64_t after_sequence = 0;  ///< only lines after this one (a follower asks again and again)
};

struct ClusterHooks {
  /// The lines that are still kept, oldest first. The server narrows by tail, since and size, and adds timestamps.
  /// Unset: every log is empty.
  std::function<std::vector<LogLine>(const LogQuery&)> pod_log;
  /// Whether metrics.k8s.io answers (its objects are stored with Store::put as types::kPodMetrics and kNodeMetrics).
  /// False: 503, and discovery leaves the group's resources out. Unset: it does.
  std::function<bool()> metrics_available;
};

}  // namespace surgeproof::demo
