// Which proxy, if any, stands between us and a server: a kubeconfig's proxy-url, or HTTPS_PROXY, HTTP_PROXY and
// NO_PROXY as Go programs understand them (golang.org/x/net/http/httpproxy). Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

struct ServerUrl;

struct Proxy {
  enum class Kind : std::uint8_t {
    http,    ///< CONNECT in the clear; a plain HTTP request is forwarded
    https,   ///< the same, over TLS to the proxy
    socks5,  ///< RFC 1928; names are resolved by the proxy
  };
  Kind kind = Kind::http;
  std::string host;
  std::uint16_t port = 0;
  bool ipv6 = false;
  std::string user;  ///< decoded
  Secret password;   ///< decoded

  /// "http://proxy.corp:3128", without user and password.
  [[nodiscard]] std::string text() const;
  /// Value of a Proxy-Authorization header; empty without a user.
  [[nodiscard]] Secret authorization() const;
};

/// The error is a sentence that does not quote the text, which may hold a password.
std::expected<Proxy, std::string> parse_proxy(std::string_view text);

/// The value of the variable that applies to `server`, with that variable's name; both empty when it is to be reached
/// directly.
struct ProxyVariable {
  std::string name;
  std::string value;
};
ProxyVariable proxy_from_environment(const ServerUrl& server,
                                     const std::function<std::string(const std::string&)>& environment);

/// Whether NO_PROXY's `list` exempts the host and port: names with their subdomains, ".suffix", addresses, CIDR blocks,
/// "host:port", "*".
bool exempt_from_proxy(std::string_view list, std::string_view host, std::uint16_t port);

}  // namespace surgeproof::k8s
