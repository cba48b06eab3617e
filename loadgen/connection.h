// One connection to the target: the socket shell around a transport (plain, TLS) and a session (HTTP/1, HTTP/2). Lives
// on its worker's thread; hears of its socket by ready().
//
//   open() ─▶ connecting ─▶ TLS handshake ─▶ requests out ─▶ answers ─▶ idle ─▶ send() …
//                 each may fail or pass its deadline: what is in flight ends, the connection closes
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/records.h"
#include "loadgen/exchange.h"
#include "loadgen/plan.h"
#include "loadgen/reactor.h"
#include "loadgen/session.h"
#include "loadgen/transport.h"

namespace surgeproof::loadgen {

class Connection;

/// Who owns a connection and hears of it. No callback comes from within open() or send().
class ConnectionOwner {
 public:
  /// Its first request has been sent.
  virtual void request_sent(Connection& connection, const Exchange& exchange) = 0;
  /// Only to be taken note of: connection_progressed() or connection_closed() follows. `answer`: as far as it came.
  virtual void request_ended(Connection& connection, const Exchange& exchange, const RequestEnd& end,
                             const Answer& answer) = 0;
  /// What is in flight, or its room, may have changed: it has just opened, or requests have ended. May be sent on.
  virtual void connection_progressed(Connection& connection) = 0;
  /// It has closed itself; nothing is in flight. May be destroyed from now on, but not within the call.
  virtual void connection_closed(Connection& connection) = 0;
  /// ready() is wanted soon, although the socket has said nothing.
  virtual void wants_attention(Connection& connection) = 0;
  /// Memory to read into, for the time of one call.
  virtual std::span<char> read_buffer() = 0;
  /// A transport over a connected descriptor, and a session over that.
  virtual std::unique_ptr<Transport> make_transport(int fd) = 0;
  virtual std::unique_ptr<Session> make_session(const Transport& transport) = 0;

 protected:
  ~ConnectionOwner() = default;
};

class Connection final : private SessionEvents {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  /// Everything referred to must outlive it. `key`: by which the reactor calls its events.
  Connection(Reactor& reactor, const Plan& plan, ConnectionOwner& owner, std::uint32_t slot, std::uint64_t id,
             std::uint64_t key);

  /// Connects to the first of `candidates` that accepts, then sends. Each address gets its share of the time left.
  void open(std::vector<Endpoint> candidates, const Ticket& ticket);
  /// Sends, on an open connection whose session has room.
  void send(const Ticket& ticket, RunTime now);
  /// The socket says something (EPOLLIN and the like), or attention was wanted (0).
  void ready(std::uint32_t events);
  /// Ends the requests whose time is over.
  void check_deadline(RunTime now);
  /// Closes without telling the owner.
  void close();

  [[nodiscard]] std::uint32_t slot() const { return slot_; }
  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] std::uint64_t key() const { return key_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] std::uint32_t in_flight() const { return in_flight_; }
  [[nodiscard]] std::span<const Exchange> exchanges() const { return exchanges_; }
  [[nodiscard]] bool is_open() const { return stage_ == Stage::open && !closed_; }
  /// So many requests more may be sent now.
  [[nodiscard]] std::uint32_t room() const { return session_ && !closed_ ? session_->room() : 0; }
  [[nodiscard]] bool room_known() const { return session_ && session_->room_known(); }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  /// Named by this or an earlier answer; empty when none was.
  [[nodiscard]] const std::string& pod() const { return pod_; }
  /// Fills in what the connection knows of a request that failed.
  void describe(const Exchange& exchange, const RequestEnd& end, RequestFailure& failure) const;

  /// For the owner's bookkeeping: which peer and pod it last counted here.
  std::optional<std::uint32_t> peer_index;

 private:
  void answer_began(std::uint32_t stream) override;
  void answer_ended(std::uint32_t stream, const Answer& answer) override;
  void stream_failed(std::uint32_t stream, const StreamFailure& failure) override;

  void try_next_address();
  void check_connected();
  void attempt_failed(int error_number, std::string error);
  void connected();
  void shake_hands();
  void opened();
  void submit(Exchange& exchange, RunTime now);
  void write_output();
  void read_input(bool to_the_end);
  void lost(bool end_of_stream, int error_number, const std::string& error);
  void fail_all(std::optional<Outcome> outcome, int error_number, const std::string& error);
  void end(Exchange& exchange, RequestEnd end, const Answer& answer);
  [[nodiscard]] Phase phase_of(const Exchange& exchange, const Answer& answer) const;
  Exchange& add_exchange(const Ticket& ticket);
  void progressed();

  Reactor& reactor_;
  const Plan& plan_;
  ConnectionOwner& owner_;
  std::uint32_t slot_;
  std::uint64_t id_;
  std::uint64_t key_;

  Descriptor socket_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Session> session_;
  enum class Stage : std::uint8_t { starting, connecting, handshake, open };
  Stage stage_ = Stage::starting;
  bool closed_ = false;
  bool write_failed_ = false;
  int write_errno_ = 0;

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
  std::string pod_;
  RunTime opened_{};

  std::vector<Exchange> exchanges_;  // by stream
  std::uint32_t in_flight_ = 0;
  std::uint32_t answers_ = 0;    // so far
  RunTime now_{};                // of the bytes being received
  std::uint32_t told_room_ = 0;  // at the last connection_progressed(), less what was sent since
  bool corked_ = false;          // requests are only queued: written together later
  bool ended_some_ = false;      // requests ended since progressed()
};

}  // namespace surgeproof::loadgen
