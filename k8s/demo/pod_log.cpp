#include "k8s/demo/pod_log.h"

#include <utility>

namespace surgeproof::demo {
namespace {
constexpr std::size_t kKept = 2000;  // lines of each instance
}

void PodLog::begin(const std::string& ns, const std::string& pod, const std::string& container) {
  Lines& lines = logs_[{ns, pod, container}];
  lines.previous = std::exchange(lines.present, {});
}

void PodLog::write(const std::string& ns, const std::string& pod, const std::string& container, std::string text) {
  Lines& lines = logs_[{ns, pod, container}];
  lines.present.push_back({++lines.written, now_(), std::move(text)});
  if (lines.present.size() > kKept) lines.present.pop_front();
}

std::vector<LogLine> PodLog::read(const LogQuery& query) const {
  std::vector<LogLine> found;
  const auto log = logs_.find({query.ns, query.pod, query.container});
  if (log == logs_.end()) return found;
  for (const LogLine& line : query.previous ? log->second.previous : log->second.present) {
    if (line.sequence > query.after_sequence) found.push_back(line);
  }
  return found;
}

void PodLog::forget(const std::string& ns, const std::string& pod) {
  std::erase_if(logs_, [&](const auto& log) { return std::get<0>(log.first) == ns && std::get<1>(log.first) == pod; });
}

}  // namespace surgeproof::demo
