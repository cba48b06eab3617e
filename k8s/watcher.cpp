#include "k8s/watcher.h"

#include "k8s/watch_session.h"

namespace surgeproof::k8s {

struct Watcher::Session : WatchSession {
  using WatchSession::WatchSession;
};

Watcher::Watcher(ClusterConfig config, std::vector<WatchRequest> requests, ClockAnchor anchor, RecordSink sink,
                 WatchOptions options)
    : session_(std::make_unique<Session>(std::move(config), std::move(requests), anchor, std::move(sink), options)) {}

Watcher::~Watcher() { stop(); }

void Watcher::start() { session_->start(); }
std::expected<void, WatchError> Watcher::wait_synced(std::chrono::nanoseconds timeout) {
  return session_->wait_synced(timeout);
}
void Watcher::stop() { session_->stop(); }
LiveState Watcher::live() const { return session_->live(); }
ClusterFacts Watcher::facts() const { return session_->facts(); }

}  // namespace surgeproof::k8s
