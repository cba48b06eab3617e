// TLS over a connected, non-blocking descriptor, without a stream object's buffers: OpenSSL reads the socket itself.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "loadgen/transport.h"

namespace surgeproof::loadgen {

class TlsTransport final : public Transport {
 public:
  /// `fd` is not owned. `host` is asked for (SNI) unless it is an address, and checked against the certificate.
  TlsTransport(boost::asio::ssl::context& context, int fd, const std::string& host, bool insecure);

  Handshake handshake() override;
  IoResult read(std::span<char> into) override;
  IoResult write(std::string_view bytes) override;
  void shut_down() override;
  [[nodiscard]] int error_number() const override { return error_number_; }
  [[nodiscard]] std::string error() const override { return error_; }

 private:
  IoResult stopped(int result);

  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  std::unique_ptr<SSL, Free> ssl_;
  int error_number_ = 0;
  std::string error_;
};

}  // namespace surgeproof::loadgen
