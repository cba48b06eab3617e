// What the containers wrote: the last lines of the present and of the previous instance.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/run_time.h"
#include "k8s/demo/api/cluster_hooks.h"

namespace surgeproof::demo {

class PodLog {
 public:
  explicit PodLog(std::function<WallTime()> now) : now_(std::move(now)) {}

  /// A new instance: its predecessor's lines become the previous ones.
  void begin(const std::string& ns, const std::string& pod, const std::string& container);
  void write(const std::string& ns, const std::string& pod, const std::string& container, std::string text);
  [[nodiscard]] std::vector<LogLine> read(const LogQuery& query) const;
  /// Drops what belongs to a pod that is gone.
  void forget(const std::string& ns, const std::string& pod);

 private:
  struct Lines {
    std::deque<LogLine> present;
    std::deque<LogLine> previous;
    std::uint64_t written = 0;
  };
  using Key = std::tuple<std::string, std::string, std::string>;
  std::function<WallTime()> now_;
  std::map<Key, Lines> logs_;
};

}  // namespace surgeproof::demo
