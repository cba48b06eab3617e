// One generator thread: its share of the arrivals, its io_context, its connections. Shares nothing but the plan.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loadgen/addresses.h"
#include "loadgen/arrivals.h"
#include "loadgen/connection.h"
#include "loadgen/gauges.h"
#include "loadgen/mailbox.h"
#include "loadgen/pacer.h"
#include "loadgen/plan.h"
#include "loadgen/pool.h"
#include "loadgen/recorder.h"

namespace surgeproof::loadgen {

class Worker final : private ConnectionOwner {
 public:
  /// `plan` and `mailbox` must outlive it; `tls` is null for plain HTTP.
  Worker(const Plan& plan, std::uint32_t index, Mailbox& mailbox, std::unique_ptr<boost::asio::ssl::context> tls);

  /// The thread's body: returns when all is over. Posts a batch each second, the last one marked so. Never throws.
  void run() noexcept;
  /// Thread-safe.
  void request_stop();

  [[nodiscard]] const Gauges& gauges() const { return gauges_; }
  /// Was anything of the plan left out because of request_stop()? To be asked after run().
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void request_sent(Connection& connection) override;
  void request_ended(Connection& connection, const RequestEnd& end) override;
  void idle_connection_lost(Connection& connection) override;

  void loop();
  void rest(RunTime until);
  void serve_ready_io();
  void dispatch_due(RunTime now);
  void plan_closed(RunTime now, std::uint32_t requests);
  bool dispatch(const Ticket& ticket, RunTime now);
  void drain_backlog(RunTime now);
  void stop_planning(RunTime now);
  [[nodiscard]] bool finished(RunTime now) const;
  void sweep(RunTime now);
  void renew_addresses(RunTime now);
  void addresses_changed();
  void end_unsent(const Ticket& ticket, RunTime now, Outcome outcome, Phase phase, int error_number,
                  const std::string& error);
  void record_dispatch(const Ticket& ticket, RunTime now, std::uint8_t what);
  void record_failure(const Ticket& ticket, const RequestEnd& end, const Connection* connection);
  void flush(RunTime now, bool last);
  void give_up_everything(const std::string& why);
  double take_cpu_share(RunTime now);  // since the last call

  const Plan& plan_;
  const std::uint32_t index_;
  Mailbox& mailbox_;
  std::unique_ptr<boost::asio::ssl::context> tls_;

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  boost::asio::steady_timer alarm_{io_};
  std::optional<RunTime> alarm_at_;
  Addresses addresses_;
  Pool pool_;
  std::vector<std::shared_ptr<Connection>> connections_;  // by slot

  Arrivals arrivals_;
  std::optional<Arrival> next_;
  Pacer pacer_;
  std::uint64_t closed_taken_ = 0;    // requests of a closed loop
  std::uint32_t closed_resting_ = 0;  // its connections that failed and wait for the next sweep
  std::deque<Ticket> backlog_;        // ascending by planned instant
  std::uint64_t in_flight_ = 0;
  RunTime plan_end_{};
  RunTime next_sweep_{};
  RunTime next_flush_{};
  RunTime flushed_{};
  std::int64_t cpu_at_flush_ns_ = 0;
  std::atomic<bool> stop_requested_{false};
  bool stopping_ = false;
  bool interrupted_ = false;

  Recorder recorder_;
  Gauges gauges_;
};

}  // namespace surgeproof::loadgen
