#include "k8s/tls.h"

#include <openssl/x509_vfy.h>

namespace surgeproof::k8s {
namespace ssl = boost::asio::ssl;

std::expected<ssl::context, std::string> make_tls_context(const ClusterConfig& config) {
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  boost::system::error_code error;
  if (!config.tls_verify) {
    context.set_verify_mode(ssl::verify_none);
  } else {
    context.set_verify_mode(ssl::verify_peer);
    if (config.ca_pem.empty()) {
      context.set_default_verify_paths(error);
    } else {
      // Like Go, accept any given certificate as an anchor, not only self-signed ones.
      X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.native_handle()), X509_V_FLAG_PARTIAL_CHAIN);
      context.add_certificate_authority(boost::asio::buffer(config.ca_pem), error);
    }
    if (error) return std::unexpected("the certificate authority cannot be used: " + error.message());
  }
  if (config.client_certificate_pem.empty()) return context;
  // Without this OpenSSL asks for a pass phrase on the terminal.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  context.use_certificate_chain(boost::asio::buffer(config.client_certificate_pem), error);
  if (error) return std::unexpected("the client certificate cannot be used: " + error.message());
  context.use_private_key(boost::asio::buffer(config.client_key_pem.reveal()), ssl::context::pem, error);
  if (error && error.message().find("mismatch") != std::string::npos) {
    return std::unexpected(std::string("the client key does not belong to the client certificate"));
  }
  if (error) return std::unexpected("the client key cannot be used (is it encrypted?): " + error.message());
  return context;
}

std::expected<ssl::context, std::string> make_proxy_tls_context(const ClusterConfig& config) {
  ssl::context context(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(config.tls_verify ? ssl::verify_peer : ssl::verify_none);
  boost::system::error_code error;
  context.set_default_verify_paths(error);
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.native_handle()), X509_V_FLAG_PARTIAL_CHAIN);
  if (!config.ca_pem.empty()) context.add_certificate_authority(boost::asio::buffer(config.ca_pem), error);
  if (error) return std::unexpected("the certificate authority cannot be used: " + error.message());
  return context;
}

}  // namespace surgeproof::k8s
