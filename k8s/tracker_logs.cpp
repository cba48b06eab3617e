// Which logs can be read: one state for each request and namespace, the worst of its streams.
#include <fmt/format.h>

#include "k8s/tracker.h"

namespace surgeproof::k8s {

void Tracker::log_pod_changed(std::size_t request, const PodSample& pod, const FeedState& feed, Records& out) {
  logs_.pod(request, pod, !feed.listed);
  if (pod.deleted || logs_.unread(request) > 0) record_log_state(request, pod.ns, "", pod.at.observed, out);
}

void Tracker::log_pods_listed(const Feed& feed, RunTime now, Records& out) {
  for (std::size_t i = 0; i < logs_.requests().size(); ++i) {
    const LogRequest& request = logs_.requests()[i];
    const bool here = request.ns.empty() || request.ns == feed.ns;
    const bool of_watched = feed.kind == Feed::Kind::pods && request.selector.empty() && here;
    if (of_watched || (feed.kind == Feed::Kind::log_pods && feed.watched == i)) {
      record_log_state(i, feed.ns, "", now, out);
    }
  }
}

void Tracker::log_state(const LogStream& stream, WatchState::Kind kind, const std::string& message, RunTime now,
                        Records& out) {
  log_states_[{stream.request, stream.ns}].streams[&stream] = kind;
  const std::string where = message.empty() ? "" : fmt::format("{}/{}: {}", stream.pod, stream.container, message);
  record_log_state(stream.request, stream.ns, where, now, out);
}

void Tracker::log_gone(const LogStream& stream, RunTime now, Records& out) {
  logs_.end(stream);
  record_log_state(stream.request, stream.ns, "", now, out);
}

void Tracker::record_log_state(std::size_t request, const std::string& ns, const std::string& message, RunTime now,
                               Records& out) {
  using WatchKind = WatchState::Kind;
  LogState& state = log_states_[{request, ns}];
  WatchKind worst = WatchKind::synced;
  std::string why = message;
  for (const auto& [stream, kind] : state.streams) {
    state.read = state.read || kind == WatchKind::synced;
    if (!stream->over && kind != WatchKind::synced) worst = kind;
  }
  std::erase_if(state.streams, [](const auto& entry) { return entry.first->over; });
  if (logs_.unread(request) > 0) {  // never seen as a whole again
    worst = WatchKind::lost;
    why = fmt::format("there are more than {} containers; the logs of the others are not read", LogWatch::kMostStreams);
  }
  if (worst == WatchKind::synced) why = state.read ? "" : kNoLogYet;
  if (state.recorded == worst && state.said == why) return;
  // Another reason for the same trouble is no news.
  if (state.recorded == worst && worst != WatchKind::synced) return;
  state.recorded = worst;
  state.said = why;
  out.emplace_back(WatchState{now, log_resource(logs_.requests()[request]), worst, why, ns, ""});
}

}  // namespace surgeproof::k8s
