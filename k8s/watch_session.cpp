#include "k8s/watch_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;

/// Older events explain nothing of this run.
constexpr auto kOldestEvent = std::chrono::minutes{10};

template <class Request>
std::vector<Request> with_namespaces(std::vector<Request> requests, const std::string& ns) {
  for (Request& request : requests) {
    if (request.ns.empty()) request.ns = ns.empty() ? "default" : ns;
  }
  return requests;
}

/// Nothing but a busy or absent network is worth another attempt before the user is told.
std::chrono::milliseconds pause_after(int attempt, const ApiFailure& failure, const WatchOptions& options) {
  auto pause = options.backoff_first * (1 << std::min(attempt - 1, 10));
  if (!may_pass(failure)) pause = options.backoff_last;
  if (failure.retry_after) pause = std::max<std::chrono::milliseconds>(pause, *failure.retry_after);
  return std::min(pause, options.backoff_last);
}

/// An exception in a coroutine leaves io_context::run().
void pass_on(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace

WatchSession::WatchSession(ClusterConfig config, std::vector<WatchRequest> requests, ClockAnchor anchor,
                           RecordSink sink, WatchOptions options)
    : config_(std::move(config)),
      anchor_(anchor),
      sink_(std::move(sink)),
      options_(options),
      tracker_(with_namespaces(std::move(requests), config_.ns), anchor.wall - kOldestEvent, options.logs,
               with_namespaces(options.services, config_.ns)),
      random_(std::random_device{}()),
      io_(std::make_unique<asio::io_context>(1)) {
  board_.set_facts({config_.server, config_.context, "", ""});
  board_.set_live(tracker_.live());
}

WatchSession::~WatchSession() { stop(); }

void WatchSession::start() {
  auto server = ApiServer::make(config_);
  if (!server) {
    board_.set_error(watch_error(server.error(), config_.server, config_.origin));
    return;
  }
  server_ = *std::move(server);
  server_->connect_timeout = options_.connect_timeout;
  server_->answer_timeout = options_.answer_timeout;
  catalog_ = std::make_unique<ApiCatalog>(*server_);
  context_.server = server_.get();
  context_.catalog = catalog_.get();
  context_.tracker = &tracker_;
  context_.now = [this] { return anchor_.run_time(std::chrono::steady_clock::now()); };
  context_.deliver = [this](Tracker::Records records) { deliver(std::move(records)); };
  context_.failed = [this](const Feed& feed, const ApiFailure& failure) { feed_failed(feed, failure); };
  context_.limits.backoff_first = options_.backoff_first;
  context_.limits.backoff_last = options_.backoff_last;
  context_.metrics_interval = options_.metrics_interval;
  log_context_.server = server_.get();
  log_context_.watch = &tracker_.logs();
  log_context_.now = context_.now;
  log_context_.deliver = [this](Record record) { sink_(std::move(record)); };
  log_context_.state = [this](const LogStream& stream, WatchState::Kind kind, const std::string& message) {
    Tracker::Records records;
    tracker_.log_state(stream, kind, message, context_.now(), records);
    for (Record& record : records) sink_(std::move(record));
  };
  log_context_.gone = [this](const LogStream& stream) {
    Tracker::Records records;
    tracker_.log_gone(stream, context_.now(), records);
    for (Record& record : records) sink_(std::move(record));
  };
  asio::co_spawn(*io_, run(), pass_on);
  thread_ = std::thread([this] { serve(); });
}

/// An exception (memory, or the sink's) ends the watch, and says so: nothing may look as if it were still seen.
void WatchSession::serve() try { io_->run(); } catch (const std::exception& e) {
  board_.set_error({WatchError::Kind::unreachable, std::string("the watcher failed: ") + e.what(), ""});
  Tracker::Records records;
  for (std::size_t feed = 0; feed < feeds_started_; ++feed) {
    tracker_.state(feed, WatchState::Kind::lost, e.what(), context_.now(), records);
  }
  board_.set_live(tracker_.live());
  try {
    for (Record& record : records) sink_(std::move(record));
  } catch (const std::exception&) {
    // It is the sink that fails; there is nobody left to tell.
  }
}

void WatchSession::stop() {
  if (io_) io_->stop();
  if (thread_.joinable()) thread_.join();
  io_.reset();  // ends the coroutines and closes their connections
}

asio::awaitable<void> WatchSession::run() {
  co_await greet();
  co_await catalog_->load();
  start_new_feeds();
}

asio::awaitable<void> WatchSession::greet() {
  ApiConnection connection(*server_);
  for (int attempt = 1;; ++attempt) {
    const auto body = co_await connection.get("/version");
    if (body) {
      if (const auto version = parse_json(*body); version && as_object(*version).contains("gitVersion")) {
        board_.set_facts({config_.server, config_.context, text_at(as_object(*version), "gitVersion"),
                          text_at(as_object(*version), "platform")});
        co_return;
      }
    }
    const ApiFailure failure =
        body ? ApiFailure{ApiFailure::Kind::malformed, 0, "its /version is not that of a Kubernetes API server", {}}
             : body.error();
    // Who may watch need not be allowed to ask for the version; only the report lacks it then.
    if (failure.status == 403 || failure.status == 404) co_return;
    const WatchError error = watch_error(failure, config_.server, config_.origin);
    if (attempt >= options_.connect_attempts || !may_pass(failure)) {
      board_.set_error(error);
    } else {
      board_.set_trouble(error);
    }
    asio::steady_timer timer(co_await asio::this_coro::executor, pause_after(attempt, failure, options_));
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void WatchSession::start_new_feeds() {
  for (; feeds_started_ < tracker_.feeds().size(); ++feeds_started_)
    asio::co_spawn(*io_, follow(feeds_started_), pass_on);
}

asio::awaitable<void> WatchSession::follow(std::size_t feed) {
  FeedFollower follower(context_, feed, random_());
  following_[feed] = &follower;
  co_await follower.run();
  following_.erase(feed);
}

void WatchSession::start_new_logs() {
  for (; logs_started_ < tracker_.logs().streams().size(); ++logs_started_) {
    asio::co_spawn(*io_, read_log(logs_started_), pass_on);
  }
}

asio::awaitable<void> WatchSession::read_log(std::size_t stream) {
  LogFollower follower(log_context_, tracker_.logs().streams()[stream]);
  co_await follower.run();
}

void WatchSession::stop_retired_feeds() {
  for (const auto& [feed, follower] : following_) {
    if (tracker_.feeds()[feed].retired) follower->wake();
  }
}

void WatchSession::deliver(Tracker::Records records) {
  for (Record& record : records) sink_(std::move(record));
  start_new_feeds();
  stop_retired_feeds();
  start_new_logs();
  if (const auto error = tracker_.not_found()) board_.set_error(*error);
  board_.set_live(tracker_.live());
}

void WatchSession::feed_failed(const Feed& feed, const ApiFailure& failure) {
  WatchError error = watch_error(failure, config_.server, config_.origin);
  if (feed.kind == Feed::Kind::slices && failure.status == 403) {
    error.hint = "ask for a Role that may get, list and watch endpointslices in namespace " + feed.ns;
  } else if (feed.kind == Feed::Kind::slices && failure.status == 404) {
    error.message = config_.server + " does not serve EndpointSlices: " + failure.message;
  }
  const bool essential = tracker_.essential(feed);
  const bool on_its_own = feed.kind == Feed::Kind::hpas || feed.kind == Feed::Kind::slices;
  if (failure.status == 401 || (essential && on_its_own && !may_pass(failure))) {
    board_.set_error(error);
  } else if (essential && may_pass(failure)) {
    board_.set_trouble(error);
  }
}

}  // namespace surgeproof::k8s
