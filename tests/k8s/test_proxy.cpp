#include "tests/k8s/test_proxy.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>
#include <set>

#include "k8s/base64.h"

namespace surgeproof::k8s {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

struct TestProxy::Core {
  TestProxyOptions options;
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{io, {asio::ip::make_address("127.0.0.1"), 0}};
  mutable std::mutex mutex;
  bool stopping = false;
  std::set<int> open;
  std::vector<std::string> asked;
  std::list<std::thread> threads;
  std::thread accepting;

  void note(std::string what) {
    const std::lock_guard lock(mutex);
    asked.push_back(std::move(what));
  }
  bool enter(int descriptor) {
    const std::lock_guard lock(mutex);
    if (!stopping) open.insert(descriptor);
    return !stopping;
  }
  void leave(int descriptor) {
    const std::lock_guard lock(mutex);
    open.erase(descriptor);
  }

  std::optional<tcp::socket> reach(asio::io_context& own, const std::string& host, const std::string& port) {
    error_code error;
    tcp::resolver resolver(own);
    const auto found = resolver.resolve(host, port, error);
    if (error) return std::nullopt;
    tcp::socket out(own);
    asio::connect(out, found, error);
    if (error) return std::nullopt;
    return out;
  }

  template <class From, class To>
  static asio::awaitable<void> pump(From& from, To& to, int a, int b) {
    constexpr auto kResult = asio::as_tuple(asio::use_awaitable);
    std::array<char, 16384> buffer;
    for (;;) {
      const auto [error, got] = co_await from.async_read_some(asio::buffer(buffer), kResult);
      if (error) break;
      const auto [failed, sent] = co_await asio::async_write(to, asio::buffer(buffer.data(), got), kResult);
      if (failed) break;
    }
    ::shutdown(a, SHUT_RDWR);
    ::shutdown(b, SHUT_RDWR);
  }

  /// Both ways until one side ends; in this thread alone, as a TLS stream demands it.
  template <class Client>
  void relay(asio::io_context& own, Client& client, tcp::socket& server, int client_descriptor) {
    const int descriptor = server.native_handle();
    if (!enter(descriptor)) return;
    asio::co_spawn(own, pump(client, server, client_descriptor, descriptor), asio::detached);
    asio::co_spawn(own, pump(server, client, client_descriptor, descriptor), asio::detached);
    own.run();
    leave(descriptor);
  }

  template <class Client>
  void http(asio::io_context& own, Client& client, int descriptor) {
    error_code error;
    asio::streambuf buffer;
    const auto length = asio::read_until(client, buffer, "\r\n\r\n", error);
    if (error) return;
    const std::string head(asio::buffers_begin(buffer.data()),
                           asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(length));
    const std::string line = head.substr(0, head.find("\r\n"));
    const auto answer = [&](const std::string& status) {
      asio::write(client, asio::buffer("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"), error);
    };
    const std::string wanted = "Proxy-Authorization: Basic " + encode_base64(options.user_and_password);
    if (!options.user_and_password.empty() && !head.contains(wanted))
      return answer("407 Proxy Authentication Required");
    if (!line.starts_with("CONNECT ")) {
      note(line);
      return forward(own, client, descriptor, head);
    }
    const std::string where = line.substr(8, line.find(' ', 8) - 8);
    note(where);
    if (options.refuse_with != 0) return answer(fmt::format("{} No", options.refuse_with));
    auto server = reach(own, where.substr(0, where.rfind(':')), where.substr(where.rfind(':') + 1));
    if (!server) return answer("502 Bad Gateway");
    asio::write(client, asio::buffer(std::string_view("HTTP/1.1 200 Connection established\r\n\r\n")), error);
    if (!error) relay(own, client, *server, descriptor);
  }

  /// "GET http://host:port/path …" goes on as it is: the scripted server takes the path of any form.
  template <class Client>
  void forward(asio::io_context& own, Client& client, int descriptor, const std::string& head) {
    const auto begin = head.find("://") + 3;
    const auto end = head.find('/', begin);
    const std::string where = head.substr(begin, end - begin);
    auto server = reach(own, where.substr(0, where.rfind(':')), where.substr(where.rfind(':') + 1));
    error_code error;
    const std::string request = head.substr(0, head.find("http://")) + head.substr(end);
    if (!server) return;
    asio::write(*server, asio::buffer(request), error);
    if (!error) relay(own, client, *server, descriptor);
  }

  void socks(asio::io_context& own, tcp::socket& client, int descriptor) {
    error_code error;
    std::array<unsigned char, 512> b{};
    const auto take = [&](std::size_t from, std::size_t count) {
      asio::read(client, asio::buffer(b.data() + from, count), error);
    };
    const auto give = [&](std::string_view bytes) { asio::write(client, asio::buffer(bytes), error); };
    take(0, 2);
    take(2, b[1]);
    const bool locked = !options.user_and_password.empty();
    if (error) return;
    if (locked && (b[1] != 2 || b[3] != 2)) return give(std::string_view("\x05\xff", 2));
    give(locked ? std::string_view("\x05\x02", 2) : std::string_view("\x05\x00", 2));
    if (locked) {
      take(0, 2);
      const std::size_t user = b[1];
      take(2, user + 1);
      const std::string name(b.begin() + 2, b.begin() + 2 + static_cast<std::ptrdiff_t>(user));
      const std::size_t length = b[2 + user];
      take(0, length);
      const std::string password(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(length));
      const bool good = name + ":" + password == options.user_and_password;
      give(good ? std::string_view("\x01\x00", 2) : std::string_view("\x01\x01", 2));
      if (!good) return;
    }
    take(0, 4);
    std::string host;
    if (b[3] == 1) {
      take(0, 4);
      host = fmt::format("{}.{}.{}.{}", b[0], b[1], b[2], b[3]);
    } else {
      take(0, 1);
      const std::size_t length = b[0];
      take(0, length);
      host.assign(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(length));
    }
    take(0, 2);
    if (error) return;
    const std::string port = std::to_string(b[0] * 256 + b[1]);
    note(host + ":" + port);
    auto server = reach(own, host, port);
    give(server ? std::string_view("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10)
                : std::string_view("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", 10));
    if (server && !error) relay(own, client, *server, descriptor);
  }

  void serve(int descriptor) {
    asio::io_context own(1);
    tcp::socket socket(own, tcp::v4(), descriptor);
    error_code error;
    if (options.tls) {
      TlsStream stream(std::move(socket), tls);
      stream.handshake(TlsStream::server, error);
      if (!error) http(own, stream, descriptor);
      leave(descriptor);
      stream.lowest_layer().close(error);
      return;
    }
    options.socks5 ? socks(own, socket, descriptor) : http(own, socket, descriptor);
    leave(descriptor);
    socket.close(error);
  }
};

TestProxy::TestProxy(TestProxyOptions options) : core_(std::make_unique<Core>()) {
  core_->options = std::move(options);
  if (core_->options.tls) {
    core_->tls.use_certificate_chain(asio::buffer(core_->options.tls->certificate_pem));
    core_->tls.use_private_key(asio::buffer(core_->options.tls->key_pem), asio::ssl::context::pem);
  }
  core_->accepting = std::thread([core = core_.get()] {
    for (;;) {
      error_code error;
      tcp::socket socket = core->acceptor.accept(error);
      if (error || !core->enter(socket.native_handle())) return;
      core->threads.emplace_back([core, descriptor = socket.release()] { core->serve(descriptor); });
    }
  });
}

TestProxy::~TestProxy() {
  {
    const std::lock_guard lock(core_->mutex);
    core_->stopping = true;
    for (const int descriptor : core_->open) ::shutdown(descriptor, SHUT_RDWR);
    ::shutdown(core_->acceptor.native_handle(), SHUT_RDWR);
  }
  core_->accepting.join();
  for (std::thread& thread : core_->threads) thread.join();
}

std::uint16_t TestProxy::port() const { return core_->acceptor.local_endpoint().port(); }

std::vector<std::string> TestProxy::asked() const {
  const std::lock_guard lock(core_->mutex);
  return core_->asked;
}

}  // namespace surgeproof::k8s
