#include "k8s/feed_follower.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/monotonic_resource.hpp>

#include "k8s/json_access.h"
#include "k8s/views.h"

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
      beside_(*context.server),
      reflector_(seed, context.limits) {}

void FeedFollower::set_state(WatchState::Kind kind, const std::string& message) {
  Tracker::Records records;
  context_.tracker->state(id_, kind, message, context_.now(), records);
  context_.deliver(std::move(records));
}

void FeedFollower::report(const ApiFailure& failure) {
  if (feed_.retired) return;
  set_state(state_of(failure), failure.message);
  context_.failed(feed_, failure);
}

asio::awaitable<void> FeedFollower::run() {
  if (!co_await find_paths()) co_return;
  choose_version();
  if (feed_.polled()) co_return co_await poll();
  while (!feed_.retired) {
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

asio::awaitable<bool> FeedFollower::find_paths() {
  while (feed_.lookup && !feed_.retired) {
    const auto found = co_await context_.catalog->resource(feed_.lookup->group, feed_.lookup->kind);
    if (found) {
      context_.tracker->resolved(id_, *found);
      break;
    }
    report(found.error());
    reflector_.failed(reflected(found.error()));
    co_await rest_for(reflector_.next().delay);
  }
  co_return !feed_.retired;
}

/// What the server is known not to serve need not be asked for.
void FeedFollower::choose_version() {
  for (std::size_t i = 0; i < feed_.paths.size(); ++i) {
    const std::string_view path = feed_.paths[i];
    constexpr std::string_view kGroups = "/apis/";
    if (!path.starts_with(kGroups)) return;
    const std::string_view rest = path.substr(kGroups.size());
    const std::string_view group = rest.substr(0, rest.find('/'));
    const std::string_view behind = rest.substr(group.size() + 1);
    const std::string version(behind.substr(0, behind.find('/')));
    const auto served = context_.catalog->known().versions(group);
    if (std::ranges::find(served, version) == served.end()) continue;
    version_ = i;
    return;
  }
}

asio::awaitable<void> FeedFollower::add_scale(json::object& object) {
  const auto body = co_await beside_.get(feed_.scale_path);
  if (!body) co_return;  // the object's own fields must do
  if (auto scale = parse_json(*body); scale && scale->is_object()) object[kScaleKey] = std::move(*scale);
}

asio::awaitable<void> FeedFollower::list(std::string continue_token) {
  if (continue_token.empty()) later_page_ = false;
  const auto body = co_await connection_.get(list_target(feed_, version_, continue_token));
  if (body) {
    co_await list_arrived(*body);
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

/// A page is looked at and dropped at once: thousands of pods never stand in memory together as JSON.
asio::awaitable<void> FeedFollower::list_arrived(const std::string& body) {
  json::monotonic_resource memory;
  auto value = parse_json(body, &memory);
  if (!value || !value->is_object() || !value->get_object().contains("items")) {
    reflector_.failed({});
    report({ApiFailure::Kind::malformed, 0, "the answer is not a Kubernetes list", {}});
    co_return;
  }
  json::object& list = value->get_object();
  const json::object& metadata = object_at(list, "metadata");
  static const json::array kNothing;
  json::array* items = list["items"].if_array();
  if (!feed_.scale_path.empty() && items) {
    for (json::value& item : *items) {
      if (item.is_object()) co_await add_scale(item.get_object());
    }
  }
  const std::string next_page = feed_.polled() ? "" : text_at(metadata, "continue");
  using Page = Tracker::Page;
  const Page page =
      next_page.empty() ? (later_page_ ? Page::last : Page::only) : (later_page_ ? Page::middle : Page::first);
  later_page_ = !next_page.empty();
  reflector_.listed(next_page, text_at(metadata, "resourceVersion"));
  Tracker::Records records;
  context_.tracker->listed(id_, version_, items ? *items : kNothing, page, context_.now(), records);
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
    const bool goes_on = co_await take_events(events);
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

asio::awaitable<bool> FeedFollower::take_events(std::vector<WatchEvent>& events) {
  Tracker::Records records;
  const RunTime now = context_.now();
  for (WatchEvent& event : events) {
    if (event.type == WatchEvent::Type::error) {
      context_.deliver(std::move(records));
      reflector_.expired({event.error_code(), std::nullopt});
      if (event.error_code() != 410) {
        set_state(WatchState::Kind::lost, status_message(event.error_code(), text_at(event.object, "message")));
      }
      co_return false;
    }
    if (event.type != WatchEvent::Type::bookmark) {
      const bool deleted = event.type == WatchEvent::Type::deleted;
      if (!feed_.scale_path.empty() && !deleted) co_await add_scale(event.object);
      context_.tracker->changed(id_, version_, event.object, deleted, now, records);
    }
    reflector_.seen(event.resource_version());
  }
  context_.deliver(std::move(records));
  co_return !feed_.retired;
}

asio::awaitable<void> FeedFollower::poll() {
  while (!feed_.retired) {
    const auto body = co_await connection_.get(list_target(feed_, version_, ""));
    std::chrono::milliseconds pause = context_.metrics_interval;
    if (body) {
      co_await list_arrived(*body);
    } else {
      // Not served: an older version may be.
      if (body.error().status == 404 && version_ + 1 < feed_.paths.size()) {
        ++version_;
        continue;
      }
      if (body.error().status == 404) version_ = 0;
      report(body.error());
      // A right or an API that is missing rarely comes within seconds.
      if (body.error().status >= 401 && body.error().status <= 404) pause *= 6;
      if (body.error().retry_after) pause = std::max<std::chrono::milliseconds>(pause, *body.error().retry_after);
    }
    co_await rest_for(pause);
  }
}

}  // namespace surgeproof::k8s
