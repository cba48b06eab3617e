// One connection to the target: the socket shell around Http1Session. Lives on its worker's thread.
//
//   open() ─▶ connecting ─▶ TLS handshake ─▶ request out ─▶ answer ─▶ idle ─▶ send() …
//                 each may fail or pass its deadline: the request ends, the connection closes
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/records.h"
#include "loadgen/http1_session.h"
#include "loadgen/outcome.h"
#include "loadgen/plan.h"

namespace surgeproof::loadgen {

class Connection;

/// How a request ended.
struct RequestEnd {
  Outcome outcome{};
  RunTime at{};
  Phase phase{};
  int error_number = 0;
  std::string error;      ///< in words; empty for answers
  bool reusable = false;  ///< the connection is still open and may carry another request
};

/// Who owns a connection and hears of it. No callback comes from within open() or send().
class ConnectionOwner {
 public:
  /// The first request of a new connection has been sent.
  virtual void request_sent(Connection& connection) = 0;
  /// Unless `end.reusable` the connection has closed itself.
  virtual void request_ended(Connection& connection, const RequestEnd& end) = 0;
  /// It has closed itself while it was idle.
  virtual void idle_connection_lost(Connection& connection) = 0;

 protected:
  ~ConnectionOwner() = default;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  /// `tls` is null for plain HTTP. Everything referred to must outlive the io_context's handlers.
  Connection(boost::asio::io_context& io, boost::asio::ssl::context* tls, const Plan& plan, ConnectionOwner& owner,
             std::uint32_t slot, std::uint64_t id);

  /// Connects to the first of `candidates` that accepts, then sends. Each address gets its share of the time left.
  void open(std::vector<Endpoint> candidates, const Ticket& ticket);
  /// Sends on the idle connection.
  void send(const Ticket& ticket);
  /// Ends the request if its time is over.
  void check_deadline(RunTime now);
  /// Closes without telling the owner.
  void close();

  [[nodiscard]] std::uint32_t slot() const { return slot_; }
  [[nodiscard]] const Ticket& ticket() const { return ticket_; }
  [[nodiscard]] bool in_flight() const { return in_flight_; }
  [[nodiscard]] const std::optional<RunTime>& sent() const { return sent_; }
  [[nodiscard]] const Http1Session& session() const { return session_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  /// Named by this or an earlier answer; empty when none was.
  [[nodiscard]] const std::string& pod() const { return pod_; }
  /// Fills in what the connection knows of its request that failed.
  void describe(RequestFailure& failure) const;

  /// For the owner's bookkeeping: which peer and pod it last counted here.
  std::optional<std::uint32_t> peer_index;

 private:
  using ErrorCode = boost::system::error_code;
  void try_next_address();
  void connected(const ErrorCode& ec, std::size_t attempt);
  void attempt_failed(int error_number, const std::string& error);
  void shake_hands();
  void ready();
  void write_request();
  void write_rest();
  void read_more();
  void received(const ErrorCode& ec, std::size_t bytes);
  void stream_broke(const ErrorCode& ec);
  void answered();
  void fail(Outcome outcome, int error_number, std::string error);
  [[nodiscard]] Phase phase() const;

  boost::asio::ip::tcp::socket socket_;
  boost::asio::ssl::context* tls_context_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  const Plan& plan_;
  ConnectionOwner& owner_;
  std::uint32_t slot_;
  std::uint64_t id_;

  std::vector<Endpoint> candidates_;
  std::size_t attempt_ = 0;  // index of the next candidate
  RunTime attempt_deadline_{};
  struct AttemptFailure {
    int error_number = 0;
    std::string error;
  };
  std::optional<AttemptFailure> worst_attempt_;  // the one that says most of the service
  Endpoint endpoint_;
  std::string peer_;
  RunTime opened_{};
  Phase opening_ = Phase::connect;
  bool open_ = false;  // ready to carry requests
  bool closed_ = false;

  Ticket ticket_;
  bool in_flight_ = false;
  std::optional<RunTime> sent_;
  std::optional<RunTime> first_byte_;
  std::uint32_t answers_ = 0;  // before the request in flight
  std::string out_;
  std::size_t written_ = 0;
  ErrorCode write_error_;
  Http1Session session_;
  std::string pod_;
  std::array<char, 16 * 1024> buffer_;
};

}  // namespace surgeproof::loadgen
