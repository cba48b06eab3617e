// The outside world of the kubelet: containers that run, answer probes and end. Behind it stand real HTTP servers, or a
// test's table.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/units.h"

namespace surgeproof::demo {

/// What a container is told at its start; from its spec and environment.
struct ContainerSpec {
  std::string pod;  ///< name; the server sends it in X-Pod
  std::string ns;
  std::string container;
  std::string uid;  ///< of the pod: names the container in every call
  std::string ip;
  std::uint16_t port = 0;
  Millicores cpu_limit{1000};
  std::chrono::nanoseconds cpu_per_request{};
  std::chrono::nanoseconds wait_per_request{};
  std::chrono::nanoseconds start_delay{};  ///< until it listens
  bool drains = true;                      ///< at SIGTERM: finishes what is in flight; or drops everything
};

struct ContainerExit {
  int code = 0;
  std::string reason;  ///< "Completed", "Error", "OOMKilled"
};

struct HttpProbe {
  std::string path;
  std::uint16_t port = 0;
  std::chrono::nanoseconds timeout = std::chrono::seconds{1};
};

struct ProbeAnswer {
  bool success = false;
  std::string message;  ///< why not, as the kubelet words it
};

class ContainerRuntime {
 public:
  virtual ~ContainerRuntime() = default;
  virtual void start(const ContainerSpec& spec) = 0;
  /// Answers exactly once, also after the timeout or the container's end; never within the call.
  virtual void probe(const std::string& uid, const HttpProbe& probe, std::function<void(ProbeAnswer)> done) = 0;
  /// SIGTERM. The container's end is told by on_exit.
  virtual void terminate(const std::string& uid) = 0;
  /// SIGKILL: gone when the call returns, every connection reset; on_exit is told nothing.
  virtual void kill(const std::string& uid) = 0;
  /// CPU time since the container's start; 0 without one.
  [[nodiscard]] virtual std::chrono::nanoseconds cpu_used(const std::string& uid) const = 0;

  /// Called when a container ends by itself or after terminate(); never within a call from outside.
  std::function<void(const std::string& uid, const ContainerExit& exit)> on_exit;
};

}  // namespace surgeproof::demo
