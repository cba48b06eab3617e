#include "k8s/log_follower.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/wall_time.h"
#include "k8s/feed.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;

/// A quiet log says nothing for long; a dead connection is found by TCP keep-alive.
constexpr std::chrono::hours kSilence{24};

}  // namespace

LogFollower::LogFollower(LogContext& context, const LogStream& stream)
    : context_(context),
      stream_(stream),
      connection_(*context.server),
      scanner_(context.watch->requests()[stream.request].patterns),
      begun_(context.now()) {}

std::string LogFollower::path() const {
  return fmt::format("/api/v1/namespaces/{}/pods/{}/log?container={}", encode_query(stream_.ns),
                     encode_query(stream_.pod), encode_query(stream_.container));
}

std::string LogFollower::target() const {
  std::string out = path() + "&follow=true&timestamps=true";
  if (scanner_.last()) {
    out += "&sinceTime=" + encode_query(format_rfc3339(*scanner_.last(), 0));
  } else if (!stream_.from_the_start) {
    const auto since =
        std::max(std::chrono::ceil<std::chrono::seconds>(context_.now() - begun_), std::chrono::seconds{1});
    out += fmt::format("&sinceSeconds={}", since.count());
  }
  return out;
}

asio::awaitable<void> LogFollower::run() {
  while (!stream_.over) {
    const auto failure = co_await read();
    std::chrono::milliseconds pause = context_.pause;
    if (failure) {
      if (failure->status == 404) co_return context_.gone(stream_);
      // 400: the container waits to be started again.
      if (failure->status != 400) context_.state(stream_, state_of(*failure), failure->message);
      if (failure->status == 403) pause *= 30;
      if (failure->retry_after) pause = std::max<std::chrono::milliseconds>(pause, *failure->retry_after);
    }
    asio::steady_timer timer(co_await asio::this_coro::executor, pause);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<std::optional<ApiFailure>> LogFollower::read() {
  // The head of a followed log comes with its first line, which may take its time: whether it may be read is asked
  // before.
  ApiRequest question;
  question.target = path() + "&tailLines=1&limitBytes=1";
  question.accept = "text/plain, application/json";
  if (const auto answer = co_await connection_.fetch(std::move(question)); !answer) co_return answer.error();
  context_.state(stream_, WatchState::Kind::synced, "");
  co_return co_await follow();
}

asio::awaitable<std::optional<ApiFailure>> LogFollower::follow() {
  ApiRequest request;
  request.target = target();
  request.accept = "text/plain, application/json";
  const auto opened = co_await connection_.open(std::move(request), kSilence);
  if (!opened) co_return opened.error();
  std::vector<LogMatch> matches;
  for (;;) {
    const auto piece = co_await connection_.more(kSilence);
    if (!piece) {
      scanner_.end(matches);
      pass_on(matches);
      co_return piece.error();
    }
    if (piece->empty()) break;
    scanner_.feed(*piece, matches);
    pass_on(matches);
  }
  scanner_.end(matches);
  counted_at_ = {};
  pass_on(matches);
  co_return std::nullopt;
}

/// Matches in words at once; those that are only counted, at most once a second.
void LogFollower::pass_on(std::vector<LogMatch>& matches) {
  const RunTime now = context_.now();
  for (LogMatch& match : matches) {
    LogLine line = context_.watch->record(stream_, match.pattern, std::move(match.line), match.timestamp, now);
    if (!line.line.empty()) {
      context_.deliver(std::move(line));
      continue;
    }
    const auto [known, first] = counted_.try_emplace(line.pattern, line);
    if (!first) ++known->second.count;
  }
  matches.clear();
  if (counted_.empty() || now < counted_at_ + std::chrono::seconds{1}) return;
  for (auto& [pattern, line] : counted_) context_.deliver(std::move(line));
  counted_.clear();
  counted_at_ = now;
}

}  // namespace surgeproof::k8s
