// What every TLS client here needs: a context that verifies, and error codes in words.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <expected>
#include <memory>
#include <string>

namespace surgeproof::net {

/// A client's TLS context: TLS 1.2 or newer, HTTP/1.1 by ALPN, certificates checked against `ca_file` (PEM), or the
/// system's store when that is empty, or not at all. The error is one sentence for people.
std::expected<std::unique_ptr<boost::asio::ssl::context>, std::string> make_tls_context(const std::string& ca_file,
                                                                                        bool insecure);

/// Sets the name to ask for (SNI) and, unless insecure, to check the certificate against. To be called before the
/// handshake. `host` is a name or an address.
void expect_server(boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>& stream, const std::string& host,
                   bool insecure);

/// Why a handshake failed, with the certificate's fault when that was it: "certificate verify failed (self-signed
/// certificate)".
std::string describe_handshake_failure(boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>& stream,
                                       const boost::system::error_code& ec);

/// errno when the code is one of the operating system's, else 0.
int errno_of(const boost::system::error_code& ec);

}  // namespace surgeproof::net
