#include "k8s/log_watch.h"

#include <fmt/format.h>

namespace surgeproof::k8s {

std::string log_resource(const LogRequest& request) {
  return request.selector.empty() ? "pods/log" : "pods/log " + request.selector;
}

void LogWatch::end(const LogStream& stream) {
  for (LogStream& s : streams_) {
    if (&s != &stream || s.over) continue;
    s.over = true;
    --open_;
  }
}

void LogWatch::pod(std::size_t request, const PodSample& pod, bool first_list) {
  if (pod.deleted) {
    for (LogStream& stream : streams_) {
      if (stream.over || stream.request != request || stream.uid != pod.uid) continue;
      stream.over = true;
      --open_;
    }
    return;
  }
  for (const ContainerState& container : pod.containers) {
    // Before a container has run there is nothing to read.
    if (container.state == "waiting" && container.restarts == 0) continue;
    if (!known_.emplace(fmt::format("{}/{}/{}", request, pod.uid, container.name), true).second) continue;
    if (open_ >= kMostStreams) {
      ++unread_[request];
      continue;
    }
    ++open_;
    streams_.push_back({request, pod.ns, pod.name, pod.uid, container.name, !first_list, false});
  }
}

LogLine LogWatch::record(const LogStream& stream, std::size_t pattern, std::string line,
                         std::optional<WallTime> timestamp, RunTime now) {
  const LogRequest& request = requests_[stream.request];
  LogLine out;
  out.observed = now;
  out.ns = stream.ns;
  out.pod = stream.pod;
  out.container = stream.container;
  out.pattern = request.patterns[pattern].shown;
  out.selector = request.selector;
  out.timestamp = timestamp;
  if (++kept_[stream.request][pattern] <= kKept) out.line = std::move(line);
  return out;
}

}  // namespace surgeproof::k8s
