// One generator thread: its share of the arrivals, its reactor, its connections. Shares nothing but the plan.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/net/tls_context.h"
#include "loadgen/addresses.h"
#include "loadgen/arrivals.h"
#include "loadgen/connection.h"
#include "loadgen/gauges.h"
#include "loadgen/mailbox.h"
#include "loadgen/pacer.h"
#include "loadgen/plan.h"
#include "loadgen/pool.h"
#include "loadgen/reactor.h"
#include "loadgen/recorder.h"
#include "loadgen/ticket_queue.h"

namespace surgeproof::loadgen {

class Worker final : private ConnectionOwner {
 public:
  /// `plan` and `mailbox` must outlive it; `tls` is null for plain HTTP. Throws std::system_error when the system has
  /// no descriptors left.
  Worker(const Plan& plan, std::uint32_t index, Mailbox& mailbox, std::unique_ptr<net::TlsContext> tls);

  /// The thread's body: returns when all is over. Posts a batch each second, the last one marked so. Never throws.
  void run() noexcept;
  /// Thread-safe.
  void request_stop();
  /// Thread-safe. From now on these are the addresses (Connections::direct); none: every request is refused.
  void set_endpoints(std::vector<PodEndpoint> endpoints);

  [[nodiscard]] const Gauges& gauges() const { return gauges_; }
  /// Was anything of the plan left out because of request_stop()? To be asked after run().
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void request_sent(Connection& connection, const Exchange& exchange) override;
  void request_ended(Connection& connection, const Exchange& exchange, const RequestEnd& end,
                     const Answer& answer) override;
  void connection_progressed(Connection& connection) override;
  void connection_closed(Connection& connection) override;
  void wants_attention(Connection& connection) override { attention_.push_back(connection.key()); }
  std::span<char> read_buffer() override { return {buffer_.get(), kReadBuffer}; }
  std::unique_ptr<Transport> make_transport(int fd) override;
  std::unique_ptr<Session> make_session(const Transport& transport) override;

  void loop();
  bool serve(RunTime limit);
  void serve_one(std::uint64_t key, std::uint32_t events);
  void dispatch_due(RunTime now);
  void plan_closed(RunTime now, std::uint32_t requests);
  bool dispatch(const Ticket& ticket, RunTime now);
  void open_connection(const Pool::Choice& choice, const Ticket& ticket);
  void drain_backlog(RunTime now);
  void stop_planning(RunTime now);
  [[nodiscard]] bool finished(RunTime now) const;
  void sweep(RunTime now);
  void renew_addresses(RunTime now);
  void take_endpoints();
  void addresses_changed();
  void retire(std::uint32_t slot);
  void discard(std::uint32_t slot);
  void end_unsent(const Ticket& ticket, RunTime now, Outcome outcome, Phase phase, int error_number,
                  const std::string& error);
  void record_planned(const Ticket& ticket);
  void record_failure(const Ticket& ticket, const RequestEnd& end, RequestFailure details);
  [[nodiscard]] const std::string& pod_of(const Connection& connection) const;
  void record_slow(const Connection& connection, const Exchange& exchange, const RequestEnd& end, const CellKey& key);
  void flush(RunTime now, bool last);
  void give_up_everything(const std::string& why);
  double take_cpu_share(RunTime now);  // since the last call, without polling in vain

  static constexpr std::size_t kReadBuffer = 64 * 1024;

  const Plan& plan_;
  const std::uint32_t index_;
  Mailbox& mailbox_;
  std::unique_ptr<net::TlsContext> tls_;

  boost::asio::io_context io_{1};  // for the resolver only
  Reactor reactor_;
  Addresses addresses_;
  Pool pool_;
  std::vector<std::unique_ptr<Connection>> connections_;  // by slot
  std::vector<std::unique_ptr<Connection>> discarded_;    // may still be within a call
  std::vector<std::uint64_t> attention_;                  // keys of connections that want ready()
  std::vector<std::uint64_t> attended_;
  std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(kReadBuffer);

  Arrivals arrivals_;
  std::optional<Arrival> next_;
  Pacer pacer_;
  std::uint64_t closed_taken_ = 0;    // requests of a closed loop
  std::uint32_t closed_free_ = 0;     // of its requests in flight, those that were answered just now
  std::uint32_t closed_resting_ = 0;  // those that failed and wait for the next sweep
  TicketQueue backlog_;               // ascending by planned instant
  std::uint64_t in_flight_ = 0;
  RunTime plan_end_{};
  RunTime next_sweep_{};
  RunTime next_flush_{};
  RunTime flushed_{};
  std::int64_t cpu_at_flush_ns_ = 0;
  RunTime polled_in_vain_{};  // since the last flush: time in which the thread was busy, but had nothing to do
  std::atomic<bool> stop_requested_{false};
  bool stopping_ = false;
  bool interrupted_ = false;

  std::mutex endpoints_mutex_;  // guards what follows
  std::optional<std::vector<PodEndpoint>> new_endpoints_;
  std::atomic<bool> has_new_endpoints_{false};

  Recorder recorder_;
  Gauges gauges_;
};

}  // namespace surgeproof::loadgen
