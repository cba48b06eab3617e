// One pod's application: an HTTP/1.1 server on the pod's own address. Each request waits for its "database", then
// takes its turn on the pod's CPU (processor_sharing.h); then it is answered.
//
//   GET  anything      200 {"pod": …}
//   POST anything      201
//   POST /api/log      201; the body's first line goes into the pod's log: an error to provoke
//   GET  /api/health   200, at hardly any cost
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "k8s/demo/container_runtime.h"
#include "k8s/demo/http_request.h"
#include "k8s/demo/processor_sharing.h"

namespace surgeproof::demo {

/// Owned by a shared_ptr; its handlers keep it alive until stop() has closed everything.
class PodServer : public std::enable_shared_from_this<PodServer> {
 public:
  struct Callbacks {
    /// Asked before each answer but those to health checks; false: this request is never answered. Unset: it may.
    std::function<bool()> may_answer;
    std::function<void(const ContainerExit&)> exited;  ///< after terminate(); or the port could not be opened
    std::function<void(std::string)> log;
  };
  PodServer(boost::asio::io_context& io, ContainerSpec spec, Callbacks callbacks);
  ~PodServer();

  /// Listens after the start delay.
  void start();
  /// SIGTERM: finishes what is in flight and exits with 0, or drops everything and exits with 143.
  void terminate();
  /// SIGKILL: every connection is reset; no callback is called any more.
  void kill();

  [[nodiscard]] std::chrono::nanoseconds cpu_used() const { return cpu_.cpu_used(); }
  [[nodiscard]] const ContainerSpec& spec() const { return spec_; }

 private:
  class Session;
  void listen();
  void accept();
  void compute(const std::shared_ptr<Session>& session, std::chrono::nanoseconds demand);
  void collect();
  void arm();
  void close_idle();
  void gone(const std::shared_ptr<Session>& session);
  void exit_when_drained();
  void exit(ContainerExit exit);

  boost::asio::io_context& io_;
  ContainerSpec spec_;
  Callbacks callbacks_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer start_timer_;
  boost::asio::steady_timer cpu_timer_;
  ProcessorSharing cpu_;
  std::set<std::shared_ptr<Session>> sessions_;
  std::map<ProcessorSharing::JobId, std::shared_ptr<Session>> computing_;
  bool draining_ = false;
  bool stopped_ = false;
};

}  // namespace surgeproof::demo
