#include "tests/k8s/demo/loopback_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace surgeproof::demo {
namespace {

sockaddr_in address_of(const std::string& ip, std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  inet_pton(AF_INET, ip.c_str(), &a.sin_addr);
  return a;
}

std::string field(const std::string& head, const std::string& name) {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

}  // namespace

LoopbackClient::~LoopbackClient() { close(); }

void LoopbackClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

int LoopbackClient::connect(const std::string& ip, std::uint16_t port) {
  close();
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{5, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const int one = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const sockaddr_in a = address_of(ip, port);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0) return 0;
  const int error = errno;
  close();
  return error;
}

int LoopbackClient::send(const std::string& method, const std::string& path, const std::string& body) {
  const std::string text = method + " " + path +
                           " HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) < 0 ? errno : 0;
}

LoopbackClient::Answer LoopbackClient::receive() {
  Answer answer;
  std::string text;
  char buffer[4096];
  while (true) {
    const auto head = text.find("\r\n\r\n");
    if (head != std::string::npos) {
      const auto length = static_cast<std::size_t>(std::atoi(field(text, "Content-Length").c_str()));
      if (text.size() >= head + 4 + length) break;
    }
    const auto n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n < 0) answer.error = errno;
    if (n <= 0) return answer;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  answer.status = std::atoi(text.c_str() + sizeof "HTTP/1.1");
  answer.pod = field(text, "X-Pod");
  answer.keeps = field(text, "Connection") != "close";
  return answer;
}

LoopbackClient::Answer LoopbackClient::ask(const std::string& method, const std::string& path,
                                           const std::string& body) {
  Answer answer;
  answer.error = send(method, path, body);
  return answer.error == 0 ? receive() : answer;
}

std::uint16_t free_port(const std::string& ip) {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in a = address_of(ip, 0);
  ::bind(s, reinterpret_cast<const sockaddr*>(&a), sizeof a);
  socklen_t size = sizeof a;
  ::getsockname(s, reinterpret_cast<sockaddr*>(&a), &size);
  ::close(s);
  return ntohs(a.sin_port);
}

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1));
}

}  // namespace surgeproof::demo
