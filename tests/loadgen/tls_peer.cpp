#include "tests/loadgen/tls_peer.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace surgeproof::loadgen {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

X509* certificate_from(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return certificate;
}

EVP_PKEY* key_from(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return key;
}

}  // namespace

PemFile::PemFile(const std::string& text)
    : path_((std::filesystem::temp_directory_path() / "surgeproof-test-XXXXXX").string()) {
  const int fd = mkstemp(path_.data());
  require(fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "no temporary file");
  ::close(fd);
}

PemFile::~PemFile() { std::remove(path_.c_str()); }

TlsServerContext::TlsServerContext(const Certificate& identity, Options options)
    : context_(SSL_CTX_new(TLS_server_method())), options_(std::move(options)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own sockets raise it
  X509* certificate = certificate_from(identity.certificate_pem());
  EVP_PKEY* key = key_from(identity.key_pem());
  require(SSL_CTX_use_certificate(context_, certificate) == 1 && SSL_CTX_use_PrivateKey(context_, key) == 1,
          "no identity");
  X509_free(certificate);
  EVP_PKEY_free(key);
  SSL_CTX_set_max_proto_version(context_, options_.max_version);
  const std::string_view id = "surgeproof test";
  SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>(id.data()),
                                 static_cast<unsigned>(id.size()));
  if (!options_.protocols.empty()) SSL_CTX_set_alpn_select_cb(context_, choose, this);
  if (options_.clients_from != nullptr) {
    X509* authority = certificate_from(options_.clients_from->certificate_pem());
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), authority);
    X509_free(authority);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
}

int TlsServerContext::choose(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                             unsigned in_size, void* self) {
  const auto& options = static_cast<TlsServerContext*>(self)->options_;
  for (std::string_view rest = options.protocols; !rest.empty();) {
    const std::string_view wanted = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), wanted.size() + 1));
    for (unsigned at = 0; at < in_size; at += in[at] + 1U) {
      if (wanted != std::string_view{reinterpret_cast<const char*>(in + at + 1), in[at]}) continue;
      *out = in + at + 1;
      *out_size = in[at];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return options.refuse_others ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
}

TlsPeer::TlsPeer(const TlsServerContext& context) : ssl_(SSL_new(context.get())) {
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds_) == 0, "no socket pair");
  SSL_set_fd(ssl_, fds_[1]);
  SSL_set_accept_state(ssl_);
}

TlsPeer::~TlsPeer() {
  SSL_free(ssl_);
  for (const int fd : fds_) ::close(fd);
}

// Not close(): with bytes unread that would be a reset.
void TlsPeer::hang_up() { ::shutdown(fds_[1], SHUT_RDWR); }

std::string TlsPeer::read() {
  std::string all;
  std::array<char, 4096> buffer{};
  int n = 0;
  while ((n = SSL_read(ssl_, buffer.data(), buffer.size())) > 0) all.append(buffer.data(), static_cast<std::size_t>(n));
  ERR_clear_error();
  return all;
}

void TlsPeer::write(std::string_view bytes) {
  require(SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()),
          "the pair is full");
}

std::string TlsPeer::name_asked_for() const {
  const char* const name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  return name != nullptr ? name : "";
}

}  // namespace surgeproof::loadgen
