// The watcher's thread: greets the server, starts a follower for each feed that the tracker asks for, and passes
// records on.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "k8s/feed_follower.h"
#include "k8s/log_follower.h"
#include "k8s/watch_board.h"
#include "k8s/watcher.h"

namespace surgeproof::k8s {

class WatchSession {
 public:
  WatchSession(ClusterConfig config, std::vector<WatchRequest> requests, ClockAnchor anchor, RecordSink sink,
               WatchOptions options);
  ~WatchSession();
  WatchSession(const WatchSession&) = delete;
  WatchSession& operator=(const WatchSession&) = delete;

  void start();
  void stop();
  std::expected<void, WatchError> wait_synced(std::chrono::nanoseconds timeout) { return board_.wait_synced(timeout); }
  [[nodiscard]] LiveState live() const { return board_.live(); }
  [[nodiscard]] ClusterFacts facts() const { return board_.facts(); }

 private:
  void serve();
  boost::asio::awaitable<void> run();
  /// Asks for /version until there is an answer.
  boost::asio::awaitable<void> greet();
  void start_new_feeds();
  void stop_retired_feeds();
  void start_new_logs();
  boost::asio::awaitable<void> read_log(std::size_t stream);
  boost::asio::awaitable<void> follow(std::size_t feed);
  void deliver(Tracker::Records records);
  void feed_failed(const Feed& feed, const ApiFailure& failure);

  const ClusterConfig config_;
  const ClockAnchor anchor_;
  const RecordSink sink_;
  const WatchOptions options_;
  WatchBoard board_;
  std::unique_ptr<ApiServer> server_;
  std::unique_ptr<ApiCatalog> catalog_;
  Tracker tracker_;
  FollowerContext context_;
  std::mt19937_64 random_;
  LogContext log_context_;
  std::size_t feeds_started_ = 0;
  std::size_t logs_started_ = 0;
  std::map<std::size_t, FeedFollower*> following_;  // by feed
  // Last, so that the coroutines in it end before what they use.
  std::unique_ptr<boost::asio::io_context> io_;
  std::thread thread_;
};

}  // namespace surgeproof::k8s
