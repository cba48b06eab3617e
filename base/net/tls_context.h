// A TLS client's settings, compiled once, and the sessions that may be resumed. For OpenSSL straight on a descriptor:
// asio::ssl::stream holds 79 kB a connection, this 21.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace surgeproof::net {

struct SslDelete {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SslPtr = std::unique_ptr<SSL, SslDelete>;

/// For connections to one server. To be used by one thread.
class TlsContext {
 public:
  struct Settings {
    std::string server_name;             ///< to ask for (SNI) unless it is an address, and to check
    std::string ca_file;                 ///< PEM; empty: the system's
    std::string cert_file;               ///< PEM, the client's certificate with its chain; empty: none
    std::string key_file;                ///< PEM, its private key; empty: in cert_file
    bool insecure = false;               ///< do not check the server's certificate
    std::vector<std::string> protocols;  ///< for ALPN, in order of preference; empty: none is offered
    bool must_agree = false;             ///< the server must choose one of them
  };

  /// TLS 1.2 or newer. The error is one sentence for people: which file could not be used, and why.
  static std::expected<std::unique_ptr<TlsContext>, std::string> make(Settings settings);

  /// A connection's client side over `bio` (which it owns from then on), ready to shake hands; resumes an earlier
  /// session when there is one. Throws std::bad_alloc.
  [[nodiscard]] SslPtr connect(BIO* bio);

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] std::size_t sessions() const { return sessions_.size(); }

 private:
  explicit TlsContext(Settings settings) : settings_(std::move(settings)) {}
  std::expected<void, std::string> prepare();
  std::expected<void, std::string> load_files();
  static int keep_session(SSL* ssl, SSL_SESSION* session);

  using SessionPtr = std::unique_ptr<SSL_SESSION, SslDelete>;
  Settings settings_;
  bool name_is_address_ = false;
  std::unique_ptr<SSL_CTX, SslDelete> context_;
  std::vector<SessionPtr> sessions_;  // the newest last; a ticket of TLS 1.3 is used once
};

/// OpenSSL's oldest error not yet fetched, in words: "certificate verify failed"; `otherwise` when there is none.
/// Clears the thread's errors.
std::string take_tls_error(std::string_view otherwise);

}  // namespace surgeproof::net
