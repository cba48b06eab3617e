#include "app/live/live_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <list>
#include <map>
#include <mutex>
#include <thread>

namespace surgeproof {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMaxConnections = 128;
constexpr auto kRequestLimit = 60s;  // from one request to the next
constexpr auto kWriteLimit = 20s;    // a browser that takes no byte for so long is gone
constexpr auto kKeepAlive = 10s;     // between two events a comment shows that the run goes on
constexpr std::uint32_t kHeaderLimit = 16 * 1024;

using Document = LiveServer::Document;

/// One browser that waits for events: the latest of each kind that it has not got yet.
struct Listener {
  explicit Listener(asio::io_context& io) : wake{io} {}
  std::map<std::string, std::string> pending;
  asio::steady_timer wake;
};

/// Names that a browser of this machine uses; another one's page must not read ours through a name of its own that
/// leads here.
bool is_local_name(std::string_view host) {
  const bool bracketed = host.starts_with('[');
  const std::string_view name = bracketed ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
  boost::system::error_code no_address;
  const auto address = asio::ip::make_address(name, no_address);
  return name == "localhost" || (!no_address && address.is_loopback());
}

}  // namespace

std::expected<ListenAddress, std::string> parse_listen_address(const std::string& text) {
  ListenAddress at;
  const auto colon = text.rfind(':');
  std::string port = text;
  if (colon != std::string::npos) {
    std::string address = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    if (!address.empty()) at.address = address;
  }
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), at.port);
  if (error != std::errc{} || end != port.data() + port.size()) {
    return std::unexpected{fmt::format("\"{}\" is no [ADDRESS]:PORT, such as :8080 or 0.0.0.0:8080", text)};
  }
  boost::system::error_code bad;
  asio::ip::make_address(at.address, bad);
  if (bad) return std::unexpected{fmt::format("\"{}\" is no IP address to listen on, such as 0.0.0.0", at.address)};
  return at;
}

class LiveServer::Core {
 public:
  explicit Core(Find find) : find_{std::move(find)} {}

  std::expected<void, std::string> listen(const ListenAddress& at) {
    boost::system::error_code error;
    const tcp::endpoint endpoint{asio::ip::make_address(at.address), at.port};
    local_only_ = endpoint.address().is_loopback();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return std::unexpected{fmt::format("cannot listen on {}:{}: {}", at.address, at.port, error.message())};
    const auto port = acceptor_.local_endpoint(error).port();
    const bool v6 = endpoint.address().is_v6();
    const std::string host = endpoint.address().is_unspecified() ? (v6 ? "::1" : "127.0.0.1") : at.address;
    url = v6 ? fmt::format("http://[{}]:{}/", host, port) : fmt::format("http://{}:{}/", host, port);
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread{[this] { io_.run(); }};
    return {};
  }

  ~Core() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  void publish(const std::string& path, Document document) {
    const std::scoped_lock lock{mutex_};
    documents_[path] = std::make_shared<const Document>(std::move(document));
  }

  void announce(const std::string& event, const std::string& data, bool for_good) {
    ++unsent_;
    asio::post(io_, [this, event, data, for_good] {
      if (for_good) standing_[event] = data;
      for (Listener& l : listeners_) {
        l.pending[event] = data;
        l.wake.cancel();
      }
      --unsent_;
    });
  }

  [[nodiscard]] std::size_t listeners() const { return listening_; }

  void settle(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    auto calm_since = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(20ms);
      const auto now = std::chrono::steady_clock::now();
      if (unsent_ > 0 || answering_ > 0) calm_since = now;
      // A listener needs a moment to come back for what was announced.
      if (now - calm_since > (listening_ > 0 ? 600ms : 20ms)) return;
    }
  }

  std::string url;

 private:
  using ErrorCode = boost::system::error_code;

  asio::awaitable<void> accept() {
    while (true) {
      ErrorCode error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error || connections_ >= kMaxConnections) {
        if (!error) socket.close(error);
        asio::steady_timer pause{io_, 50ms};  // no descriptor to be had, or too many browsers: not in a hurry
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      asio::co_spawn(io_, serve(beast::tcp_stream{std::move(socket)}), asio::detached);
    }
  }

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    const Count counted{connections_};
    beast::flat_buffer buffer;
    while (true) {
      ErrorCode error;
      http::request_parser<http::empty_body> parser;
      parser.header_limit(kHeaderLimit);
      parser.body_limit(0);
      stream.expires_after(kRequestLimit);
      co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
      if (error) break;
      const auto& request = parser.get();
      const std::string path{request.target().substr(0, request.target().find('?'))};
      if (path == "/events" && !find_ && allowed(request) && request.method() == http::verb::get) {
        co_await send_events(stream);
        break;
      }
      const Count answering{answering_};
      auto response = answer(request, path);
      stream.expires_after(kWriteLimit);
      co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
      if (error || !response.keep_alive()) break;
    }
    ErrorCode ignored;
    stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  }

  [[nodiscard]] bool allowed(const http::request<http::empty_body>& request) const {
    return !local_only_ || is_local_name(request[http::field::host]);
  }

  http::response<http::string_body> answer(const http::request<http::empty_body>& request, const std::string& path) {
    http::response<http::string_body> response{http::status::ok, request.version()};
    response.keep_alive(request.keep_alive());
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    const bool head = request.method() == http::verb::head;
    const bool read = request.method() == http::verb::get || head;
    const std::shared_ptr<const Document> document = read && allowed(request) ? document_at(path) : nullptr;
    const auto refuse = [&](http::status status, const char* text) {
      response.result(status);
      response.set(http::field::content_type, "text/plain; charset=utf-8");
      response.body() = text;
    };
    if (!allowed(request)) {
      refuse(http::status::forbidden, "This page is served to this machine only, under a name of its own.\n");
    } else if (!read) {
      refuse(http::status::method_not_allowed, "Only GET.\n");
    } else if (!document) {
      refuse(http::status::not_found, find_ ? "There is no such run or file; / lists what there is.\n"
                                            : "There is / for the page, /metrics, and /events.\n");
    } else {
      if (!document->policy.empty()) response.set("Content-Security-Policy", document->policy);
      response.set(http::field::content_type, document->content_type);
      if (!head) response.body() = document->body;
    }
    if (head && document) {
      response.content_length(document->body.size());
    } else {
      response.prepare_payload();
    }
    return response;
  }

  std::shared_ptr<const Document> document_at(const std::string& path) {
    {
      const std::scoped_lock lock{mutex_};
      const auto found = documents_.find(path);
      if (found != documents_.end()) return found->second;
    }
    auto found = find_ ? find_(path) : std::nullopt;
    return found ? std::make_shared<const Document>(std::move(*found)) : nullptr;
  }

  asio::awaitable<void> send_events(beast::tcp_stream& stream) {
    const Count listening{listening_};
    ErrorCode error;
    std::string text =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        "retry: 2000\n\n";
    const auto me = listeners_.emplace(listeners_.end(), io_);
    const Removal removal{listeners_, me};
    me->pending = standing_;
    while (true) {
      for (const auto& [event, data] : me->pending) text += fmt::format("event: {}\ndata: {}\n\n", event, data);
      me->pending.clear();
      if (text.empty()) text = ": the run goes on\n\n";
      stream.expires_after(kWriteLimit);
      co_await asio::async_write(stream, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      text.clear();
      if (!me->pending.empty()) continue;
      stream.expires_never();
      me->wake.expires_after(kKeepAlive);
      co_await me->wake.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  /// Counts while it lives.
  struct Count {
    explicit Count(std::atomic<std::size_t>& n) : n{n} { ++n; }
    ~Count() { --n; }
    Count(const Count&) = delete;
    Count& operator=(const Count&) = delete;
    std::atomic<std::size_t>& n;
  };
  struct Removal {
    std::list<Listener>& from;
    std::list<Listener>::iterator what;
    ~Removal() { from.erase(what); }
  };

  const Find find_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Document>> documents_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> listening_{0};
  std::atomic<std::size_t> answering_{0};
  std::atomic<std::size_t> unsent_{0};
  // On the server's thread only; coroutines that refer to them end with the io_context, which therefore comes last.
  std::list<Listener> listeners_;
  std::map<std::string, std::string> standing_;
  bool local_only_ = true;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  std::thread thread_;
};

std::expected<LiveServer, std::string> LiveServer::start(const ListenAddress& at, Find find) {
  auto core = std::make_unique<Core>(std::move(find));
  if (auto listening = core->listen(at); !listening) return std::unexpected{listening.error()};
  return LiveServer{std::move(core)};
}

LiveServer::LiveServer(std::unique_ptr<Core> core) : core_{std::move(core)} {}
LiveServer::LiveServer(LiveServer&&) noexcept = default;
LiveServer& LiveServer::operator=(LiveServer&&) noexcept = default;
LiveServer::~LiveServer() = default;

const std::string& LiveServer::url() const { return core_->url; }

void LiveServer::publish(const std::string& path, std::string content_type, std::string body) {
  core_->publish(path, {std::move(content_type), std::move(body), {}});
}

void LiveServer::announce(const std::string& event, const std::string& data, bool for_good) {
  core_->announce(event, data, for_good);
}

std::size_t LiveServer::listeners() const { return core_->listeners(); }

void LiveServer::settle(std::chrono::milliseconds limit) { core_->settle(limit); }

}  // namespace surgeproof
