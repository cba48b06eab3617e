// A proxy on loopback for tests: CONNECT over TCP or TLS, plain forwarding, SOCKS5. A thread a connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/k8s/scripted_server.h"

namespace surgeproof::k8s {

struct TestProxyOptions {
  bool socks5 = false;
  std::optional<ServerTls> tls = {};   ///< the connection to the proxy itself
  std::string user_and_password = {};  ///< "user:password" that it insists on; empty: none
  int refuse_with = 0;                 ///< HTTP status for every CONNECT
};

class TestProxy {
 public:
  explicit TestProxy(TestProxyOptions options = {});
  ~TestProxy();
  [[nodiscard]] std::uint16_t port() const;
  /// "127.0.0.1:6443" of each tunnel that was asked for, or the request line of what it forwarded.
  [[nodiscard]] std::vector<std::string> asked() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace surgeproof::k8s
