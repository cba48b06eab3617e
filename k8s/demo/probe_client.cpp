#include "k8s/demo/probe_client.h"

#include <fmt/format.h>

#include <boost/asio.hpp>
#include <charconv>
#include <memory>

namespace surgeproof::demo {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
namespace {

class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(asio::io_context& io, const std::string& ip, const HttpProbe& probe, std::function<void(ProbeAnswer)> done)
      : socket_(io), timer_(io), address_(fmt::format("{}:{}", ip, probe.port)), done_(std::move(done)) {
    url_ = fmt::format("http://{}{}", address_, probe.path);
    request_ = fmt::format(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: kube-probe/1.34\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        probe.path, address_);
  }

  void start(const tcp::endpoint& endpoint, std::chrono::nanoseconds timeout) {
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this()](const error_code& ec) {
      if (!ec) self->fail("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    });
    socket_.async_connect(endpoint, [self = shared_from_this()](const error_code& ec) {
      if (ec) return self->fail(fmt::format("dial tcp {}: connect: {}", self->address_, words(ec)));
      self->send();
    });
  }

 private:
  static std::string words(const error_code& ec) {
    if (ec == asio::error::connection_refused) return "connection refused";
    return ec.message();
  }

  void send() {
    asio::async_write(socket_, asio::buffer(request_), [self = shared_from_this()](const error_code& ec, std::size_t) {
      if (ec) return self->fail(self->read_failure(ec));
      self->receive();
    });
  }

  void receive() {
    asio::async_read_until(socket_, asio::dynamic_buffer(answer_, 64 * 1024), "\r\n",
                           [self = shared_from_this()](const error_code& ec, std::size_t) {
                             if (ec) return self->fail(self->read_failure(ec));
                             self->judge();
                           });
  }

  std::string read_failure(const error_code& ec) const {
    if (ec == asio::error::eof) return "EOF";
    return fmt::format("read tcp {}: {}", address_,
                       ec == asio::error::connection_reset ? "connection reset by peer" : ec.message());
  }

  void judge() {
    int status = 0;
    const auto space = answer_.find(' ');
    if (space != std::string::npos) {
      std::from_chars(answer_.data() + space + 1, answer_.data() + answer_.size(), status);
    }
    if (status >= 200 && status < 400) return finish({.success = true, .message = {}});
    finish({.success = false, .message = fmt::format("HTTP probe failed with statuscode: {}", status)});
  }

  void fail(const std::string& why) { finish({.success = false, .message = fmt::format("Get \"{}\": {}", url_, why)}); }

  void finish(const ProbeAnswer& answer) {
    if (!done_) return;
    const auto done = std::exchange(done_, nullptr);
    timer_.cancel();
    error_code ignored;
    socket_.close(ignored);
    done(answer);
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  std::string address_;
  std::string url_;
  std::string request_;
  std::string answer_;
  std::function<void(ProbeAnswer)> done_;
};

}  // namespace

void probe_http(asio::io_context& io, const std::string& ip, const HttpProbe& probe,
                std::function<void(ProbeAnswer)> done) {
  const auto attempt = std::make_shared<Attempt>(io, ip, probe, std::move(done));
  attempt->start(tcp::endpoint(asio::ip::make_address(ip), probe.port), probe.timeout);
}

}  // namespace surgeproof::demo
