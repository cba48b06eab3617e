#include "k8s/feed_follower.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>

#include "k8s/json_access.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

asio::awaitable<void> rest_for(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

ReflectorFailure reflected(const ApiFailure& failure) { return {failure.status, failure.retry_after}; }

}  // namespace

FeedFollower::FeedFollower(FollowerContext& context, std::size_t feed, std::uint64_t seed)
    : context_(context),
      id_(feed),
      feed_(context.tracker->feeds()[feed]),
      connection_(*context.server),
      reflector_(seed, context.limits) {}

void FeedFollower::set_state(WatchState::Kind kind, const std::string& message) {
  Tracker::Records records;
  context_.tracker->state(id_, kind, message, context_.now(), records);
  context_.deliver(std::move(records));
}

void FeedFollower::report(const ApiFailure& failure) {
  set_state(state_of(failure), failure.message);
  context_.failed(feed_, failure);
}

asio::awaitable<void> FeedFollower::run() {
  if (feed_.kind == Feed::Kind::metrics) co_await poll();
  for (;;) {
    const Reflector::Action action = reflector_.next();
    switch (action.kind) {
      case Reflector::Action::Kind::wait:
        co_await rest_for(action.delay);
        break;
      case Reflector::Action::Kind::list:
        co_await list(action.continue_token);
        break;
      case Reflector::Action::Kind::watch:
        co_await watch(action);
        break;
    }
  }
}

asio::awaitable<void> FeedFollower::list(std::string continue_token) {
  if (continue_token.empty()) items_.clear();
  const auto body = co_await connection_.get(list_target(feed_, version_, continue_token));
  if (body) {
    list_arrived(*body);
    co_return;
  }
  const ApiFailure& failure = body.error();
  // Not served: an older version may be.
  if (failure.status == 404 && version_ + 1 < feed_.paths.size()) {
    ++version_;
    co_return;
  }
  if (failure.status == 404) version_ = 0;
  reflector_.failed(reflected(failure));
  if (failure.status != 410) report(failure);
}

void FeedFollower::list_arrived(const std::string& body) {
  auto value = parse_json(body);
  if (!value || !value->is_object() || !value->get_object().contains("items")) {
    reflector_.failed({});
    report({ApiFailure::Kind::malformed, 0, "the answer is not a Kubernetes list", {}});
    return;
  }
  json::object& list = value->get_object();
  const json::object metadata = object_at(list, "metadata");
  if (json::array* items = list["items"].if_array()) {
    items_.insert(items_.end(), std::make_move_iterator(items->begin()), std::make_move_iterator(items->end()));
  }
  const std::string next_page = text_at(metadata, "continue");
  reflector_.listed(next_page, text_at(metadata, "resourceVersion"));
  if (!next_page.empty()) return;
  Tracker::Records records;
  context_.tracker->listed(id_, version_, items_, context_.now(), records);
  items_ = json::array();
  context_.deliver(std::move(records));
}

asio::awaitable<void> FeedFollower::watch(const Reflector::Action& action) {
  // The server ends the watch at its timeout; silence beyond that means a dead connection.
  const std::chrono::milliseconds silence = action.watch_timeout + std::chrono::seconds{5};
  ApiRequest request;
  request.target = watch_target(feed_, version_, action.resource_version, action.watch_timeout.count());
  const auto opened = co_await connection_.open(std::move(request), silence);
  if (!opened) {
    const ApiFailure& failure = opened.error();
    reflector_.failed(reflected(failure));
    if (failure.status != 410) report(failure);
    co_return;
  }
  set_state(WatchState::Kind::synced, "");
  co_await read_events(silence);
}

asio::awaitable<void> FeedFollower::read_events(std::chrono::milliseconds silence) {
  WatchDecoder decoder;
  std::vector<WatchEvent> events;
  const auto began = Clock::now();
  bool had_events = false;
  for (;;) {
    const auto piece = co_await connection_.more(silence);
    if (!piece) {
      reflector_.failed(reflected(piece.error()));
      report(piece.error());
      co_return;
    }
    if (piece->empty()) break;
    events.clear();
    const auto understood = decoder.feed(*piece, events);
    had_events = had_events || !events.empty();
    const bool goes_on = take_events(events);
    if (understood && goes_on) continue;
    connection_.close();
    if (!understood) {
      reflector_.expired({});
      report({ApiFailure::Kind::malformed, 0, understood.error(), {}});
    }
    co_return;
  }
  if (decoder.partial()) {
    reflector_.failed({});
    report({ApiFailure::Kind::cut, 0, "the watch ended within an event", {}});
    co_return;
  }
  const auto open_for = Clock::now() - began;
  reflector_.closed(open_for, had_events);
  if (reflector_.listing()) report({ApiFailure::Kind::cut, 0, "the watch was closed as soon as it was open", {}});
}

bool FeedFollower::take_events(std::vector<WatchEvent>& events) {
  Tracker::Records records;
  const RunTime now = context_.now();
  for (const WatchEvent& event : events) {
    if (event.type == WatchEvent::Type::error) {
      context_.deliver(std::move(records));
      reflector_.expired({event.error_code(), std::nullopt});
      if (event.error_code() != 410) {
        set_state(WatchState::Kind::lost, status_message(event.error_code(), text_at(event.object, "message")));
      }
      return false;
    }
    if (event.type != WatchEvent::Type::bookmark) {
      const bool deleted = event.type == WatchEvent::Type::deleted;
      context_.tracker->changed(id_, version_, event.object, deleted, now, records);
    }
    reflector_.seen(event.resource_version());
  }
  context_.deliver(std::move(records));
  return true;
}

asio::awaitable<void> FeedFollower::poll() {
  for (;;) {
    const auto body = co_await connection_.get(list_target(feed_, version_, ""));
    std::chrono::milliseconds pause = context_.metrics_interval;
    if (body) {
      list_arrived(*body);
    } else {
      report(body.error());
      // A right or an API that is missing rarely comes within seconds.
      if (body.error().status >= 401 && body.error().status <= 404) pause *= 6;
      if (body.error().retry_after) pause = std::max<std::chrono::milliseconds>(pause, *body.error().retry_after);
    }
    co_await rest_for(pause);
  }
}

}  // namespace surgeproof::k8s
