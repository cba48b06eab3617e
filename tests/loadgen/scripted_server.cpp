#include "tests/loadgen/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

std::pair<int, std::uint16_t> bind_loopback(std::uint32_t host = 1, std::uint16_t port = 0) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host);
  address.sin_port = htons(port);
  socklen_t length = sizeof address;
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error("no loopback port to be had");
  }
  return {fd, ntohs(address.sin_port)};
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  if (at == std::string_view::npos) return 0;
  std::size_t length = 0;
  std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  return length;
}

bool readable(int fd, std::chrono::milliseconds limit) {
  pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&p, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

bool ScriptedPeer::read_some() {
  while (!stopping_) {
    if (!readable(fd_, 20ms)) continue;
    std::array<char, 8192> buffer{};
    const ssize_t n = recv(fd_, buffer.data(), buffer.size(), 0);
    if (n <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
  }
  return false;
}

bool ScriptedPeer::read_request() {
  while (true) {
    const std::size_t head = received_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t whole = head + 4 + content_length(std::string_view{received_}.substr(0, head + 2));
      if (received_.size() >= whole) {
        request_ = received_.substr(0, whole);
        received_.erase(0, whole);
        return true;
      }
    }
    if (!read_some()) return false;
  }
}

bool ScriptedPeer::write(std::string_view bytes) {
  while (!bytes.empty() && !stopping_) {
    pollfd p{.fd = fd_, .events = POLLOUT, .revents = 0};
    if (poll(&p, 1, 20) <= 0) continue;
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return bytes.empty();
}

void ScriptedPeer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void ScriptedPeer::pause(std::chrono::nanoseconds d) const {
  const auto end = std::chrono::steady_clock::now() + d;
  while (!stopping_ && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(10ms, end - std::chrono::steady_clock::now()));
  }
}

void ScriptedPeer::wait_for_end() {
  while (read_some()) {
  }
}

ScriptedServer::ScriptedServer(Script script, std::uint8_t host, std::uint16_t port) : script_(std::move(script)) {
  std::tie(fd_, port_) = bind_loopback(host, port);
  listen(fd_, 1024);
  accepting_ = std::thread{[this] { accept_all(); }};
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  accepting_.join();
  close(fd_);
  for (std::thread& peer : peers_) peer.join();
}

void ScriptedServer::accept_all() {
  while (!stopping_) {
    if (!readable(fd_, 20ms)) continue;
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    peers_.emplace_back([this, fd, number = ++accepted_] {
      ScriptedPeer peer{fd, number, stopping_};
      script_(peer);
      close(fd);
    });
  }
}

SilentPort::SilentPort(int backlog) {
  std::tie(fd_, port_) = bind_loopback();
  if (backlog >= 0) listen(fd_, backlog);
}

SilentPort::~SilentPort() { close(fd_); }

std::string answer(int status, std::string_view body, std::string_view headers) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
  out += headers;
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  out += body;
  return out;
}

ScriptedServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](ScriptedPeer& peer) {
    while (peer.read_request() && peer.write(bytes)) {
    }
  };
}

}  // namespace surgeproof::loadgen
