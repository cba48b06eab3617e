// What all connections to one server share: where it is, how it is reached, who we say we are.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "k8s/api_failure.h"
#include "k8s/credentials.h"
#include "k8s/exec_plugin.h"
#include "k8s/proxy.h"
#include "k8s/server_url.h"

namespace surgeproof::k8s {

/// Lives as long as its connections do; one thread.
struct ApiServer {
  ServerUrl url;
  std::optional<Proxy> proxy;
  std::string tls_name;  ///< name that the server's certificate must carry, and SNI
  bool tls_verify = true;
  std::optional<boost::asio::ssl::context> tls;        ///< set if url.tls
  std::optional<boost::asio::ssl::context> proxy_tls;  ///< set for an https:// proxy
  std::uint64_t tls_generation = 0;                    ///< counts the changes of `tls`
  Credentials credentials;
  std::optional<ExecPluginSource> plugin;
  std::chrono::milliseconds connect_timeout{10000};
  std::chrono::milliseconds answer_timeout{30000};

  /// Checks everything that needs no network.
  static std::expected<std::unique_ptr<ApiServer>, ApiFailure> make(const ClusterConfig& config);

  /// Has the plugin, if there is one, give what it must before a request. The generation of what it gave; 0 without.
  boost::asio::awaitable<std::expected<std::uint64_t, ApiFailure>> authorize();
  /// The server answered 401 to a request with that generation. True if it is worth another attempt.
  bool refused(std::uint64_t generation);
  /// Without credentials of ours.
  [[nodiscard]] std::string redacted(std::string text) const;

  ClusterConfig config;        ///< as given; a plugin's certificate goes into a copy
  std::uint64_t adopted_ = 0;  ///< generation of the plugin's credential that is in use
};

}  // namespace surgeproof::k8s
