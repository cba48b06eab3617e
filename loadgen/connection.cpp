#include "loadgen/connection.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

namespace surgeproof::loadgen {
namespace {

std::string text_of(const Connection::Endpoint& endpoint) {
  const auto address = endpoint.address();
  return fmt::format(fmt::runtime(address.is_v6() ? "[{}]:{}" : "{}:{}"), address.to_string(), endpoint.port());
}

constexpr int kReadsAtOnce = 128;

std::string words_for_errno(int error_number) { return std::system_category().message(error_number); }

// Of several addresses that failed, the one whose failure says most of the service is reported.
int weight_of(int error_number) {
  if (error_number == ECONNREFUSED || error_number == ETIMEDOUT) return 2;
  return is_local_error(error_number) ? 0 : 1;
}

}  // namespace

Connection::Connection(Reactor& reactor, const Plan& plan, ConnectionOwner& owner, std::uint32_t slot, std::uint64_t id,
                       std::uint64_t key)
    : reactor_(reactor), plan_(plan), owner_(owner), slot_(slot), id_(id), key_(key) {}

void Connection::open(std::vector<Endpoint> candidates, const Ticket& ticket) {
  assert(!candidates.empty());
  candidates_ = std::move(candidates);
  add_exchange(ticket);
  opened_ = plan_.now();
  owner_.wants_attention(*this);  // even an immediate failure must not call the owner back from within this call
}

Exchange& Connection::add_exchange(const Ticket& ticket) {
  auto free = std::ranges::find(exchanges_, false, &Exchange::in_flight);
  if (free == exchanges_.end()) free = exchanges_.emplace(exchanges_.end());
  *free = Exchange{.ticket = ticket, .in_flight = true, .answers_before = answers_};
  ++in_flight_;
  return *free;
}

void Connection::try_next_address() {
  const RunTime now = plan_.now();
  const RunTime deadline = exchanges_.front().ticket.planned + plan_.client.timeout;
  const auto left = static_cast<std::int64_t>(candidates_.size() - attempt_);
  attempt_deadline_ = now + (deadline - now) / left;
  endpoint_ = candidates_[attempt_++];
  peer_ = text_of(endpoint_);
  stage_ = Stage::connecting;
  socket_.reset(::socket(endpoint_.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (socket_.get() < 0) return attempt_failed(errno, words_for_errno(errno));
  const int on = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int rc = ::connect(socket_.get(), endpoint_.data(), static_cast<socklen_t>(endpoint_.size()));
  if (rc != 0 && errno != EINPROGRESS) return attempt_failed(errno, words_for_errno(errno));
  // Watched from here on, so that the first event is the end of the attempt.
  if (!reactor_.watch(socket_.get(), key_)) return attempt_failed(errno, words_for_errno(errno));
}

void Connection::check_connected() {
  int error_number = 0;
  socklen_t size = sizeof error_number;
  if (getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) error_number = errno;
  if (error_number != 0) return attempt_failed(error_number, words_for_errno(error_number));
  transport_ = owner_.make_transport(socket_.get());
  stage_ = Stage::handshake;
  shake_hands();
}

void Connection::attempt_failed(int error_number, std::string error) {
  if (!worst_attempt_ || weight_of(error_number) > weight_of(worst_attempt_->error_number)) {
    worst_attempt_ = {.error_number = error_number, .error = std::move(error)};
  }
  if (attempt_ < candidates_.size()) return try_next_address();
  fail_all(outcome_of_connect_failure(Phase::connect, worst_attempt_->error_number), worst_attempt_->error_number,
           worst_attempt_->error);
}

void Connection::shake_hands() {
  switch (transport_->handshake()) {
    case Transport::Handshake::pending:
      return;
    case Transport::Handshake::failed:
      return fail_all(outcome_of_connect_failure(Phase::tls, transport_->error_number()), transport_->error_number(),
                      transport_->error());
    case Transport::Handshake::done:
      return opened();
  }
}

void Connection::opened() {
  stage_ = Stage::open;
  session_ = owner_.make_session(*transport_);
  opened_ = plan_.now();
  candidates_ = {};
  submit(exchanges_.front(), opened_);
  owner_.request_sent(*this, exchanges_.front());
  if (write_failed_) return;  // attention was asked for
  told_room_ = session_->room();
  owner_.connection_progressed(*this);
}

void Connection::send(const Ticket& ticket, RunTime now) {
  assert(stage_ == Stage::open && !closed_ && session_->room() > 0);
  submit(add_exchange(ticket), now);
}

void Connection::submit(Exchange& exchange, RunTime now) {
  exchange.sent = true;
  exchange.sent_at = now;
  session_->submit(static_cast<std::uint32_t>(&exchange - exchanges_.data()), exchange.ticket);
  if (told_room_ > 0) --told_room_;
  write_output();
}

void Connection::write_output() {
  if (write_failed_ || corked_) return;
  while (true) {
    const std::string_view out = session_->output();
    if (out.empty()) return;
    const IoResult written = transport_->write(out);
    if (written.kind == IoResult::Kind::would_block) return;
    if (written.kind != IoResult::Kind::done) {
      // What the peer has said before it closed is still to be read: the end comes from there.
      write_failed_ = true;
      write_errno_ = written.error_number;
      owner_.wants_attention(*this);
      return;
    }
    session_->wrote(written.bytes);
  }
}

void Connection::ready(std::uint32_t events) {
  if (closed_) return;
  if (stage_ == Stage::starting) return try_next_address();
  if (stage_ == Stage::connecting) {
    if (events != 0) check_connected();
  } else if (stage_ == Stage::handshake) {
    shake_hands();
  }
  if (closed_ || stage_ != Stage::open) return;
  if ((events & EPOLLOUT) != 0) write_output();
  read_input((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 || write_failed_);
}

// Edge-triggered: until there is nothing more. A read that was not filled emptied the socket, unless the end is there.
// What follows from it is done once for many reads: a TLS record may hold a single answer, and the requests that take
// the place of a hundred answers go out in one record and one system call.
void Connection::read_input(bool to_the_end) {
  int reads = 0;
  while (!closed_) {
    const std::span<char> buffer = owner_.read_buffer();
    const IoResult got = transport_->read(buffer);
    if (got.kind == IoResult::Kind::would_block) {
      if (write_failed_) return lost(false, write_errno_, words_for_errno(write_errno_));
      break;
    }
    if (got.kind == IoResult::Kind::end) return lost(true, 0, "end of stream");
    if (got.kind == IoResult::Kind::failed) return lost(false, got.error_number, transport_->error());
    now_ = plan_.now();
    const bool sound = session_->receive({buffer.data(), got.bytes}, *this);
    if (!sound) return fail_all(Outcome::malformed, 0, std::string{session_->error()});
    ++reads;
    if (got.drained && !to_the_end) break;
    if (reads % kReadsAtOnce == 0) progressed();
  }
  if (reads > 0 && !closed_) progressed();
}

// After the session has taken bytes in: it may have to answer, and requests may have ended.
void Connection::progressed() {
  if (session_->closing() && in_flight_ == 0) {
    close();
    return owner_.connection_closed(*this);
  }
  // The room changes also when the peer says how many requests it takes, or that it takes no more.
  const bool room_changed = session_->room() != told_room_;
  if (std::exchange(ended_some_, false) || room_changed) {
    told_room_ = session_->room();
    corked_ = true;
    owner_.connection_progressed(*this);
    corked_ = false;
  }
  if (!closed_) write_output();  // new requests, and what the protocol itself wants to say
}

void Connection::answer_began(std::uint32_t stream) {
  exchanges_[stream].began = true;
  exchanges_[stream].first_byte_at = now_;
}

void Connection::answer_ended(std::uint32_t stream, const Answer& answer) {
  Exchange& exchange = exchanges_[stream];
  if (!answer.pod.empty() && answer.pod != pod_) {
    pod_ = answer.pod;
    peer_index.reset();
  }
  const Expectation& expect = plan_.expectations[exchange.ticket.request];
  end(exchange,
      {.outcome = outcome_of_answer(answer.status, now_ - exchange.ticket.planned, expect),
       .at = now_,
       .phase = Phase::receive,
       .error = {}},
      answer);
  ++answers_;
}

void Connection::stream_failed(std::uint32_t stream, const StreamFailure& failure) {
  const Answer answer = session_->partial(stream);
  end(exchanges_[stream],
      {.outcome = failure.outcome,
       .at = now_,
       .phase = phase_of(exchanges_[stream], answer),
       .error = std::string{failure.error}},
      answer);
}

void Connection::lost(bool end_of_stream, int error_number, const std::string& error) {
  now_ = plan_.now();
  if (end_of_stream) session_->end_of_stream(*this);
  if (in_flight_ == 0) {
    close();
    return owner_.connection_closed(*this);
  }
  // A failed write has taken the errno away from the read, which then sees a mere end.
  const bool by_write = write_failed_ && write_errno_ != 0 && error_number == 0;
  if (by_write) return fail_all(std::nullopt, write_errno_, words_for_errno(write_errno_));
  const bool refused_by_alert = !end_of_stream && error_number == 0 && answers_ == 0 && !exchanges_.front().began;
  if (refused_by_alert) return fail_all(Outcome::tls_failed, 0, error);  // TLS 1.3: a refusal comes after the handshake
  fail_all(std::nullopt, error_number, end_of_stream ? std::string{} : error);
}

// `outcome`: empty when it depends on how far each answer has come. Without an errno the stream ended in good order.
void Connection::fail_all(std::optional<Outcome> outcome, int error_number, const std::string& error) {
  now_ = plan_.now();
  const std::string farewell = session_ ? session_->farewell() : std::string{};
  std::string words = error.empty() ? "End of file" : error;
  if (!farewell.empty()) words += " after " + farewell;
  for (std::uint32_t stream = 0; stream < exchanges_.size(); ++stream) {
    Exchange& exchange = exchanges_[stream];
    if (!exchange.in_flight) continue;
    const Answer answer = session_ ? session_->partial(stream) : Answer{};
    end(exchange,
        {.outcome = outcome ? *outcome : outcome_of_lost_connection(error_number == 0, error_number, answer.bytes),
         .at = now_,
         .phase = phase_of(exchange, answer),
         .error_number = error_number,
         .error = words},
        answer);
  }
  close();
  owner_.connection_closed(*this);
}

void Connection::end(Exchange& exchange, RequestEnd end, const Answer& answer) {
  end.status = answer.status;
  end.bytes_received = answer.bytes;
  end.bytes_sent = session_ ? session_->bytes_sent(static_cast<std::uint32_t>(&exchange - exchanges_.data())) : 0;
  exchange.in_flight = false;
  --in_flight_;
  ended_some_ = true;
  owner_.request_ended(*this, exchange, end, answer);
}

void Connection::check_deadline(RunTime now) {
  if (closed_ || in_flight_ == 0) return;
  if (stage_ == Stage::connecting && now >= attempt_deadline_ && attempt_ < candidates_.size()) {
    return attempt_failed(ETIMEDOUT, "no answer to the connection request");
  }
  for (std::uint32_t stream = 0; stream < exchanges_.size(); ++stream) {
    Exchange& exchange = exchanges_[stream];
    if (!exchange.in_flight || now < exchange.ticket.planned + plan_.client.timeout) continue;
    const Answer answer = session_ ? session_->partial(stream) : Answer{};
    const Phase phase = phase_of(exchange, answer);
    end(exchange, {.outcome = outcome_of_timeout(phase), .at = now, .phase = phase, .error = "the time limit passed"},
        answer);
    if (session_ && session_->abandon(stream)) continue;
    now_ = now;
    if (in_flight_ > 0) return fail_all(Outcome::timeout, 0, "the time limit of another request on it passed");
    close();
    return owner_.connection_closed(*this);
  }
  if (ended_some_) progressed();
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  if (transport_ && stage_ == Stage::open && in_flight_ == 0) transport_->shut_down();
  socket_.reset();
}

Phase Connection::phase_of(const Exchange& exchange, const Answer& answer) const {
  if (stage_ != Stage::open) return stage_ == Stage::handshake ? Phase::tls : Phase::connect;
  if (answer.bytes > 0) return Phase::receive;
  const bool all_sent = session_->output().empty();
  return exchange.sent && all_sent ? Phase::wait : Phase::send;
}

void Connection::describe(const Exchange& exchange, const RequestEnd& end, RequestFailure& failure) const {
  if (exchange.sent) failure.sent = exchange.sent_at;
  if (exchange.began) failure.first_byte = exchange.first_byte_at;
  failure.status = end.status;
  failure.connection = id_;
  failure.connection_opened = opened_;
  failure.requests_on_connection = exchange.answers_before;
  failure.bytes_sent = end.bytes_sent;
  failure.bytes_received = end.bytes_received;
  failure.peer = peer_;
  failure.pod = pod_;
}

}  // namespace surgeproof::loadgen
