// When a worker sends what: its loop, and what is due.
#include "loadgen/worker.h"

#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace surgeproof::loadgen {

using namespace std::chrono_literals;

namespace {

constexpr int kSendsPerPass = 32;  // then reads have their turn
constexpr std::size_t kMaxBacklog = 1 << 18;

std::uint32_t in_flight_of_closed(const Plan& plan, std::uint32_t index) {
  if (!plan.load.closed) return 0;
  const auto streams = static_cast<std::uint32_t>(std::max(1, plan.load.closed->streams));
  return connections_of_worker(plan.connections.max, index, plan.workers) * streams;
}

PoolSettings pool_settings(const Plan& plan, std::uint32_t index) {
  return {.max = connections_of_worker(plan.connections.max, index, plan.workers),
          .max_age = plan.connections.max_age,
          .max_requests = plan.connections.max_requests,
          .jitter = plan.connections.jitter.value,
          .streams = plan.must_be_http2() ? plan.streams : 1,
          .reuse = plan.connections.reuse,
          .seed = plan.load.seed + index};
}

}  // namespace

Worker::Worker(const Plan& plan, std::uint32_t index, Mailbox& mailbox, std::unique_ptr<net::TlsContext> tls)
    : plan_(plan),
      index_(index),
      mailbox_(mailbox),
      tls_(std::move(tls)),
      addresses_(
          io_, plan.target, index, [this] { addresses_changed(); }, plan.connections.all_addresses),
      pool_(pool_settings(plan, index)),
      connections_(connections_of_worker(plan.connections.max, index, plan.workers)),
      arrivals_(plan.profile, plan.load, index, plan.workers),
      pacer_(pacer_settings(plan.client.pacing)),
      closed_resting_(in_flight_of_closed(plan, index)),
      recorder_(plan.profile, plan.patterns.size()) {
  if (plan.connections.direct) addresses_.await_endpoints();
  for (auto* keys : {&attention_, &attended_}) keys->reserve(connections_.size());
  discarded_.reserve(connections_.size());
}

void Worker::request_stop() {
  stop_requested_ = true;
  reactor_.wake();
}

void Worker::run() noexcept {
  prctl(PR_SET_NAME, "generator");
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);  // the kernel would let sleeps end up to 50 µs late, to save power
  try {
    loop();
  } catch (const std::exception& e) {
    give_up_everything(e.what());
  }
  for (auto& connection : connections_) {
    if (connection) connection->close();
  }
  addresses_.cancel();
  for (Gauge* gauge : {&gauges_.in_flight, &gauges_.backlog, &gauges_.connections}) gauge->set(0);
  flush(plan_.now(), true);
}

void Worker::loop() {
  plan_end_ = plan_.load_start + plan_.profile.duration();
  flushed_ = plan_.now();
  take_cpu_share(flushed_);
  next_flush_ = plan_.load_start + kWindow;
  addresses_.look_up(flushed_);
  next_ = arrivals_.next();
  while (true) {
    const RunTime now = plan_.now();
    if (stop_requested_ && !stopping_) stop_planning(now);
    if (now >= next_sweep_) sweep(now);
    if (now >= next_flush_) flush(now, false);
    if (finished(now)) return;
    const auto due = next_ ? std::optional{plan_.load_start + next_->due} : std::nullopt;
    RunTime wake = std::min(next_sweep_, next_flush_);
    if (!next_ && !stopping_ && now < plan_end_) wake = std::min(wake, plan_end_);
    if (!attention_.empty()) wake = now;
    const Pacer::Step step = pacer_.next(now, due, wake);
    switch (step.action) {
      case Pacer::Action::dispatch:
        dispatch_due(now);
        // Answers that wait are served at once only if the next arrival is not already due: they are late by as little.
        if (next_ && plan_.load_start + next_->due <= plan_.now()) serve({});
        break;
      case Pacer::Action::poll:
        if (!serve({})) polled_in_vain_ += plan_.now() - now;
        break;
      case Pacer::Action::sleep:
        if (!serve(step.until - now)) pacer_.woke(step.until, plan_.now());
        break;
    }
  }
}

bool Worker::finished(RunTime now) const {
  return !next_ && (stopping_ || now >= plan_end_) && backlog_.empty() && in_flight_ == 0;
}

// Serves what has happened, after waiting for it for at most `limit`. False: nothing has.
bool Worker::serve(RunTime limit) {
  bool anything = !attention_.empty();
  for (const Reactor::Event& event : reactor_.wait(anything ? RunTime{} : limit)) {
    anything = true;
    serve_one(event.key, event.what);
  }
  if (!attention_.empty()) {
    std::swap(attention_, attended_);
    for (const std::uint64_t key : attended_) serve_one(key, 0);
    attended_.clear();
  }
  discarded_.clear();
  return anything;
}

void Worker::dispatch_due(RunTime now) {
  for (int sends = 0; sends < kSendsPerPass && next_; ++sends) {
    const RunTime due = plan_.load_start + next_->due;
    if (due > now) break;
    const Ticket ticket{.planned = due, .sequence = next_->sequence, .request = plan_.choice.pick(next_->sequence)};
    record_planned(ticket);
    if (!backlog_.empty() || !dispatch(ticket, now)) {
      if (backlog_.size() < kMaxBacklog) {
        backlog_.push_back(ticket);
      } else {
        end_unsent(ticket, now, Outcome::unsent, Phase::backlog, 0, "too many requests wait for a connection");
      }
    }
    next_ = arrivals_.next();
    if (next_ && plan_.load_start + next_->due > now) now = plan_.now();
  }
  if (!next_ || plan_.load_start + next_->due > now) pacer_.caught_up(now);
  gauges_.backlog.set(backlog_.size());
}

// A closed loop: a request is planned when one before it was answered.
void Worker::plan_closed(RunTime now, std::uint32_t requests) {
  if (stopping_ || now < plan_.load_start || now >= plan_end_) return;
  for (; requests > 0; --requests) {
    const std::uint64_t sequence = closed_taken_++ * plan_.workers + index_;
    const Ticket ticket{.planned = now, .sequence = sequence, .request = plan_.choice.pick(sequence)};
    record_planned(ticket);
    if (!backlog_.empty() || !dispatch(ticket, now)) backlog_.push_back(ticket);
  }
}

// False: no connection is to be had now. True: it is on its way, or has ended.
bool Worker::dispatch(const Ticket& ticket, RunTime now) {
  if (addresses_.state() == Addresses::State::resolving) return false;
  if (addresses_.state() == Addresses::State::failed) {
    const bool nobody = plan_.connections.direct.has_value();  // nobody is there, and that is the service's affair
    end_unsent(ticket, now, nobody ? Outcome::connect_failed : Outcome::generator_error, Phase::resolve, 0,
               addresses_.error());
    return true;
  }
  const Pool::Choice choice = pool_.acquire(now, backlog_.size());
  if (choice.verdict == Pool::Verdict::wait) return false;
  gauges_.in_flight.set(++in_flight_);
  Tally& tally = recorder_.tally();
  tally.schedule_error(now - ticket.planned);
  if (choice.verdict == Pool::Verdict::use) {
    gauges_.sent.add();
    ++tally.cell(recorder_.key_of(ticket.planned - plan_.load_start, ticket.request)).sent;
    connections_[choice.slot]->send(ticket, now);
  } else {
    open_connection(choice, ticket);
  }
  return true;
}

void Worker::drain_backlog(RunTime now) {
  const RunTime bound = plan_.client.lateness_bound();
  while (!backlog_.empty() && now >= backlog_.front().planned + bound) {
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

// The thread cannot go on: whatever was planned is accounted for as the generator's fault.
void Worker::give_up_everything(const std::string& why) {
  const RunTime now = plan_.now();
  interrupted_ = true;
  for (const auto& connection : connections_) {
    if (!connection) continue;
    for (const Exchange& exchange : connection->exchanges()) {
      if (exchange.in_flight) end_unsent(exchange.ticket, now, Outcome::generator_error, Phase::send, 0, why);
    }
  }
  for (std::size_t i = 0; i < backlog_.size(); ++i) {
    end_unsent(backlog_[i], now, Outcome::generator_error, Phase::backlog, 0, why);
  }
  backlog_.clear();
  in_flight_ = 0;
}

}  // namespace surgeproof::loadgen
