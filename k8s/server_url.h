// The parts of an API server's URL. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace surgeproof::k8s {

struct ServerUrl {
  bool tls = true;
  std::string host;  ///< name or address, without brackets
  std::uint16_t port = 443;
  std::string path;   ///< "/k8s/clusters/c-1", without a trailing slash; empty at the root
  bool ipv6 = false;  ///< the host is an IPv6 address
  bool operator==(const ServerUrl&) const = default;

  /// "https://10.0.0.1:6443/base"; a default port is left out.
  [[nodiscard]] std::string text() const;
  /// What goes into the Host header: "10.0.0.1:6443".
  [[nodiscard]] std::string host_header() const;
};

/// `text` as kubeconfig's `server` has it; without a scheme it is https if `default_tls`, else http. The error is a
/// sentence that does not quote the text, which may hold a password.
std::expected<ServerUrl, std::string> parse_server_url(std::string_view text, bool default_tls);

}  // namespace surgeproof::k8s
