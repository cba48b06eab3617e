#include "loadgen/tls_transport.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

namespace surgeproof::loadgen {
namespace {

int clamped(std::size_t n) { return static_cast<int>(std::min<std::size_t>(n, 1 << 30)); }

bool would_block(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
}

}  // namespace

struct TlsTransport::Bio {
  static const BIO_METHOD* method() {
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
      if (m == nullptr) throw std::bad_alloc{};
      BIO_meth_set_read(m, read);
      BIO_meth_set_write(m, write);
      BIO_meth_set_ctrl(m, control);
      return m;
    }();
    return kMethod;
  }
  static BIO* make(TlsTransport& owner) {
    BIO* const bio = BIO_new(method());
    if (bio == nullptr) throw std::bad_alloc{};
    BIO_set_data(bio, &owner);
    BIO_set_init(bio, 1);
    return bio;
  }
  static int read(BIO* bio, char* into, int size) {
    auto& me = *static_cast<TlsTransport*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto n = ::recv(me.fd_, into, static_cast<std::size_t>(size), 0);
    me.socket_empty_ = n < size;
    if (n == 0) me.socket_ended_ = true;
    if (n < 0 && would_block(errno))
      BIO_set_retry_read(bio);
    else if (n < 0)
      me.socket_errno_ = errno;
    return static_cast<int>(n);
  }
  static int write(BIO* bio, const char* bytes, int size) {
    auto& me = *static_cast<TlsTransport*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto n = ::send(me.fd_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n < 0 && would_block(errno))
      BIO_set_retry_write(bio);
    else if (n < 0)
      me.socket_errno_ = errno;
    return static_cast<int>(n);
  }
  static long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
    if (command == BIO_CTRL_EOF) return static_cast<TlsTransport*>(BIO_get_data(bio))->socket_ended_ ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }
};

TlsTransport::TlsTransport(net::TlsContext& context, int fd)
    : context_(context), fd_(fd), ssl_(context.connect(Bio::make(*this))) {}

IoResult TlsTransport::stopped(int result) {
  const int why = SSL_get_error(ssl_.get(), result);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {.kind = IoResult::Kind::would_block};
  if (why == SSL_ERROR_ZERO_RETURN || (socket_ended_ && socket_errno_ == 0)) {
    ERR_clear_error();
    return {.kind = IoResult::Kind::end};
  }
  error_number_ = socket_errno_;
  error_ = error_number_ != 0 ? std::system_category().message(error_number_) : net::take_tls_error("TLS failed");
  ERR_clear_error();
  return {.kind = IoResult::Kind::failed, .error_number = error_number_};
}

Transport::Handshake TlsTransport::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) {
    const IoResult why = stopped(result);
    if (why.kind == IoResult::Kind::would_block) return Handshake::pending;
    if (why.kind == IoResult::Kind::end) error_ = "the server closed the connection";
    error_ = describe_handshake_failure();
    return Handshake::failed;
  }
  if (context_.settings().must_agree && protocol().empty()) {
    error_ = fmt::format("the server did not agree to {} (ALPN)", fmt::join(context_.settings().protocols, " or "));
    return Handshake::failed;
  }
  return Handshake::done;
}

// OpenSSL's own words, and what they come from where that is known.
std::string TlsTransport::describe_handshake_failure() {
  const long verified = SSL_get_verify_result(ssl_.get());
  if (verified != X509_V_OK && !context_.settings().insecure) {
    return fmt::format("{} ({})", error_, X509_verify_cert_error_string(verified));
  }
  if (error_ == "wrong version number" || error_ == "packet length too long") {
    return error_ + " (what answers there does not speak TLS)";
  }
  if (error_.ends_with("alert no application protocol")) {
    return fmt::format("{} (the server does not speak {})", error_, fmt::join(context_.settings().protocols, " or "));
  }
  return error_;
}

IoResult TlsTransport::read(std::span<char> into) {
  ERR_clear_error();
  const int n = SSL_read(ssl_.get(), into.data(), clamped(into.size()));
  if (n <= 0) return stopped(n);
  const bool drained = socket_empty_ && SSL_has_pending(ssl_.get()) == 0;
  return {.kind = IoResult::Kind::done, .drained = drained, .bytes = static_cast<std::size_t>(n)};
}

IoResult TlsTransport::write(std::string_view bytes) {
  ERR_clear_error();
  const int n = SSL_write(ssl_.get(), bytes.data(), clamped(bytes.size()));
  if (n <= 0) {
    const IoResult result = stopped(n);
    if (result.kind != IoResult::Kind::end) return result;
    error_number_ = EPIPE;  // nobody takes it any more
    error_ = std::system_category().message(EPIPE);
    return {.kind = IoResult::Kind::failed, .error_number = EPIPE};
  }
  return {.kind = IoResult::Kind::done, .bytes = static_cast<std::size_t>(n)};
}

void TlsTransport::shut_down() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string_view TlsTransport::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace surgeproof::loadgen
