#include "k8s/demo/load_balancer.h"
#include "k8s/demo/reset_connection.h"

#include <array>
#include <boost/asio.hpp>
#include <set>

namespace surgeproof::demo {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
namespace {

class Relay;

}  // namespace

class LoadBalancer::Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(asio::io_context& io) : acceptor(io), reservation(io) {}

  void accept();
  void open();

  tcp::acceptor acceptor;
  tcp::acceptor reservation;  // bound, never listening: keeps the port while the acceptor is closed
  tcp::endpoint address;
  std::vector<Backend> backends;
  std::size_t turn = 0;
  std::set<std::shared_ptr<Relay>> relays;
};

namespace {

/// One connection: client ⇄ backend. An end of one direction is passed on; a reset resets both.
class Relay : public std::enable_shared_from_this<Relay> {
 public:
  Relay(std::shared_ptr<LoadBalancer::Core> owner, tcp::socket client)
      : owner_(std::move(owner)), client_(std::move(client)), backend_(client_.get_executor()) {}

  void start(const Backend& backend) {
    error_code not_an_address;  // an EndpointSlice may hold anything
    const auto ip = asio::ip::make_address(backend.ip, not_an_address);
    if (not_an_address) return abort();
    backend_.async_connect(tcp::endpoint(ip, backend.port), [self = shared_from_this()](const error_code& ec) {
      if (ec) return self->abort();
      error_code ignored;
      self->client_.set_option(tcp::no_delay(true), ignored);
      self->backend_.set_option(tcp::no_delay(true), ignored);
      self->pump(self->client_, self->backend_, self->up_);
      self->pump(self->backend_, self->client_, self->down_);
    });
  }

  void abort() {
    if (closed_) return;
    closed_ = true;
    reset_connection(client_);
    reset_connection(backend_);
    owner_->relays.erase(shared_from_this());
  }

 private:
  using Buffer = std::array<char, 8192>;

  void pump(tcp::socket& from, tcp::socket& to, Buffer& buffer) {
    from.async_read_some(asio::buffer(buffer),
                         [self = shared_from_this(), &from, &to, &buffer](const error_code& ec, std::size_t n) {
                           if (self->closed_) return;
                           if (ec == asio::error::eof) return self->pass_end(to);
                           if (ec) return self->abort();
                           self->pass(from, to, buffer, n);
                         });
  }

  void pass(tcp::socket& from, tcp::socket& to, Buffer& buffer, std::size_t n) {
    asio::async_write(to, asio::buffer(buffer.data(), n),
                      [self = shared_from_this(), &from, &to, &buffer](const error_code& ec, std::size_t) {
                        if (self->closed_) return;
                        if (ec) return self->abort();
                        self->pump(from, to, buffer);
                      });
  }

  void pass_end(tcp::socket& to) {
    error_code ignored;
    to.shutdown(tcp::socket::shutdown_send, ignored);
    if (++ends_ < 2) return;
    closed_ = true;
    client_.close(ignored);
    backend_.close(ignored);
    owner_->relays.erase(shared_from_this());
  }

  std::shared_ptr<LoadBalancer::Core> owner_;
  tcp::socket client_;
  tcp::socket backend_;
  Buffer up_{};
  Buffer down_{};
  int ends_ = 0;
  bool closed_ = false;
};

error_code bind_to(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code ec;
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  return ec;
}

}  // namespace

void LoadBalancer::Core::open() {
  error_code ec = bind_to(acceptor, address);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  error_code ignored;
  if (ec) {
    acceptor.close(ignored);
  } else {
    accept();
  }
}

void LoadBalancer::Core::accept() {
  acceptor.async_accept([self = shared_from_this()](const error_code& ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted || !self->acceptor.is_open()) return;
    if (!ec && !self->backends.empty()) {
      const auto relay = std::make_shared<Relay>(self, std::move(socket));
      self->relays.insert(relay);
      relay->start(self->backends[self->turn++ % self->backends.size()]);
    }
    self->accept();
  });
}

LoadBalancer::LoadBalancer(asio::io_context& io) : core_(std::make_shared<Core>(io)) {}
LoadBalancer::~LoadBalancer() { stop(); }
bool LoadBalancer::listening() const { return core_->acceptor.is_open(); }

std::expected<std::uint16_t, std::string> LoadBalancer::reserve(const std::string& address, std::uint16_t port) {
  const tcp::endpoint wanted(asio::ip::make_address(address), port);
  // Once with listening, because a bound address that nobody listens on may be shared.
  error_code ec = bind_to(core_->acceptor, wanted);
  if (!ec) core_->acceptor.listen(1, ec);
  if (ec) return std::unexpected{ec.message()};
  core_->address = core_->acceptor.local_endpoint(ec);
  core_->acceptor.close(ec);
  ec = bind_to(core_->reservation, core_->address);
  if (ec) return std::unexpected{ec.message()};
  return core_->address.port();
}

void LoadBalancer::set_backends(std::vector<Backend> backends) {
  core_->backends = std::move(backends);
  if (core_->backends.empty()) {
    error_code ignored;
    core_->acceptor.close(ignored);
  } else if (!core_->acceptor.is_open()) {
    core_->open();
  }
}

void LoadBalancer::stop() {
  error_code ignored;
  core_->backends.clear();
  core_->acceptor.close(ignored);
  core_->reservation.close(ignored);
  const auto relays = core_->relays;
  for (const auto& relay : relays) relay->abort();
}

}  // namespace surgeproof::demo
