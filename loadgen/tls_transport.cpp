#include "loadgen/tls_transport.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/ip/address.hpp>
#include <cerrno>
#include <new>
#include <system_error>

namespace surgeproof::loadgen {
namespace {

int clamped(std::size_t n) { return static_cast<int>(std::min<std::size_t>(n, 1 << 30)); }

}  // namespace

TlsTransport::TlsTransport(boost::asio::ssl::context& context, int fd, const std::string& host, bool insecure)
    : ssl_(SSL_new(context.native_handle())) {
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd) != 1) throw std::bad_alloc{};
  SSL_set_connect_state(ssl_.get());
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (no_address) SSL_set_tlsext_host_name(ssl_.get(), host.c_str());  // an address may not be sent
  if (insecure) return;
  X509_VERIFY_PARAM* const check = SSL_get0_param(ssl_.get());
  if (no_address) {
    X509_VERIFY_PARAM_set1_host(check, host.c_str(), host.size());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str());
  }
}

IoResult TlsTransport::stopped(int result) {
  const int saved_errno = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {.kind = IoResult::Kind::would_block};
    case SSL_ERROR_ZERO_RETURN:
      return {.kind = IoResult::Kind::end};
    case SSL_ERROR_SYSCALL:
      if (saved_errno == 0) return {.kind = IoResult::Kind::end};
      error_number_ = saved_errno;
      error_ = std::system_category().message(saved_errno);
      break;
    default: {
      const unsigned long code = ERR_get_error();
      if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return {.kind = IoResult::Kind::end};
      const char* const reason = ERR_reason_error_string(code);
      error_ = reason != nullptr ? reason : "TLS failed";
    }
  }
  return {.kind = IoResult::Kind::failed, .error_number = error_number_};
}

Transport::Handshake TlsTransport::handshake() {
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) return Handshake::done;
  const IoResult why = stopped(result);
  if (why.kind == IoResult::Kind::would_block) return Handshake::pending;
  if (why.kind == IoResult::Kind::end) error_ = "the peer closed the connection";
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK) error_ += fmt::format(" ({})", X509_verify_cert_error_string(verified));
  return Handshake::failed;
}

IoResult TlsTransport::read(std::span<char> into) {
  ERR_clear_error();
  errno = 0;
  const int n = SSL_read(ssl_.get(), into.data(), clamped(into.size()));
  if (n <= 0) return stopped(n);
  return {.kind = IoResult::Kind::done, .bytes = static_cast<std::size_t>(n)};
}

IoResult TlsTransport::write(std::string_view bytes) {
  ERR_clear_error();
  errno = 0;
  const int n = SSL_write(ssl_.get(), bytes.data(), clamped(bytes.size()));
  if (n <= 0) return stopped(n);
  return {.kind = IoResult::Kind::done, .bytes = static_cast<std::size_t>(n)};
}

void TlsTransport::shut_down() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

}  // namespace surgeproof::loadgen
