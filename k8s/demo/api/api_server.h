// The socket shell of the API server: HTTP/1.1 with keep-alive, chunked watch streams.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "k8s/demo/api/cluster_hooks.h"
#include "k8s/demo/api/store.h"

namespace surgeproof::demo {

/// Everything happens on `io`'s thread, which must be the one that changes the store.
class ApiServer {
 public:
  /// `io` and `store` must outlive the server.
  ApiServer(boost::asio::io_context& io, Store& store, ClusterHooks hooks = {});
  /// Stops; connections that are still open end when `io` runs, or with it.
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  /// Opens the port (0: any free one) and serves it as soon as `io` runs. Returns the port, or why not ("Address
  /// already in use").
  std::expected<std::uint16_t, std::string> listen(const std::string& address, std::uint16_t port);

  /// Closes the port and all connections; watches end without a farewell. May be called again.
  void stop();

  /// Connections open now.
  [[nodiscard]] std::size_t connections() const;

  /// An API server that is up but refuses: every request is answered with this status (503, 429, 500, …) until 0 is
  /// set again. Watches that run go on.
  void refuse_with(int status);

  class Core;

 private:
  std::shared_ptr<Core> core_;
};

/// A kubeconfig for kubectl: cluster, context and user of that name, no credentials.
std::string make_kubeconfig(const std::string& name, const std::string& url, const std::string& default_namespace);

}  // namespace surgeproof::demo
