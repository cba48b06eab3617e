#include "tests/loadgen/tls_server.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace surgeproof::loadgen {
namespace {

X509* self_signed(EVP_PKEY* key, const std::string& ip_address) {
  X509* cert = X509_new();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
  X509_set_pubkey(cert, key);
  X509_NAME* name = X509_get_subject_name(cert);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("surgeproof test"), -1,
                             -1, 0);
  X509_set_issuer_name(cert, name);
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
  const std::string alternative = "IP:" + ip_address;
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, alternative.c_str());
  if (extension == nullptr) throw std::runtime_error("no subject alternative name");
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(cert, key, EVP_sha256());
  return cert;
}

std::string write_pem(X509* cert) {
  std::string path = (std::filesystem::temp_directory_path() / "surgeproof-test-XXXXXX").string();
  const int fd = mkstemp(path.data());
  std::FILE* file = fd < 0 ? nullptr : fdopen(fd, "w");
  if (file == nullptr) throw std::runtime_error("no temporary file");
  PEM_write_X509(file, cert);
  std::fclose(file);
  return path;
}

}  // namespace

struct TlsIdentity::Context {
  SSL_CTX* ssl = SSL_CTX_new(TLS_server_method());
  ~Context() { SSL_CTX_free(ssl); }
};

TlsIdentity::TlsIdentity(const std::string& ip_address) : context_(std::make_unique<Context>()) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to a socket without MSG_NOSIGNAL
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* cert = self_signed(key, ip_address);
  SSL_CTX_use_certificate(context_->ssl, cert);
  SSL_CTX_use_PrivateKey(context_->ssl, key);
  file_ = write_pem(cert);
  X509_free(cert);
  EVP_PKEY_free(key);
}

TlsIdentity::~TlsIdentity() { std::remove(file_.c_str()); }

ScriptedServer::Script TlsIdentity::always(std::string bytes) const {
  return [ctx = context_->ssl, bytes = std::move(bytes)](ScriptedPeer& peer) {
    SSL* ssl = SSL_new(ctx);
    SSL_set_fd(ssl, peer.fd());
    const timeval limit{.tv_sec = 2, .tv_usec = 0};
    setsockopt(peer.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (SSL_accept(ssl) == 1) {
      std::array<char, 4096> buffer{};
      std::string received;
      int n = 0;
      while ((n = SSL_read(ssl, buffer.data(), buffer.size())) > 0) {
        received.append(buffer.data(), static_cast<std::size_t>(n));
        if (!received.ends_with("\r\n\r\n")) continue;
        received.clear();
        if (SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) <= 0) break;
      }
    }
    SSL_free(ssl);
  };
}

}  // namespace surgeproof::loadgen
