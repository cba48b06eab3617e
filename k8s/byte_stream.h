// TCP or TLS to the API server, as bytes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "k8s/api_failure.h"

namespace surgeproof::k8s {

struct ApiServer;

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// At least one byte; 0 when the peer closed in good order.
  virtual boost::asio::awaitable<std::expected<std::size_t, ApiFailure>> read_some(std::span<char> into,
                                                                                   std::chrono::milliseconds limit) = 0;
  /// All of it.
  virtual boost::asio::awaitable<std::expected<std::size_t, ApiFailure>> write(std::string_view bytes,
                                                                               std::chrono::milliseconds limit) = 0;
  /// Makes what is under way fail.
  virtual void cancel() = 0;
};

/// Resolves, connects and, if the server's URL says so, shakes hands; all within the server's connect_timeout.
boost::asio::awaitable<std::expected<std::unique_ptr<ByteStream>, ApiFailure>> connect_to(ApiServer& server);

}  // namespace surgeproof::k8s
