// Performs what a feed's reflector decides: lists and watches one resource over one connection, or polls it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "k8s/api_catalog.h"
#include "k8s/api_connection.h"
#include "k8s/reflector.h"
#include "k8s/tracker.h"
#include "k8s/watch_decoder.h"

namespace surgeproof::k8s {

/// What followers share; all in the watcher's thread.
struct FollowerContext {
  ApiServer* server = nullptr;
  ApiCatalog* catalog = nullptr;
  Tracker* tracker = nullptr;
  std::function<RunTime()> now;
  std::function<void(Tracker::Records)> deliver;               ///< may start further feeds
  std::function<void(const Feed&, const ApiFailure&)> failed;  ///< besides the WatchState that was delivered
  ReflectorLimits limits;
  std::chrono::milliseconds metrics_interval{5000};
};

class FeedFollower {
 public:
  FeedFollower(FollowerContext& context, std::size_t feed, std::uint64_t seed);

  /// Until the feed is retired, or the io_context goes.
  boost::asio::awaitable<void> run();
  /// Ends a watch that is under way, so that run() can see that the feed is retired.
  void wake() { connection_.cancel(); }

 private:
  /// Until the feed's paths are known. False when the feed is retired meanwhile.
  boost::asio::awaitable<bool> find_paths();
  void choose_version();
  /// Adds the target's /scale to each object.
  boost::asio::awaitable<void> add_scale(boost::json::object& object);
  boost::asio::awaitable<void> poll();
  boost::asio::awaitable<void> list(std::string continue_token);
  boost::asio::awaitable<void> watch(const Reflector::Action& action);
  /// The events of one watch until it ends; the reflector is told how.
  boost::asio::awaitable<void> read_events(std::chrono::milliseconds silence);
  /// Whether the watch goes on.
  boost::asio::awaitable<bool> take_events(std::vector<WatchEvent>& events);
  boost::asio::awaitable<void> list_arrived(const std::string& body);
  void set_state(WatchState::Kind kind, const std::string& message);
  void report(const ApiFailure& failure);

  FollowerContext& context_;
  std::size_t id_;
  const Feed& feed_;
  ApiConnection connection_;
  ApiConnection beside_;  // for /scale, while the other carries a watch
  Reflector reflector_;
  std::size_t version_ = 0;  // index into the feed's paths
  bool later_page_ = false;  // pages have come
};

}  // namespace surgeproof::k8s
