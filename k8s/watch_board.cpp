#include "k8s/watch_board.h"

#include <fmt/format.h>

#include "base/duration.h"

namespace surgeproof::k8s {

void WatchBoard::set_live(LiveState live) {
  const std::lock_guard lock(mutex_);
  live_ = std::move(live);
  changed_.notify_all();
}

void WatchBoard::set_facts(ClusterFacts facts) {
  const std::lock_guard lock(mutex_);
  facts_ = std::move(facts);
}

void WatchBoard::set_error(WatchError error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
  changed_.notify_all();
}

void WatchBoard::set_trouble(WatchError trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

std::expected<void, WatchError> WatchBoard::wait_synced(std::chrono::nanoseconds timeout) {
  std::unique_lock lock(mutex_);
  // A time limit beyond a day stands for "for ever" and would overflow the clock.
  const auto limit = std::min<std::chrono::nanoseconds>(timeout, std::chrono::hours{24});
  const bool settled = changed_.wait_for(lock, limit, [this] { return live_.synced || error_; });
  if (live_.synced) return {};
  if (settled) return std::unexpected(*error_);
  std::string why;
  for (const std::string& gap : live_.gaps) why += (why.empty() ? ": " : "; ") + gap;
  if (trouble_) why = ": " + trouble_->message;
  return std::unexpected(WatchError{
      WatchError::Kind::timed_out, fmt::format("the cluster was not listed within {}{}", format_duration(timeout), why),
      trouble_ && !trouble_->hint.empty() ? trouble_->hint : "the API server may be slow; give it more time"});
}

LiveState WatchBoard::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

ClusterFacts WatchBoard::facts() const {
  const std::lock_guard lock(mutex_);
  return facts_;
}

}  // namespace surgeproof::k8s
