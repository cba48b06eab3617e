// The Service as clients meet it: one address, each new connection to one of the backends. TCP is relayed as it is,
// so an established connection stays with its pod whatever the endpoints say, as conntrack has it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "k8s/demo/service_proxy.h"

namespace surgeproof::demo {

class LoadBalancer {
 public:
  explicit LoadBalancer(boost::asio::io_context& io);
  ~LoadBalancer();
  LoadBalancer(const LoadBalancer&) = delete;
  LoadBalancer& operator=(const LoadBalancer&) = delete;

  /// Takes the port (0: any free one) without listening yet: connects are refused until there are backends. Returns the
  /// port, or why not.
  std::expected<std::uint16_t, std::string> reserve(const std::string& address, std::uint16_t port);
  /// For new connections, in turn. None: the port is closed, and connects are refused.
  void set_backends(std::vector<Backend> backends);
  /// Resets every connection. May be called again.
  void stop();
  [[nodiscard]] bool listening() const;

  class Core;

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace surgeproof::demo
