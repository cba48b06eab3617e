#include "loadgen/connection.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <cassert>
#include <cerrno>
#include <utility>

#include "base/net/tls.h"

namespace surgeproof::loadgen {

namespace asio = boost::asio;
using asio::ip::tcp;
using net::errno_of;

namespace {

std::string text_of(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  return fmt::format(fmt::runtime(address.is_v6() ? "[{}]:{}" : "{}:{}"), address.to_string(), endpoint.port());
}

// Of several addresses that failed, the one whose failure says most of the service is reported.
int weight_of(int error_number) {
  if (error_number == ECONNREFUSED || error_number == ETIMEDOUT) return 2;
  return is_local_error(error_number) ? 0 : 1;
}

}  // namespace

Connection::Connection(asio::io_context& io, asio::ssl::context* tls, const Plan& plan, ConnectionOwner& owner,
                       std::uint32_t slot, std::uint64_t id)
    : socket_(io),
      tls_context_(tls),
      plan_(plan),
      owner_(owner),
      slot_(slot),
      id_(id),
      session_(plan.client.pod_header) {}

void Connection::open(std::vector<Endpoint> candidates, const Ticket& ticket) {
  assert(!candidates.empty());
  candidates_ = std::move(candidates);
  ticket_ = ticket;
  in_flight_ = true;
  opened_ = plan_.now();
  // Even an immediate failure must not call the owner back from within this call.
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (!self->closed_) self->try_next_address();
  });
}

void Connection::try_next_address() {
  const RunTime now = plan_.now();
  const RunTime deadline = ticket_.planned + plan_.client.timeout;
  const auto left = static_cast<std::int64_t>(candidates_.size() - attempt_);
  attempt_deadline_ = now + (deadline - now) / left;
  endpoint_ = candidates_[attempt_++];
  peer_ = text_of(endpoint_);
  ErrorCode ec;
  socket_.close(ec);
  socket_.open(endpoint_.protocol(), ec);
  if (!ec) socket_.set_option(tcp::no_delay{true}, ec);
  if (ec) return attempt_failed(errno_of(ec), ec.message());
  socket_.async_connect(endpoint_, [self = shared_from_this(), attempt = attempt_](const ErrorCode& error) {
    self->connected(error, attempt);
  });
}

void Connection::connected(const ErrorCode& ec, std::size_t attempt) {
  if (closed_ || attempt != attempt_) return;
  if (ec) return attempt_failed(errno_of(ec), ec.message());
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  if (tls_context_ != nullptr) return shake_hands();
  ready();
}

void Connection::attempt_failed(int error_number, const std::string& error) {
  if (!worst_attempt_ || weight_of(error_number) > weight_of(worst_attempt_->error_number)) {
    worst_attempt_ = {.error_number = error_number, .error = error};
  }
  if (attempt_ < candidates_.size()) return try_next_address();
  fail(outcome_of_connect_failure(Phase::connect, worst_attempt_->error_number), worst_attempt_->error_number,
       worst_attempt_->error);
}

void Connection::shake_hands() {
  opening_ = Phase::tls;
  tls_.emplace(socket_, *tls_context_);
  net::expect_server(*tls_, plan_.target.host, plan_.client.tls.insecure);
  tls_->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](const ErrorCode& ec) {
    if (self->closed_) return;
    if (!ec) return self->ready();
    self->fail(outcome_of_connect_failure(Phase::tls, errno_of(ec)), errno_of(ec),
               net::describe_handshake_failure(*self->tls_, ec));
  });
}

void Connection::ready() {
  open_ = true;
  opened_ = plan_.now();
  write_request();
  owner_.request_sent(*this);
  read_more();
}

void Connection::send(const Ticket& ticket) {
  assert(open_ && !closed_ && !in_flight_);
  ticket_ = ticket;
  in_flight_ = true;
  ++answers_;
  write_request();
}

void Connection::write_request() {
  const RequestPattern& pattern = plan_.patterns[ticket_.request];
  pattern.write(ticket_.sequence, out_);
  session_.expect_answer(pattern.is_head());
  sent_ = plan_.now();
  first_byte_.reset();
  written_ = 0;
  write_error_.clear();
  if (!tls_) {
    written_ = socket_.write_some(asio::buffer(out_), write_error_);
    if (write_error_ == asio::error::would_block) write_error_.clear();
  }
  // An error is left to the pending read: it still sees an answer that came before, or the end.
  if (!write_error_ && written_ < out_.size()) write_rest();
}

void Connection::write_rest() {
  const auto rest = asio::buffer(out_) + written_;
  const auto done = [self = shared_from_this()](const ErrorCode& ec, std::size_t bytes) {
    self->written_ += bytes;
    self->write_error_ = ec;
  };
  if (tls_) {
    asio::async_write(*tls_, rest, done);
  } else {
    asio::async_write(socket_, rest, done);
  }
}

void Connection::read_more() {
  const auto done = [self = shared_from_this()](const ErrorCode& ec, std::size_t bytes) { self->received(ec, bytes); };
  if (tls_) {
    tls_->async_read_some(asio::buffer(buffer_), done);
  } else {
    socket_.async_read_some(asio::buffer(buffer_), done);
  }
}

void Connection::received(const ErrorCode& ec, std::size_t bytes) {
  if (closed_) return;
  if (!in_flight_) {  // the peer closes, or says something unasked: either way the connection is of no more use
    close();
    return owner_.idle_connection_lost(*this);
  }
  if (bytes > 0) {
    if (!first_byte_) first_byte_ = plan_.now();
    session_.receive({buffer_.data(), bytes});
  }
  if (ec && session_.state() != Http1Session::State::complete) return stream_broke(ec);
  if (session_.state() == Http1Session::State::malformed) {
    return fail(Outcome::malformed, 0, std::string{session_.error()});
  }
  if (session_.state() == Http1Session::State::complete) answered();
  if (!closed_) read_more();
}

void Connection::stream_broke(const ErrorCode& ec) {
  const bool end_of_stream = ec == asio::error::eof || ec == asio::ssl::error::stream_truncated;
  if (end_of_stream && session_.end_of_stream() == Http1Session::State::complete) return answered();
  // A failed write has taken the errno away from the read, which then sees a mere end.
  const ErrorCode& cause = end_of_stream && write_error_ ? write_error_ : ec;
  const bool handshake_alert = ec.category() == asio::error::get_ssl_category() && session_.bytes_received() == 0;
  if (handshake_alert) return fail(Outcome::tls_failed, 0, ec.message());  // TLS 1.3: a refusal comes after it
  fail(outcome_of_lost_connection(end_of_stream && !write_error_, errno_of(cause), session_.bytes_received()),
       errno_of(cause), cause.message());
}

void Connection::answered() {
  const RunTime now = plan_.now();
  if (!session_.pod().empty() && session_.pod() != pod_) {
    pod_ = session_.pod();
    peer_index.reset();
  }
  const Phase at = phase();
  in_flight_ = false;
  const bool reusable = session_.reusable() && written_ == out_.size() && !write_error_;
  if (!reusable) close();
  owner_.request_ended(*this, {.outcome = outcome_of_answer(session_.status(), now - ticket_.planned,
                                                            plan_.expectations[ticket_.request]),
                               .at = now,
                               .phase = at,
                               .error = {},
                               .reusable = reusable});
}

void Connection::check_deadline(RunTime now) {
  if (!in_flight_ || closed_) return;
  if (now >= ticket_.planned + plan_.client.timeout) {
    return fail(outcome_of_timeout(phase()), 0, "the time limit passed");
  }
  if (!open_ && opening_ == Phase::connect && attempt_ > 0 && now >= attempt_deadline_) {
    attempt_failed(ETIMEDOUT, "no answer to the connection request");
  }
}

void Connection::fail(Outcome outcome, int error_number, std::string error) {
  const RequestEnd end{.outcome = outcome,
                       .at = plan_.now(),
                       .phase = phase(),
                       .error_number = error_number,
                       .error = std::move(error),
                       .reusable = false};
  in_flight_ = false;
  close();
  owner_.request_ended(*this, end);
}

void Connection::close() {
  closed_ = true;
  ErrorCode ignored;
  socket_.close(ignored);
}

Phase Connection::phase() const {
  if (!open_) return opening_;
  if (session_.bytes_received() > 0) return Phase::receive;
  return written_ < out_.size() ? Phase::send : Phase::wait;
}

void Connection::describe(RequestFailure& failure) const {
  failure.sent = sent_;
  failure.first_byte = first_byte_;
  failure.status = session_.status();
  failure.connection = id_;
  failure.connection_opened = opened_;
  failure.requests_on_connection = answers_;
  failure.bytes_sent = written_;
  failure.bytes_received = session_.bytes_received();
  failure.peer = peer_;
  failure.pod = pod_;
  failure.server = session_.server();
}

}  // namespace surgeproof::loadgen
