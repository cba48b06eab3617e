// Through a proxy to a server: the exchange before TLS begins. The bytes are made and read here; the caller moves them.
// Sans-I/O.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "k8s/proxy.h"

namespace surgeproof::k8s {

/// Asks a proxy for a tunnel to host:port. Send what start() gives, then feed() what comes, sending its answers, until
/// done().
class Tunnel {
 public:
  Tunnel(const Proxy& proxy, std::string host, std::uint16_t port, bool ipv6);

  [[nodiscard]] std::string start() const;
  /// What to send next, possibly nothing. The error is a sentence that begins with the proxy.
  std::expected<std::string, std::string> feed(std::string_view bytes);
  [[nodiscard]] bool done() const { return state_ == State::done; }

 private:
  enum class State : std::uint8_t {
    connect,         ///< HTTP: waiting for the end of the head
    socks_method,    ///< for the method that the proxy chose
    socks_password,  ///< for its word on user and password
    socks_reply,     ///< for its word on the connection
    done,
  };
  std::expected<std::string, std::string> read_connect();
  std::expected<std::string, std::string> read_socks();
  [[nodiscard]] std::string socks_request() const;
  [[nodiscard]] std::unexpected<std::string> refuse(const std::string& what) const;

  Proxy proxy_;
  std::string host_;
  std::uint16_t port_;
  bool ipv6_;
  State state_;
  std::string got_;
};

}  // namespace surgeproof::k8s
