// Containers as real HTTP servers on loopback.
#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>

#include "k8s/demo/container_runtime.h"
#include "k8s/demo/pod_log.h"

namespace surgeproof::demo {

class PodServer;

class PodRuntime : public ContainerRuntime {
 public:
  /// `crash_at_request`: this request (of all, from 1) takes its server's last memory: killed, once; 0: never.
  PodRuntime(boost::asio::io_context& io, PodLog& log, std::uint64_t crash_at_request);
  ~PodRuntime() override;

  void start(const ContainerSpec& spec) override;
  void probe(const std::string& uid, const HttpProbe& probe, std::function<void(ProbeAnswer)> done) override;
  void terminate(const std::string& uid) override;
  void kill(const std::string& uid) override;
  [[nodiscard]] std::chrono::nanoseconds cpu_used(const std::string& uid) const override;

  /// Kills all, without a word.
  void stop();

 private:
  bool may_answer(const std::string& uid);
  void end(const std::string& uid, const ContainerExit& exit);

  boost::asio::io_context& io_;
  PodLog& log_;
  std::uint64_t crash_at_request_;
  std::uint64_t requests_ = 0;
  std::map<std::string, std::shared_ptr<PodServer>> servers_;  // by pod uid
};

}  // namespace surgeproof::demo
