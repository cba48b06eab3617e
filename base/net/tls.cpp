#include "base/net/tls.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace surgeproof::net {

namespace asio = boost::asio;
using boost::system::error_code;

std::expected<std::unique_ptr<asio::ssl::context>, std::string> make_tls_context(const std::string& ca_file,
                                                                                 bool insecure) {
  try {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    static constexpr std::array<unsigned char, 9> kAlpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context->native_handle(), kAlpn.data(), kAlpn.size());
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    context->set_verify_mode(insecure ? asio::ssl::verify_none : asio::ssl::verify_peer);
    if (insecure) return context;
    error_code ec;
    if (ca_file.empty()) {
      context->set_default_verify_paths(ec);
      if (ec) return std::unexpected(fmt::format("the system's certificates could not be read: {}", ec.message()));
    } else {
      context->load_verify_file(ca_file, ec);
      if (ec) return std::unexpected(fmt::format("CA file \"{}\" could not be read: {}", ca_file, ec.message()));
    }
    return context;
  } catch (const std::exception& e) {
    return std::unexpected(fmt::format("TLS could not be set up: {}", e.what()));
  }
}

void expect_server(asio::ssl::stream<asio::ip::tcp::socket&>& stream, const std::string& host, bool insecure) {
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (no_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());  // an address may not be sent
  if (insecure) return;
  error_code ec;
  stream.set_verify_callback(asio::ssl::host_name_verification(host), ec);
}

std::string describe_handshake_failure(asio::ssl::stream<asio::ip::tcp::socket&>& stream, const error_code& ec) {
  const long verified = SSL_get_verify_result(stream.native_handle());
  if (verified == X509_V_OK) return ec.message();
  return fmt::format("{} ({})", ec.message(), X509_verify_cert_error_string(verified));
}

int errno_of(const error_code& ec) { return ec.category() == boost::system::system_category() ? ec.value() : 0; }

}  // namespace surgeproof::net
