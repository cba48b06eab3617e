#include "k8s/byte_stream.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>

#include <array>
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
#include <tuple>

#include "k8s/api_server.h"
#include "k8s/tunnel.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using Opened = std::expected<std::unique_ptr<ByteStream>, ApiFailure>;
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

  void cancel() override { beast::get_lowest_layer(stream_).cancel(); }

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
std::string handshake_words(SSL* ssl, const error_code& error) {
  const long verdict = SSL_get_verify_result(ssl);
  // The callback that compares names says no without a reason of its own.
  if (verdict == X509_V_ERR_UNSPECIFIED) return "the server's certificate is for another name";
  if (verdict == X509_V_OK) return error.message();
  return fmt::format("the server's certificate is not accepted: {}", X509_verify_cert_error_string(verdict));
}

ApiFailure no_connection(std::string why) { return {ApiFailure::Kind::connect, 0, std::move(why), {}}; }

template <class Stream>
asio::awaitable<Transferred> shake_hands(asio::ssl::stream<Stream>& stream, const std::string& name, bool verify) {
  error_code not_an_address;
  asio::ip::make_address(name, not_an_address);
  if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), name.c_str());
  if (verify) stream.set_verify_callback(asio::ssl::host_name_verification(name));
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, kResult);
  if (!error) co_return 0;
  if (error == beast::error::timeout) co_return std::unexpected(no_connection("no TLS handshake in time"));
  if (error == asio::error::connection_reset || error == asio::error::eof ||
      error == asio::ssl::error::stream_truncated) {
    co_return std::unexpected(no_connection("closed within the TLS handshake (is it an http:// server?)"));
  }
  co_return std::unexpected(ApiFailure{ApiFailure::Kind::tls, 0, handshake_words(stream.native_handle(), error), {}});
}

/// Where the TCP connection goes: the server, or the proxy before it.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  std::string words;  // before what went wrong there; empty for the server itself
};

Endpoint first_hop(const ApiServer& server) {
  if (!server.proxy) return {server.url.host, server.url.port, ""};
  return {server.proxy->host, server.proxy->port,
          fmt::format("the proxy {} (from {}): ", server.proxy->text(), server.config.proxy_origin)};
}

asio::awaitable<std::expected<tcp::resolver::results_type, ApiFailure>> resolve(const Endpoint& where,
                                                                                std::chrono::milliseconds limit) {
  tcp::resolver resolver(co_await asio::this_coro::executor);
  asio::steady_timer timer(resolver.get_executor(), limit);
  timer.async_wait([&resolver](const error_code& stopped) {
    if (!stopped) resolver.cancel();
  });
  const auto [error, found] = co_await resolver.async_resolve(where.host, std::to_string(where.port), kResult);
  timer.cancel();
  if (!error) co_return found;
  const std::string why = error == asio::error::operation_aborted ? "no answer in time" : error.message();
  co_return std::unexpected(
      ApiFailure{ApiFailure::Kind::resolve,
                 0,
                 fmt::format("{}the name \"{}\" cannot be resolved: {}", where.words, where.host, why),
                 {}});
}

/// Has the proxy behind `stream` connect to the server.
template <class Stream>
asio::awaitable<Transferred> dig(Stream& stream, const ApiServer& server) {
  Tunnel tunnel(*server.proxy, server.url.host, server.url.port, server.url.ipv6);
  std::string words = tunnel.start();
  std::array<char, 4096> buffer{};
  const std::string proxy = "the proxy " + server.proxy->text();
  for (;;) {
    error_code error;
    std::size_t bytes = 0;
    if (!words.empty()) {
      std::tie(error, bytes) = co_await asio::async_write(stream, asio::buffer(words), kResult);
      if (error) co_return std::unexpected(no_connection(proxy + " broke the connection: " + error.message()));
    }
    if (tunnel.done()) co_return 0;
    std::tie(error, bytes) = co_await stream.async_read_some(asio::buffer(buffer), kResult);
    if (error == beast::error::timeout) co_return std::unexpected(no_connection(proxy + " gave no answer in time"));
    if (error) co_return std::unexpected(no_connection(proxy + " closed the connection"));
    auto next = tunnel.feed({buffer.data(), bytes});
    if (!next) co_return std::unexpected(no_connection(next.error()));
    words = *std::move(next);
  }
}

/// From a stream that reaches the server (or its proxy) to one that speaks with the server.
template <class Stream>
asio::awaitable<Opened> finish(Stream stream, ApiServer& server) {
  if (server.proxy && (server.url.tls || server.proxy->kind == Proxy::Kind::socks5)) {
    if (const auto dug = co_await dig(stream, server); !dug) co_return std::unexpected(dug.error());
  }
  if (!server.url.tls) co_return std::make_unique<Connected<Stream>>(std::move(stream));
  asio::ssl::stream<Stream> tls(std::move(stream), *server.tls);
  if (const auto done = co_await shake_hands(tls, server.tls_name, server.tls_verify); !done) {
    co_return std::unexpected(done.error());
  }
  co_return std::make_unique<Connected<asio::ssl::stream<Stream>>>(std::move(tls));
}

}  // namespace

asio::awaitable<Opened> connect_to(ApiServer& server) {
  const Endpoint where = first_hop(server);
  const auto found = co_await resolve(where, server.connect_timeout);
  if (!found) co_return std::unexpected(found.error());
  beast::tcp_stream socket(co_await asio::this_coro::executor);
  socket.expires_after(server.connect_timeout);
  const auto [error, endpoint] = co_await socket.async_connect(*found, kResult);
  if (error) {
    const std::string why = error == beast::error::timeout ? "no connection in time" : error.message();
    co_return std::unexpected(no_connection(where.words + why));
  }
  keep_alive(socket.socket());
  if (!server.proxy || server.proxy->kind != Proxy::Kind::https) co_return co_await finish(std::move(socket), server);
  asio::ssl::stream<beast::tcp_stream> to_proxy(std::move(socket), *server.proxy_tls);
  if (auto done = co_await shake_hands(to_proxy, server.proxy->host, server.tls_verify); !done) {
    done.error().message = where.words + done.error().message;
    co_return std::unexpected(done.error());
  }
  co_return co_await finish(std::move(to_proxy), server);
}

}  // namespace surgeproof::k8s
