#include "k8s/demo/pod_server.h"
#include "k8s/demo/reset_connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio.hpp>

namespace surgeproof::demo {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;
namespace {

constexpr auto kHealthCost = 100us;
constexpr auto kIdleCloseDelay = 200ms;  // of idle connections when the server drains

std::chrono::nanoseconds steady_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

}  // namespace

/// One connection: one request at a time.
class PodServer::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<PodServer> server, tcp::socket socket)
      : server_(std::move(server)), socket_(std::move(socket)), timer_(socket_.get_executor()) {}

  void read() {
    socket_.async_read_some(asio::buffer(input_), [self = shared_from_this()](const error_code& ec, std::size_t n) {
      if (ec) return self->close();
      self->buffer_.append(self->input_.data(), n);
      self->next();
    });
  }

  [[nodiscard]] bool idle() const { return !busy_ && buffer_.empty(); }

  void close() {
    if (closed_) return;
    closed_ = true;
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    server_->gone(shared_from_this());
  }

  /// As a killed process does it: the peer sees a reset.
  void abort() {
    if (closed_) return;
    closed_ = true;
    reset_connection(socket_);
    timer_.cancel();
  }

  /// The CPU has done its work.
  void answer() {
    if (closed_) return;
    const bool created = request_.method == "POST";
    const bool keep_alive = request_.keep_alive && !server_->draining_;
    const bool health = is_health();
    if (!health && server_->callbacks_.may_answer && !server_->callbacks_.may_answer()) return;
    if (created && request_.path == "/api/log") {
      server_->callbacks_.log(request_.body.substr(0, request_.body.find_first_of("\r\n")));
    }
    write(make_answer(created ? 201 : 200, server_->spec_.pod,
                      health ? R"({"status":"healthy"})" : fmt::format(R"({{"pod":"{}"}})", server_->spec_.pod),
                      keep_alive),
          keep_alive);
  }

 private:
  [[nodiscard]] bool is_health() const { return request_.path == "/api/health"; }

  void next() {
    auto request = take_request(buffer_);
    if (!request) {
      busy_ = true;
      return write(make_answer(request.error(), server_->spec_.pod, "{}", false), false);
    }
    if (!*request) return read();
    request_ = **std::move(request);
    busy_ = true;
    if (is_health()) return server_->compute(shared_from_this(), kHealthCost);
    timer_.expires_after(server_->spec_.wait_per_request);
    timer_.async_wait([self = shared_from_this()](const error_code& ec) {
      if (!ec && !self->closed_) self->server_->compute(self, self->server_->spec_.cpu_per_request);
    });
  }

  void write(std::string text, bool keep_alive) {
    output_ = std::move(text);
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this(), keep_alive](const error_code& ec, std::size_t) {
                        if (ec || !keep_alive || self->closed_) return self->close();
                        self->busy_ = false;
                        self->next();
                      });
  }

  std::shared_ptr<PodServer> server_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::array<char, 4096> input_{};
  std::string buffer_;
  std::string output_;
  HttpRequest request_;
  bool busy_ = false;
  bool closed_ = false;
};

PodServer::PodServer(asio::io_context& io, ContainerSpec spec, Callbacks callbacks)
    : io_(io),
      spec_(std::move(spec)),
      callbacks_(std::move(callbacks)),
      acceptor_(io),
      start_timer_(io),
      cpu_timer_(io),
      cpu_(spec_.cpu_limit) {}

PodServer::~PodServer() = default;

void PodServer::start() {
  if (spec_.start_delay <= 0ns) return listen();
  callbacks_.log("starting");
  start_timer_.expires_after(spec_.start_delay);
  start_timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec && !self->stopped_ && !self->draining_) self->listen();
  });
}

void PodServer::listen() {
  error_code ec;
  const tcp::endpoint endpoint(asio::ip::make_address(spec_.ip), spec_.port);
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    callbacks_.log(fmt::format("ERROR cannot listen on {}:{}: {}", spec_.ip, spec_.port, ec.message()));
    return exit({1, "Error"});
  }
  callbacks_.log(fmt::format("listening on {}:{}", spec_.ip, spec_.port));
  accept();
}

void PodServer::accept() {
  acceptor_.async_accept([self = shared_from_this()](const error_code& ec, tcp::socket socket) {
    if (!self->acceptor_.is_open()) return;
    if (!ec) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      const auto session = std::make_shared<Session>(self, std::move(socket));
      self->sessions_.insert(session);
      session->read();
    }
    self->accept();
  });
}

void PodServer::compute(const std::shared_ptr<Session>& session, std::chrono::nanoseconds demand) {
  computing_.emplace(cpu_.add(steady_now(), demand), session);
  arm();
}

void PodServer::arm() {
  const auto next = cpu_.next_completion();
  if (!next) return;
  cpu_timer_.expires_at(std::chrono::steady_clock::time_point(*next));
  cpu_timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec && !self->stopped_) self->collect();
  });
}

void PodServer::collect() {
  for (const auto job : cpu_.advance(steady_now())) {
    const auto found = computing_.find(job);
    const auto session = found->second;
    computing_.erase(found);
    session->answer();
    if (stopped_) return;
  }
  arm();
}

void PodServer::terminate() {
  if (stopped_ || draining_) return;
  callbacks_.log("SIGTERM");
  start_timer_.cancel();
  error_code ignored;
  acceptor_.close(ignored);
  if (!spec_.drains) {
    asio::post(io_, [self = shared_from_this()] { self->exit({143, "Error"}); });
    return;
  }
  draining_ = true;
  start_timer_.expires_after(kIdleCloseDelay);
  start_timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec && !self->stopped_) self->close_idle();
  });
}

void PodServer::close_idle() {
  const auto all = sessions_;
  for (const auto& session : all) {
    if (session->idle()) session->close();
  }
  exit_when_drained();
}

void PodServer::gone(const std::shared_ptr<Session>& session) {
  sessions_.erase(session);
  // Its CPU work goes on to its end, as a handler's does that does not watch its socket.
  if (draining_) exit_when_drained();
}

void PodServer::exit_when_drained() {
  if (sessions_.empty() && !stopped_) exit({0, "Completed"});
}

void PodServer::exit(ContainerExit how) {
  callbacks_.log(how.code == 0 ? "drained, bye" : fmt::format("exit {}", how.code));
  const auto exited = callbacks_.exited;
  kill();
  if (exited) asio::post(io_, [exited, how] { exited(how); });
}

void PodServer::kill() {
  if (stopped_) return;
  stopped_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  start_timer_.cancel();
  cpu_timer_.cancel();
  for (const auto& session : sessions_) session->abort();
  sessions_.clear();
  computing_.clear();
  // What a handler still running here may call on its way out.
  callbacks_ = {.may_answer = {}, .exited = {}, .log = [](const std::string&) {}};
}

}  // namespace surgeproof::demo
