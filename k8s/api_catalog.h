// Asks the server what it serves, once, and again when something is missing from what it said.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <string>

#include "k8s/api_connection.h"
#include "k8s/discovery.h"

namespace surgeproof::k8s {

class ApiCatalog {
 public:
  /// `server` must outlive this.
  explicit ApiCatalog(ApiServer& server) : server_(&server) {}

  /// Reads /apis. A failure leaves what is known as it is: nothing depends on discovery where a path is known anyway.
  boost::asio::awaitable<void> load();
  /// Whatever the kind's version in use. 404 when the server serves no such kind.
  boost::asio::awaitable<std::expected<ApiResource, ApiFailure>> resource(std::string group, std::string kind);

  [[nodiscard]] const Discovery& known() const { return known_; }

 private:
  ApiServer* server_;
  Discovery known_;
};

}  // namespace surgeproof::k8s
