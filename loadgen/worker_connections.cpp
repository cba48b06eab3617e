// What a worker hears of its connections, and what it does to them from time to time.
#include <algorithm>
#include <chrono>
#include <utility>

#include "loadgen/http1_stream.h"
#include "loadgen/http2_session.h"
#include "loadgen/plain_transport.h"
#include "loadgen/tls_transport.h"
#include "loadgen/worker.h"

namespace surgeproof::loadgen {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::nanoseconds kLookUpRetry = 1s;

// Fine enough for the time limit, and seldom enough to cost nothing.
std::chrono::nanoseconds sweep_period(std::chrono::nanoseconds timeout) {
  return std::clamp<std::chrono::nanoseconds>(timeout / 50, 1ms, 50ms);
}

// A slot carries one connection after another: an event of an earlier one must not reach the next.
std::uint64_t key_of(std::uint32_t slot, std::uint64_t number) { return number << 20U | slot; }
std::uint32_t slot_of(std::uint64_t key) { return static_cast<std::uint32_t>(key & ((1U << 20U) - 1)); }

}  // namespace

std::unique_ptr<Transport> Worker::make_transport(int fd) {
  if (!tls_) return std::make_unique<PlainTransport>(fd);
  return std::make_unique<TlsTransport>(*tls_, fd);
}

std::unique_ptr<Session> Worker::make_session(const Transport& transport) {
  const bool http2 = plan_.may_be_http2 && (!tls_ || transport.protocol() == "h2");
  // Until a server has agreed to HTTP/2, a connection is expected to carry one request at a time.
  pool_.expect_streams(http2 ? plan_.streams : 1);
  if (http2) {
    return std::make_unique<Http2Session>(
        Http2Session::Settings{.pod_header = plan_.client.pod_header, .max_streams = plan_.streams},
        plan_.http2_patterns);
  }
  return std::make_unique<Http1Stream>(plan_);
}

void Worker::serve_one(std::uint64_t key, std::uint32_t events) {
  Connection* connection = connections_[slot_of(key)].get();
  if (connection != nullptr && connection->key() == key) connection->ready(events);
}

void Worker::open_connection(const Pool::Choice& choice, const Ticket& ticket) {
  const std::uint64_t id = (choice.connection - 1) * plan_.workers + index_ + 1;
  auto& connection = connections_[choice.slot];
  connection = std::make_unique<Connection>(reactor_, plan_, static_cast<ConnectionOwner&>(*this), choice.slot, id,
                                            key_of(choice.slot, choice.connection));
  gauges_.connections.set(pool_.open_connections());
  connection->open(addresses_.candidates(choice.slot), ticket);
}

void Worker::request_sent(Connection& connection, const Exchange& exchange) {
  addresses_.book().reached(connection.slot());
  gauges_.sent.add();
  const Ticket& ticket = exchange.ticket;
  ++recorder_.tally().cell(recorder_.key_of(ticket.planned - plan_.load_start, ticket.request)).sent;
}

void Worker::connection_progressed(Connection& connection) {
  const std::uint32_t slot = connection.slot();
  const RunTime now = plan_.now();
  if (stopping_) pool_.retire(slot);
  if (!connection.room_known()) return;  // it is still being opened
  if (!pool_.settle(slot, connection.in_flight(), connection.room(), now)) {
    connection.close();
    discard(slot);
  }
  if (closed_free_ > 0) plan_closed(now, std::exchange(closed_free_, 0));
  if (!backlog_.empty()) drain_backlog(now);
}

void Worker::connection_closed(Connection& connection) {
  const std::uint32_t slot = connection.slot();
  pool_.lost(slot);
  discard(slot);
  const RunTime now = plan_.now();
  if (closed_free_ > 0) plan_closed(now, std::exchange(closed_free_, 0));
  if (!backlog_.empty()) drain_backlog(now);
}

void Worker::discard(std::uint32_t slot) {
  discarded_.push_back(std::move(connections_[slot]));
  if (addresses_.book().release(slot, plan_.now())) pool_.open_next(addresses_.book().unused());
  gauges_.connections.set(pool_.open_connections());
}

void Worker::sweep(RunTime now) {
  next_sweep_ = now + sweep_period(plan_.client.timeout);
  for (std::size_t slot = 0; slot < connections_.size(); ++slot) {
    if (connections_[slot]) connections_[slot]->check_deadline(now);
  }
  while (const auto slot = pool_.take_expired(now)) {
    connections_[*slot]->close();
    discard(*slot);
  }
  renew_addresses(now);
  if (closed_resting_ > 0 && now >= plan_.load_start && addresses_.state() != Addresses::State::resolving) {
    plan_closed(now, std::exchange(closed_resting_, 0));
  }
  drain_backlog(now);
  discarded_.clear();
  gauges_.connections.set(pool_.open_connections());
}

void Worker::renew_addresses(RunTime now) {
  if (addresses_.book().second_chance(now)) pool_.open_next(addresses_.book().unused());
  if (plan_.connections.direct) {
    if (has_new_endpoints_) take_endpoints();
    return;
  }
  if (addresses_.busy()) {
    io_.restart();
    io_.poll();
    if (addresses_.busy()) next_sweep_ = std::min<RunTime>(next_sweep_, now + 2ms);
    return;
  }
  const bool failed = addresses_.state() == Addresses::State::failed;
  const auto& every = plan_.connections.re_resolve;
  if (failed && now >= addresses_.looked_up() + kLookUpRetry) addresses_.look_up(now);
  if (!failed && every && now >= addresses_.looked_up() + *every) addresses_.look_up(now);
}

void Worker::set_endpoints(std::vector<PodEndpoint> endpoints) {
  {
    const std::scoped_lock lock{endpoints_mutex_};
    new_endpoints_ = std::move(endpoints);
    has_new_endpoints_ = true;
  }
  reactor_.wake();
}

void Worker::take_endpoints() {
  std::optional<std::vector<PodEndpoint>> endpoints;
  {
    const std::scoped_lock lock{endpoints_mutex_};
    endpoints = std::exchange(new_endpoints_, std::nullopt);
    has_new_endpoints_ = false;
  }
  if (endpoints) addresses_.set_endpoints(*endpoints, "no endpoint of the Service is ready");
}

// A connection to an address that is gone takes no more requests; what is on its way may end. Of the others so many end
// that those which take their places even the addresses out.
void Worker::addresses_changed() {
  for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) {
    const bool open = connections_[slot] && connections_[slot]->is_open();
    if (open && !addresses_.book().contains(connections_[slot]->endpoint())) retire(slot);
  }
  for (const std::uint32_t slot : addresses_.book().surplus()) {
    if (connections_[slot] && connections_[slot]->is_open()) retire(slot);
  }
  pool_.open_next(addresses_.book().unused());
  drain_backlog(plan_.now());
}

void Worker::retire(std::uint32_t slot) {
  pool_.retire(slot);
  if (!pool_.idle(slot)) return;
  connections_[slot]->close();
  pool_.lost(slot);
  discard(slot);
}

}  // namespace surgeproof::loadgen
