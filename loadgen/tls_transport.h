// TLS over a connected, non-blocking descriptor: OpenSSL reads and writes the socket itself, through a BIO of ours that
// never raises SIGPIPE and knows when the socket is empty.
#pragma once

#include <string>

#include "base/net/tls_context.h"
#include "loadgen/transport.h"

namespace surgeproof::loadgen {

class TlsTransport final : public Transport {
 public:
  /// `fd` is not owned. `context` must outlive this.
  TlsTransport(net::TlsContext& context, int fd);

  /// Fails also when the server has chosen none of the protocols although it must.
  Handshake handshake() override;
  IoResult read(std::span<char> into) override;
  IoResult write(std::string_view bytes) override;
  void shut_down() override;
  [[nodiscard]] int error_number() const override { return error_number_; }
  [[nodiscard]] std::string error() const override { return error_; }
  [[nodiscard]] std::string_view protocol() const override;
  /// Was an earlier session resumed? After the handshake.
  [[nodiscard]] bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

 private:
  struct Bio;
  IoResult stopped(int result);
  std::string describe_handshake_failure();

  net::TlsContext& context_;
  int fd_;
  bool socket_empty_ = false;  // the last read from it took all there was
  bool socket_ended_ = false;
  int socket_errno_ = 0;  // of the last system call that failed; 0: none did
  int error_number_ = 0;
  std::string error_;
  net::SslPtr ssl_;  // last, for it uses the others
};

}  // namespace surgeproof::loadgen
