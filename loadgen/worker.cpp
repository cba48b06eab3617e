#include "loadgen/worker.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <utility>

namespace surgeproof::loadgen {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int kSendsPerPass = 32;      // then reads have their turn
constexpr int kHandlersPerPass = 128;  // then sends have theirs
constexpr std::size_t kMaxBacklog = 1 << 18;
constexpr std::chrono::nanoseconds kLookUpRetry = 1s;

// Fine enough for the time limit, and seldom enough to cost nothing.
std::chrono::nanoseconds sweep_period(std::chrono::nanoseconds timeout) {
  return std::clamp<std::chrono::nanoseconds>(timeout / 50, 1ms, 50ms);
}

PoolSettings pool_settings(const Plan& plan, std::uint32_t index) {
  return {.max = connections_of_worker(plan.connections.max, index, plan.workers),
          .max_age = plan.connections.max_age,
          .max_requests = plan.connections.max_requests,
          .jitter = plan.connections.jitter.value,
          .reuse = plan.connections.reuse,
          .seed = plan.load.seed + index};
}

}  // namespace

Worker::Worker(const Plan& plan, std::uint32_t index, Mailbox& mailbox, std::unique_ptr<asio::ssl::context> tls)
    : plan_(plan),
      index_(index),
      mailbox_(mailbox),
      tls_(std::move(tls)),
      addresses_(
          io_, plan.target, index, [this] { addresses_changed(); }, plan.connections.all_addresses),
      pool_(pool_settings(plan, index)),
      connections_(connections_of_worker(plan.connections.max, index, plan.workers)),
      arrivals_(plan.profile, plan.load, index, plan.workers),
      pacer_(pacer_settings(plan.client.pacing)) {}

void Worker::request_stop() {
  stop_requested_ = true;
  asio::post(io_, [] {});  // wakes the thread
}

void Worker::run() noexcept {
  try {
    loop();
  } catch (const std::exception& e) {
    give_up_everything(e.what());
  }
  for (auto& connection : connections_) {
    if (connection) connection->close();
  }
  addresses_.cancel();
  gauges_.in_flight.set(0);
  gauges_.backlog.set(0);
  gauges_.connections.set(0);
  flush(plan_.now(), true);
}

void Worker::loop() {
  plan_end_ = plan_.load_start + plan_.profile.duration();
  flushed_ = plan_.now();
  take_cpu_share(flushed_);
  next_flush_ = plan_.load_start + kWindow;
  addresses_.look_up(flushed_);
  next_ = arrivals_.next();
  if (plan_.load.closed) closed_resting_ = static_cast<std::uint32_t>(connections_.size());
  while (true) {
    serve_ready_io();
    const RunTime now = plan_.now();
    if (stop_requested_ && !stopping_) stop_planning(now);
    if (now >= next_sweep_) sweep(now);
    if (now >= next_flush_) flush(now, false);
    if (finished(now)) return;
    const auto due = next_ ? std::optional{plan_.load_start + next_->due} : std::nullopt;
    RunTime wake = std::min(next_sweep_, next_flush_);
    if (!next_ && !stopping_ && now < plan_end_) wake = std::min(wake, plan_end_);
    const Pacer::Step step = pacer_.next(now, due, wake);
    if (step.action == Pacer::Action::dispatch) dispatch_due(now);
    if (step.action == Pacer::Action::sleep) rest(step.until);
  }
}

// A closed loop: the next request is planned when a connection is free for it.
void Worker::plan_closed(RunTime now, std::uint32_t requests) {
  if (stopping_ || now < plan_.load_start || now >= plan_end_) return;
  for (; requests > 0; --requests) {
    const std::uint64_t sequence = closed_taken_++ * plan_.workers + index_;
    const Ticket ticket{.planned = now, .sequence = sequence, .request = plan_.choice.pick(sequence)};
    gauges_.planned.add();
    record_dispatch(ticket, now, Event::kPlanned);
    backlog_.push_back(ticket);
  }
}

bool Worker::finished(RunTime now) const {
  return !next_ && (stopping_ || now >= plan_end_) && backlog_.empty() && in_flight_ == 0;
}

// Handlers that are ready, but not for ever: an endless body must not keep requests from being sent.
void Worker::serve_ready_io() {
  for (int n = 0; n < kHandlersPerPass && io_.poll_one() > 0; ++n) {
  }
}

// Blocks until some I/O is served or `until` has come.
void Worker::rest(RunTime until) {
  if (!alarm_at_ || *alarm_at_ > until) {
    alarm_at_ = until;
    alarm_.expires_at(plan_.anchor.steady + until);
    alarm_.async_wait([this](const boost::system::error_code& ec) {
      if (!ec) alarm_at_.reset();
    });
  }
  io_.run_one();
}

void Worker::dispatch_due(RunTime now) {
  for (int sends = 0; sends < kSendsPerPass && next_; ++sends) {
    const RunTime due = plan_.load_start + next_->due;
    if (due > now) return;
    const Ticket ticket{.planned = due, .sequence = next_->sequence, .request = plan_.choice.pick(next_->sequence)};
    gauges_.planned.add();
    record_dispatch(ticket, now, Event::kPlanned);
    if (!backlog_.empty() || !dispatch(ticket, now)) {
      if (backlog_.size() < kMaxBacklog) {
        backlog_.push_back(ticket);
      } else {
        end_unsent(ticket, now, Outcome::unsent, Phase::backlog, 0, "too many requests wait for a connection");
      }
    }
    pacer_.passed(due);
    next_ = arrivals_.next();
    now = plan_.now();
  }
  gauges_.backlog.set(backlog_.size());
}

// False: no connection is to be had now. True: it is on its way, or has ended.
bool Worker::dispatch(const Ticket& ticket, RunTime now) {
  if (addresses_.state() == Addresses::State::resolving) return false;
  if (addresses_.state() == Addresses::State::failed) {
    end_unsent(ticket, now, Outcome::generator_error, Phase::resolve, 0, addresses_.error());
    return true;
  }
  const Pool::Choice choice = pool_.acquire(now);
  if (choice.verdict == Pool::Verdict::wait) return false;
  gauges_.in_flight.set(++in_flight_);
  auto& connection = connections_[choice.slot];
  if (choice.verdict == Pool::Verdict::use) {
    connection->send(ticket);
    gauges_.sent.add();
    record_dispatch(ticket, now, Event::kDispatched | Event::kSent);
    return true;
  }
  const std::uint64_t id = (choice.connection - 1) * plan_.workers + index_ + 1;
  connection =
      std::make_shared<Connection>(io_, tls_.get(), plan_, static_cast<ConnectionOwner&>(*this), choice.slot, id);
  gauges_.connections.set(pool_.open_connections());
  record_dispatch(ticket, now, Event::kDispatched);
  connection->open(addresses_.take_turn(), ticket);
  return true;
}

void Worker::drain_backlog(RunTime now) {
  while (!backlog_.empty() && now >= backlog_.front().planned + plan_.client.lateness_bound()) {
    end_unsent(backlog_.front(), now, Outcome::unsent, Phase::backlog, 0, "no connection became free in time");
    backlog_.pop_front();
  }
  while (!backlog_.empty() && dispatch(backlog_.front(), now)) backlog_.pop_front();
  gauges_.backlog.set(backlog_.size());
}

// What is not due yet was never planned; what waits is given up now; what is in flight may end.
void Worker::stop_planning(RunTime now) {
  stopping_ = true;
  interrupted_ = next_.has_value() || !backlog_.empty() || now < plan_end_;
  next_.reset();
  while (!backlog_.empty()) {
    end_unsent(backlog_.front(), now, Outcome::unsent, Phase::backlog, 0, "the run was interrupted");
    backlog_.pop_front();
  }
  gauges_.backlog.set(0);
}

void Worker::sweep(RunTime now) {
  next_sweep_ = now + sweep_period(plan_.client.timeout);
  for (std::size_t slot = 0; slot < connections_.size(); ++slot) {
    const auto connection = connections_[slot];  // outlives its own end
    if (connection) connection->check_deadline(now);
  }
  while (const auto slot = pool_.take_expired(now)) {
    connections_[*slot]->close();
    connections_[*slot].reset();
  }
  renew_addresses(now);
  if (closed_resting_ > 0 && now >= plan_.load_start && addresses_.state() != Addresses::State::resolving) {
    plan_closed(now, std::exchange(closed_resting_, 0));
  }
  drain_backlog(now);
  gauges_.connections.set(pool_.open_connections());
}

void Worker::renew_addresses(RunTime now) {
  const bool failed = addresses_.state() == Addresses::State::failed;
  const auto& every = plan_.connections.re_resolve;
  if (failed && now >= addresses_.looked_up() + kLookUpRetry) addresses_.look_up(now);
  if (!failed && every && now >= addresses_.looked_up() + *every) addresses_.look_up(now);
}

void Worker::addresses_changed() {
  for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) {
    if (!pool_.idle(slot) || addresses_.contains(connections_[slot]->endpoint())) continue;
    connections_[slot]->close();
    connections_[slot].reset();
    pool_.lost(slot);
  }
  drain_backlog(plan_.now());
}

void Worker::request_sent(Connection& connection) {
  gauges_.sent.add();
  record_dispatch(connection.ticket(), connection.ticket().planned, Event::kSent);
}

void Worker::request_ended(Connection& connection, const RequestEnd& end) {
  const Ticket& ticket = connection.ticket();
  Event event{.planned = ticket.planned - plan_.load_start,
              .lateness = end.at - ticket.planned,
              .service = end.at - connection.sent().value_or(end.at),
              .bytes_received = connection.session().bytes_received(),
              .request = ticket.request,
              .status = static_cast<std::uint16_t>(connection.session().status()),
              .what = Event::kEnded,
              .outcome = end.outcome};
  if (is_answered(end.outcome)) {
    if (!connection.peer_index) connection.peer_index = recorder_.peer_index(connection.peer(), connection.pod());
    event.peer = *connection.peer_index;
  }
  recorder_.add(event);
  gauges_.outcomes[static_cast<std::size_t>(end.outcome)].add();
  gauges_.in_flight.set(--in_flight_);
  if (end.outcome != Outcome::ok) record_failure(ticket, end, &connection);

  const std::uint32_t slot = connection.slot();
  bool keep = end.reusable && !stopping_ && addresses_.contains(connection.endpoint());
  if (keep) {
    keep = pool_.released(slot, end.at);
  } else {
    pool_.lost(slot);
  }
  if (!keep) {
    connection.close();
    connections_[slot].reset();
  }
  if (plan_.load.closed) {
    // After a failure the connection rests until the next sweep: a refusing service is not asked a million times.
    if (is_answered(end.outcome)) {
      plan_closed(end.at, 1);
    } else {
      ++closed_resting_;
    }
  }
  drain_backlog(end.at);
}

void Worker::idle_connection_lost(Connection& connection) {
  pool_.lost(connection.slot());
  connections_[connection.slot()].reset();
}

// The thread cannot go on: whatever was planned is accounted for as the generator's fault.
void Worker::give_up_everything(const std::string& why) {
  const RunTime now = plan_.now();
  interrupted_ = true;
  for (const auto& connection : connections_) {
    if (connection && connection->in_flight()) {
      end_unsent(connection->ticket(), now, Outcome::generator_error, Phase::send, 0, why);
    }
  }
  for (const Ticket& ticket : backlog_) end_unsent(ticket, now, Outcome::generator_error, Phase::backlog, 0, why);
  backlog_.clear();
  in_flight_ = 0;
}

}  // namespace surgeproof::loadgen
