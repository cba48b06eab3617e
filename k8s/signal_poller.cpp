#include "k8s/signal_poller.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <thread>

#include "k8s/api_connection.h"
#include "k8s/prometheus.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Kind = WatchState::Kind;

/// A later value tells nothing of the instant it was wanted for.
constexpr std::chrono::seconds kLongestAnswer{10};

/// What one question gave: a value, no series, or what is wrong.
struct Reading {
  std::optional<InstantValue> value;
  Kind kind = Kind::synced;
  std::string message;
  bool query_is_wrong = false;  // waiting will not cure it
  std::optional<ApiFailure> failure;
};

void pass_on(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace

struct SignalPoller::Core {
  ClusterConfig config;
  std::vector<SignalRequest> signals;
  ClockAnchor anchor;
  RecordSink sink;
  std::unique_ptr<ApiServer> server;
  std::map<std::string, Kind> states;  // by signal: as last recorded
  // Last, so that its coroutines end before what they use.
  std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
  std::thread thread;

  [[nodiscard]] RunTime now() const { return anchor.run_time(Clock::now()); }

  asio::awaitable<Reading> ask(ApiConnection& connection, const SignalRequest& signal) {
    Reading out;
    const auto body = co_await connection.get(instant_query_target(signal.query));
    if (!body) {
      out.kind = body.error().status == 401 || body.error().status == 403 ? Kind::forbidden : Kind::lost;
      out.message = body.error().message;
      out.query_is_wrong = body.error().status == 400 || body.error().status == 422;
      out.failure = body.error();
      co_return out;
    }
    const auto answer = parse_instant_answer(*body);
    if (!answer) {
      out.kind = Kind::lost;
      out.message = answer.error();
      out.query_is_wrong = !answer.error().contains("NaN") && !answer.error().contains("Inf");
    } else if (!*answer) {
      out.kind = Kind::missing;
      out.message = "the query gives no series";
    }
    if (answer) out.value = *answer;
    co_return out;
  }

  void record(const SignalRequest& signal, const Reading& reading, RunTime asked) {
    const auto known = states.find(signal.name);
    if (known == states.end() || known->second != reading.kind) {
      states[signal.name] = reading.kind;
      sink(WatchState{now(), "signals/" + signal.name, reading.kind, reading.message});
    }
    if (reading.value) sink(SignalSample{now(), signal.name, reading.value->value, reading.value->timestamp, asked});
  }

  asio::awaitable<void> follow(const SignalRequest& signal) {
    ApiConnection connection(*server);
    asio::steady_timer timer(*io);
    for (auto due = Clock::now();; due = std::max(due + signal.every, Clock::now())) {
      timer.expires_at(due);
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
      const RunTime asked = now();
      record(signal, co_await ask(connection, signal), asked);
    }
  }

  asio::awaitable<void> ask_all(std::vector<SignalAnswer>& answers, std::optional<WatchError>& error) {
    ApiConnection connection(*server);
    for (const SignalRequest& signal : signals) {
      const Reading reading = co_await ask(connection, signal);
      if (reading.failure && !reading.query_is_wrong) {
        error = WatchError{WatchError::Kind::unreachable,
                           fmt::format("signal \"{}\": cannot ask {}: {}", signal.name, config.server, reading.message),
                           "check prometheus.url, and that this machine may reach it"};
        if (reading.kind == Kind::forbidden) error->hint = "check prometheus.token: the server wants other credentials";
        co_return;
      }
      answers.push_back(
          {signal.name, std::nullopt, reading.message, reading.kind == Kind::missing, reading.query_is_wrong});
      if (reading.value) answers.back().value = reading.value->value;
    }
  }
};

SignalPoller::SignalPoller(ClusterConfig server, std::vector<SignalRequest> signals, ClockAnchor anchor,
                           RecordSink sink)
    : core_(std::make_unique<Core>()) {
  core_->config = std::move(server);
  core_->signals = std::move(signals);
  core_->anchor = anchor;
  core_->sink = std::move(sink);
}

SignalPoller::~SignalPoller() { stop(); }

std::expected<std::vector<SignalAnswer>, WatchError> SignalPoller::look() {
  auto server = ApiServer::make(core_->config);
  if (!server) {
    return std::unexpected(WatchError{WatchError::Kind::configuration, "prometheus: " + server.error().message, ""});
  }
  core_->server = *std::move(server);
  core_->server->answer_timeout = kLongestAnswer;
  std::vector<SignalAnswer> answers;
  std::optional<WatchError> error;
  asio::co_spawn(*core_->io, core_->ask_all(answers, error), pass_on);
  core_->io->run();
  core_->io->restart();
  const auto wrong = std::ranges::find_if(answers, &SignalAnswer::query_is_wrong);
  if (error && wrong == answers.end()) return std::unexpected(*error);
  return answers;
}

std::expected<void, WatchError> SignalPoller::check() {
  const auto answers = look();
  if (!answers) return std::unexpected(answers.error());
  const auto wrong = std::ranges::find_if(*answers, &SignalAnswer::query_is_wrong);
  if (wrong == answers->end()) return {};
  return std::unexpected(WatchError{WatchError::Kind::configuration,
                                    fmt::format("signal \"{}\": {}", wrong->name, wrong->message), "mend its query"});
}

void SignalPoller::start() {
  for (const SignalRequest& signal : core_->signals) asio::co_spawn(*core_->io, core_->follow(signal), pass_on);
  core_->thread = std::thread([core = core_.get()] {
    try {
      core->io->run();
    } catch (const std::exception& e) {
      // Nothing may look as if it were still seen.
      for (const SignalRequest& signal : core->signals) {
        core->sink(WatchState{core->now(), "signals/" + signal.name, Kind::lost, e.what()});
      }
    }
  });
}

void SignalPoller::stop() {
  if (core_->io) core_->io->stop();
  if (core_->thread.joinable()) core_->thread.join();
  core_->io.reset();
}

}  // namespace surgeproof::k8s
