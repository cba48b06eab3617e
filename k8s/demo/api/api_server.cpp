#include "k8s/demo/api/api_server.h"

#include <fmt/format.h>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <set>

#include "k8s/demo/api/api_error.h"
#include "k8s/demo/api/api_handler.h"
#include "k8s/demo/api/http_date.h"

namespace surgeproof::demo {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kMaxBody = 3 * 1024 * 1024;  // as Kubernetes limits request bodies
constexpr std::uint32_t kMaxHeader = 64 * 1024;
constexpr std::size_t kMaxConnections = 1000;
constexpr auto kIdleTime = std::chrono::minutes{10};
constexpr auto kWriteTime = std::chrono::seconds{30};  // a reader that takes nothing for so long is cut off
constexpr auto kBookmarkEvery = std::chrono::seconds{10};
constexpr auto kPollEvery = std::chrono::milliseconds{200};
constexpr auto kLongestStream = std::chrono::minutes{60};
constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);

ApiRequest to_request(const http::request<http::string_body>& r) {
  const auto text = [&](http::field f) { return std::string{r[f]}; };
  return {r.method() == http::verb::head ? "GET" : std::string{r.method_string()}, std::string{r.target()},
          text(http::field::accept), text(http::field::content_type), r.body()};
}

}  // namespace

/// Owned by the server and by each of its connections; a connection that outlives the server finds it stopped and
/// touches neither store nor handler any more.
class ApiServer::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(asio::io_context& io, Store& store, ClusterHooks hooks)
      : store_(store), handler_(store, std::move(hooks)), acceptor_(io), retry_(io) {}

  std::expected<std::uint16_t, std::string> listen(const std::string& address, std::uint16_t port);
  void stop();
  [[nodiscard]] std::size_t connections() const { return streams_.size(); }
  void refuse_with(int status) { refused_status_ = status; }

 private:
  struct Connection {
    explicit Connection(tcp::socket socket) : stream(std::move(socket)), wake(stream.get_executor()) {}
    beast::tcp_stream stream;
    asio::steady_timer wake;  // cancelled when there may be something to send, or the peer is gone
    bool peer_gone = false;
    void close() {
      boost::system::error_code ignored;
      stream.socket().close(ignored);  // NOLINT(bugprone-unused-return-value)
      wake.cancel();
    }
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  static asio::awaitable<void> accept_all(std::shared_ptr<Core> self);
  static asio::awaitable<void> serve(std::shared_ptr<Core> self, ConnectionPtr connection);
  static asio::awaitable<void> notice_close(ConnectionPtr connection);
  asio::awaitable<bool> serve_one(Connection& connection, beast::flat_buffer& buffer, ConnectionPtr owner);
  asio::awaitable<bool> send(Connection& connection, ApiResponse response, unsigned version, bool keep, bool head);
  asio::awaitable<void> send_stream(Connection& connection, std::unique_ptr<ApiStream> source, bool chunked);
  asio::awaitable<bool> write(Connection& connection, std::string text);
  ApiAnswer answer(const ApiRequest& request);
  void wake_streams();

  Store& store_;
  ApiHandler handler_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::set<ConnectionPtr> streams_;
  std::optional<std::size_t> subscription_;
  int refused_status_ = 0;
  bool stopped_ = false;
};

std::expected<std::uint16_t, std::string> ApiServer::Core::listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code ec;
  const auto ip = asio::ip::make_address(address, ec);
  if (ec) return std::unexpected{ec.message()};
  const tcp::endpoint endpoint{ip, port};
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address{true}, ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    boost::system::error_code ignored;
    acceptor_.close(ignored);  // NOLINT(bugprone-unused-return-value)
    return std::unexpected{ec.message()};
  }
  stopped_ = false;
  if (!subscription_) subscription_ = store_.subscribe([this](const Change&) { wake_streams(); });
  asio::co_spawn(acceptor_.get_executor(), accept_all(shared_from_this()), asio::detached);
  return acceptor_.local_endpoint(ec).port();
}

void ApiServer::Core::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);  // NOLINT(bugprone-unused-return-value)
  retry_.cancel();
  if (subscription_) store_.unsubscribe(*subscription_);
  subscription_.reset();
  for (const ConnectionPtr& connection : streams_) connection->close();
}

void ApiServer::Core::wake_streams() {
  for (const ConnectionPtr& connection : streams_) connection->wake.cancel();
}

asio::awaitable<void> ApiServer::Core::accept_all(std::shared_ptr<Core> self) {
  while (!self->stopped_) {
    auto [ec, socket] = co_await self->acceptor_.async_accept(kNoThrow);
    if (self->stopped_) co_return;
    if (ec) {  // out of descriptors, mostly: others may end meanwhile
      self->retry_.expires_after(std::chrono::milliseconds{50});
      co_await self->retry_.async_wait(kNoThrow);
      continue;
    }
    if (self->streams_.size() >= kMaxConnections) continue;
    socket.set_option(tcp::no_delay{true}, ec);
    auto connection = std::make_shared<Connection>(std::move(socket));
    self->streams_.insert(connection);
    asio::co_spawn(self->acceptor_.get_executor(), serve(self, std::move(connection)), asio::detached);
  }
}

asio::awaitable<void> ApiServer::Core::serve(std::shared_ptr<Core> self, ConnectionPtr connection) {
  beast::flat_buffer buffer;
  bool again = true;
  while (again && !self->stopped_) again = co_await self->serve_one(*connection, buffer, connection);
  connection->close();
  self->streams_.erase(connection);
}

ApiAnswer ApiServer::Core::answer(const ApiRequest& request) {
  if (refused_status_ == 0) return handler_.handle(request);
  if (refused_status_ == 503) return to_response(errors::unavailable());
  if (refused_status_ == 429) {
    ApiResponse response = to_response(ApiError{
        429, "TooManyRequests", "the server has received too many requests and has asked us to try again later"});
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  return to_response(
      ApiError{refused_status_, "InternalError", "an error on the server has prevented the request from succeeding"});
}

asio::awaitable<bool> ApiServer::Core::serve_one(Connection& connection, beast::flat_buffer& buffer,
                                                 ConnectionPtr owner) {
  http::request_parser<http::string_body> parser;
  parser.body_limit(kMaxBody);
  parser.header_limit(kMaxHeader);
  connection.stream.expires_after(kIdleTime);
  auto [ec, size] = co_await http::async_read(connection.stream, buffer, parser, kNoThrow);
  if (stopped_) co_return false;
  if (ec) {
    const bool spoke = ec.category() == http::make_error_code(http::error::bad_method).category() &&
                       ec != http::error::end_of_stream && ec != http::error::partial_message;
    if (!spoke) co_return false;
    ApiResponse refusal =
        to_response(ec == http::error::body_limit ? errors::too_large() : errors::bad_request(ec.message()));
    co_await send(connection, std::move(refusal), 11, false, false);
    co_return false;
  }
  const auto& message = parser.get();
  const bool head = message.method() == http::verb::head;
  const bool keep = message.keep_alive();
  const unsigned version = message.version();
  const ApiRequest request = to_request(message);
  ApiAnswer answered = answer(request);
  if (auto* response = std::get_if<ApiResponse>(&answered)) {
    co_return co_await send(connection, std::move(*response), version, keep, head);
  }
  if (head) co_return false;
  asio::co_spawn(connection.stream.get_executor(), notice_close(owner), asio::detached);
  auto source = std::move(std::get<std::unique_ptr<ApiStream>>(answered));
  co_await send_stream(connection, std::move(source), version >= 11);
  co_return false;
}

asio::awaitable<bool> ApiServer::Core::send(Connection& connection, ApiResponse response, unsigned version, bool keep,
                                            bool head) {
  http::response<http::string_body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-cache, private");
  message.set(http::field::date, format_http_date(store_.now()));
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep);
  message.content_length(response.body.size());
  if (!head) message.body() = std::move(response.body);
  connection.stream.expires_after(kWriteTime);
  http::response_serializer<http::string_body> serializer{message};
  if (head) {
    auto [ec, size] = co_await http::async_write_header(connection.stream, serializer, kNoThrow);
    co_return !ec && keep;
  }
  auto [ec, size] = co_await http::async_write(connection.stream, serializer, kNoThrow);
  if (!ec && !keep) {
    boost::system::error_code ignored;
    connection.stream.socket().shutdown(tcp::socket::shutdown_send, ignored);  // NOLINT(bugprone-unused-return-value)
  }
  co_return !ec && keep;
}

asio::awaitable<bool> ApiServer::Core::write(Connection& connection, std::string text) {
  connection.stream.expires_after(kWriteTime);
  auto [ec, size] = co_await asio::async_write(connection.stream, asio::buffer(text), kNoThrow);
  co_return !ec && !stopped_;
}

asio::awaitable<void> ApiServer::Core::notice_close(ConnectionPtr connection) {
  // Whatever the client sends within a stream is not awaited; its end is.
  std::array<char, 512> waste{};
  while (!connection->peer_gone) {
    auto [ec, size] = co_await connection->stream.socket().async_read_some(asio::buffer(waste), kNoThrow);
    connection->peer_gone = static_cast<bool>(ec);
  }
  connection->wake.cancel();
}

namespace {

std::string framed(std::string text, bool chunked) {
  return chunked ? fmt::format("{:x}\r\n{}\r\n", text.size(), text) : text;
}

std::string stream_header(const ApiStream& source, bool chunked, WallTime now) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nCache-Control: no-cache, private\r\nDate: {}\r\n{}Connection: "
      "close\r\n\r\n",
      source.content_type, format_http_date(now), chunked ? "Transfer-Encoding: chunked\r\n" : "");
}

}  // namespace

asio::awaitable<void> ApiServer::Core::send_stream(Connection& connection, std::unique_ptr<ApiStream> source,
                                                   bool chunked) {
  const auto end =
      steady_clock::now() + std::min<steady_clock::duration>(source->timeout.value_or(kLongestStream), kLongestStream);
  auto next_bookmark = steady_clock::now() + kBookmarkEvery;
  if (!co_await write(connection, stream_header(*source, chunked, store_.now()))) co_return;
  while (!connection.peer_gone) {
    std::string text = source->take();
    const auto now = steady_clock::now();
    const bool over = source->finished() || now >= end;
    if (text.empty() && (over || now >= next_bookmark)) text = source->bookmark();
    if (now >= next_bookmark) next_bookmark = now + kBookmarkEvery;
    if (!text.empty()) {
      if (!co_await write(connection, framed(std::move(text), chunked))) co_return;
      if (!over) continue;
    }
    if (over) break;
    connection.wake.expires_at(std::min({end, next_bookmark, source->polled ? now + kPollEvery : end}));
    co_await connection.wake.async_wait(kNoThrow);
    if (stopped_) co_return;
  }
  if (connection.peer_gone || stopped_) co_return;
  if (chunked) co_await write(connection, "0\r\n\r\n");
  boost::system::error_code ignored;
  connection.stream.socket().shutdown(tcp::socket::shutdown_send, ignored);  // NOLINT(bugprone-unused-return-value)
}

ApiServer::ApiServer(asio::io_context& io, Store& store, ClusterHooks hooks)
    : core_(std::make_shared<Core>(io, store, std::move(hooks))) {}
ApiServer::~ApiServer() { core_->stop(); }
std::expected<std::uint16_t, std::string> ApiServer::listen(const std::string& address, std::uint16_t port) {
  return core_->listen(address, port);
}
void ApiServer::stop() { core_->stop(); }
std::size_t ApiServer::connections() const { return core_->connections(); }
void ApiServer::refuse_with(int status) { core_->refuse_with(status); }

}  // namespace surgeproof::demo
