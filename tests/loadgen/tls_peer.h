// A TLS server at the other end of a socket pair, moved step by step by the test: no threads, no waiting.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tests/k8s/certificates.h"

namespace surgeproof::loadgen {

using Certificate = k8s::Certificate;

/// A file that lives as long as this.
class PemFile {
 public:
  explicit PemFile(const std::string& text);
  ~PemFile();
  PemFile(const PemFile&) = delete;
  PemFile& operator=(const PemFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// What all connections of a server share.
class TlsServerContext {
 public:
  struct Options {
    std::string protocols;       ///< that ALPN may choose, by preference: "h2 http/1.1"; empty: ignores ALPN
    bool refuse_others = false;  ///< by an alert, instead of going on without
    const Certificate* clients_from = nullptr;  ///< demands a client's certificate signed by this one
    int max_version = TLS1_3_VERSION;
  };
  TlsServerContext(const Certificate& identity, Options options);
  ~TlsServerContext() { SSL_CTX_free(context_); }
  TlsServerContext(const TlsServerContext&) = delete;
  TlsServerContext& operator=(const TlsServerContext&) = delete;
  [[nodiscard]] SSL_CTX* get() const { return context_; }

 private:
  static int choose(SSL* ssl, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned in_size, void* self);
  SSL_CTX* context_;
  Options options_;
};

/// One connection.
class TlsPeer {
 public:
  explicit TlsPeer(const TlsServerContext& context);
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  [[nodiscard]] int client_fd() const { return fds_[0]; }
  [[nodiscard]] int server_fd() const { return fds_[1]; }  ///< to say what is not TLS
  void step() { SSL_do_handshake(ssl_); }
  /// What has come, decrypted.
  std::string read();
  void write(std::string_view bytes);
  void say_goodbye() { SSL_shutdown(ssl_); }
  void hang_up();
  [[nodiscard]] std::string name_asked_for() const;

 private:
  int fds_[2] = {-1, -1};
  SSL* ssl_;
};

}  // namespace surgeproof::loadgen
