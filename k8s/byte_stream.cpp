#include "k8s/byte_stream.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "k8s/api_connection.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Tls = asio::ssl::stream<beast::tcp_stream>;
using Transferred = std::expected<std::size_t, ApiFailure>;

constexpr auto kResult = asio::as_tuple(asio::use_awaitable);

ApiFailure failure_of(const error_code& error) {
  if (error == beast::error::timeout) return {ApiFailure::Kind::silent, 0, "no answer in time", {}};
  // With TLS 1.3 the server refuses a client certificate only after the handshake.
  if (error.category() == asio::error::get_ssl_category()) return {ApiFailure::Kind::tls, 0, error.message(), {}};
  return {ApiFailure::Kind::cut, 0, "the connection broke: " + error.message(), {}};
}

Transferred outcome(const error_code& error, std::size_t bytes) {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return 0;
  if (error) return std::unexpected(failure_of(error));
  return bytes;
}

template <class Stream>
class Connected final : public ByteStream {
 public:
  explicit Connected(Stream stream) : stream_(std::move(stream)) {}

  asio::awaitable<Transferred> read_some(std::span<char> into, std::chrono::milliseconds limit) override {
    beast::get_lowest_layer(stream_).expires_after(limit);
    const auto [error, bytes] = co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), kResult);
    co_return outcome(error, bytes);
  }

  asio::awaitable<Transferred> write(std::string_view bytes, std::chrono::milliseconds limit) override {
    beast::get_lowest_layer(stream_).expires_after(limit);
    const auto [error, count] = co_await asio::async_write(stream_, asio::buffer(bytes), kResult);
    co_return outcome(error, count);
  }

 private:
  Stream stream_;
};

/// A dead link never errors by itself: probe after 15 s of silence, give up 45 s later.
void keep_alive(tcp::socket& socket) {
  error_code ignored;
#ifdef __linux__
  using Idle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using Between = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using Probes = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  socket.set_option(Idle(15), ignored);
  socket.set_option(Between(15), ignored);
  socket.set_option(Probes(3), ignored);
#endif
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(tcp::no_delay(true), ignored);
}

/// Why a handshake failed: the verification's own words, if it was that.
std::string handshake_words(Tls& stream, const error_code& error) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  // The callback that compares names says no without a reason of its own.
  if (verdict == X509_V_ERR_UNSPECIFIED) return "the server's certificate is for another name";
  if (verdict == X509_V_OK) return error.message();
  return fmt::format("the server's certificate is not accepted: {}", X509_verify_cert_error_string(verdict));
}

asio::awaitable<Transferred> shake_hands(Tls& stream, const ApiServer& server) {
  error_code not_an_address;
  asio::ip::make_address(server.tls_name, not_an_address);
  if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), server.tls_name.c_str());
  if (server.tls_verify) stream.set_verify_callback(asio::ssl::host_name_verification(server.tls_name));
  const auto [error] = co_await stream.async_handshake(Tls::client, kResult);
  if (!error) co_return 0;
  if (error == beast::error::timeout) {
    co_return std::unexpected(ApiFailure{ApiFailure::Kind::connect, 0, "no TLS handshake in time", {}});
  }
  if (error == asio::error::connection_reset || error == asio::error::eof ||
      error == asio::ssl::error::stream_truncated) {
    co_return std::unexpected(
        ApiFailure{ApiFailure::Kind::connect, 0, "closed within the TLS handshake (is it an http:// server?)", {}});
  }
  co_return std::unexpected(ApiFailure{ApiFailure::Kind::tls, 0, handshake_words(stream, error), {}});
}

asio::awaitable<std::expected<tcp::resolver::results_type, ApiFailure>> resolve(const ApiServer& server) {
  tcp::resolver resolver(co_await asio::this_coro::executor);
  asio::steady_timer limit(resolver.get_executor(), server.connect_timeout);
  limit.async_wait([&resolver](const error_code& stopped) {
    if (!stopped) resolver.cancel();
  });
  const auto [error, found] =
      co_await resolver.async_resolve(server.url.host, std::to_string(server.url.port), kResult);
  limit.cancel();
  if (!error) co_return found;
  const std::string why = error == asio::error::operation_aborted ? "no answer in time" : error.message();
  co_return std::unexpected(ApiFailure{
      ApiFailure::Kind::resolve, 0, fmt::format("the name \"{}\" cannot be resolved: {}", server.url.host, why), {}});
}

}  // namespace

asio::awaitable<std::expected<std::unique_ptr<ByteStream>, ApiFailure>> connect_to(ApiServer& server) {
  const auto found = co_await resolve(server);
  if (!found) co_return std::unexpected(found.error());
  beast::tcp_stream socket(co_await asio::this_coro::executor);
  socket.expires_after(server.connect_timeout);
  const auto [error, where] = co_await socket.async_connect(*found, kResult);
  if (error) {
    const std::string why = error == beast::error::timeout ? "no connection in time" : error.message();
    co_return std::unexpected(ApiFailure{ApiFailure::Kind::connect, 0, why, {}});
  }
  keep_alive(socket.socket());
  if (!server.url.tls) co_return std::make_unique<Connected<beast::tcp_stream>>(std::move(socket));
  Tls tls(std::move(socket), *server.tls);
  if (const auto done = co_await shake_hands(tls, server); !done) co_return std::unexpected(done.error());
  co_return std::make_unique<Connected<Tls>>(std::move(tls));
}

}  // namespace surgeproof::k8s
