#include "k8s/tunnel.h"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace surgeproof::k8s {
namespace {

constexpr std::size_t kLongestHead = 16 * 1024;

unsigned char byte_at(const std::string& text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

std::string_view socks_words(unsigned char reply) {
  constexpr std::string_view kWords[] = {"succeeded",
                                         "general failure",
                                         "not allowed by its rules",
                                         "network unreachable",
                                         "host unreachable",
                                         "connection refused",
                                         "time to live expired",
                                         "command not supported",
                                         "address type not supported"};
  return reply < std::size(kWords) ? kWords[reply] : "unknown error";
}

}  // namespace

Tunnel::Tunnel(const Proxy& proxy, std::string host, std::uint16_t port, bool ipv6)
    : proxy_(proxy),
      host_(std::move(host)),
      port_(port),
      ipv6_(ipv6),
      state_(proxy.kind == Proxy::Kind::socks5 ? State::socks_method : State::connect) {}

std::unexpected<std::string> Tunnel::refuse(const std::string& what) const {
  return std::unexpected(fmt::format("the proxy {} {}", proxy_.text(), what));
}

std::string Tunnel::start() const {
  if (proxy_.kind == Proxy::Kind::socks5) {
    const bool password = !proxy_.user.empty();
    return password ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3);
  }
  const std::string where = fmt::format("{}{}{}:{}", ipv6_ ? "[" : "", host_, ipv6_ ? "]" : "", port_);
  std::string out =
      fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nUser-Agent: surgeproof/{1}\r\n", where, SURGEPROOF_VERSION);
  if (const Secret authorization = proxy_.authorization(); !authorization.empty()) {
    out += "Proxy-Authorization: " + authorization.reveal() + "\r\n";
  }
  return out + "\r\n";
}

std::expected<std::string, std::string> Tunnel::feed(std::string_view bytes) {
  got_ += bytes;
  return state_ == State::connect ? read_connect() : read_socks();
}

std::expected<std::string, std::string> Tunnel::read_connect() {
  const auto end = got_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (got_.size() > kLongestHead || (got_.size() >= 5 && !got_.starts_with("HTTP/"))) {
      return refuse("does not answer as an HTTP proxy");
    }
    return "";
  }
  const std::string line = got_.substr(0, got_.find("\r\n"));
  const auto space = line.find(' ');
  const std::string status = space == std::string::npos ? "" : line.substr(space + 1);
  if (!line.starts_with("HTTP/1.") || status.empty()) return refuse("does not answer as an HTTP proxy");
  if (status.starts_with("407")) return refuse("wants a user and password (407); put them into the proxy's URL");
  if (!status.starts_with('2'))
    return refuse(fmt::format("refused a connection to {}:{} ({})", host_, port_, status.substr(0, 100)));
  // The server speaks only after us: nothing can have come behind the head.
  if (got_.size() != end + 4) return refuse("sent more than its answer");
  state_ = State::done;
  return "";
}

std::string Tunnel::socks_request() const {
  std::string out("\x05\x01\x00", 3);
  in_addr v4{};
  in6_addr v6{};
  if (ipv6_ && ::inet_pton(AF_INET6, host_.c_str(), &v6) == 1) {
    out += '\x04';
    out.append(reinterpret_cast<const char*>(&v6), sizeof v6);
  } else if (::inet_pton(AF_INET, host_.c_str(), &v4) == 1) {
    out += '\x01';
    out.append(reinterpret_cast<const char*>(&v4), sizeof v4);
  } else {
    out += '\x03';
    out += static_cast<char>(host_.size());
    out += host_;
  }
  out += static_cast<char>(port_ >> 8);
  out += static_cast<char>(port_ & 0xff);
  return out;
}

std::expected<std::string, std::string> Tunnel::read_socks() {
  if (got_.size() < 2) return "";
  if (state_ == State::socks_password) {
    if (byte_at(got_, 1) != 0) return refuse("does not accept the user and password of its URL");
    got_.erase(0, 2);
    state_ = State::socks_reply;
    return socks_request();
  }
  if (byte_at(got_, 0) != 5) return refuse("does not answer as a SOCKS5 proxy");
  if (state_ == State::socks_method) {
    const unsigned char method = byte_at(got_, 1);
    got_.erase(0, 2);
    if (host_.size() > 255 || proxy_.user.size() > 255 || proxy_.password.reveal().size() > 255) {
      return refuse("cannot be asked: SOCKS5 allows names of 255 bytes at most");
    }
    if (method == 0) {
      state_ = State::socks_reply;
      return socks_request();
    }
    if (method != 2 || proxy_.user.empty()) return refuse("wants a user and password; put them into the proxy's URL");
    state_ = State::socks_password;
    std::string out("\x01", 1);
    out += static_cast<char>(proxy_.user.size());
    out += proxy_.user;
    out += static_cast<char>(proxy_.password.reveal().size());
    return out + proxy_.password.reveal();
  }
  if (byte_at(got_, 1) != 0) {
    return refuse(fmt::format("cannot connect to {}:{} ({})", host_, port_, socks_words(byte_at(got_, 1))));
  }
  if (got_.size() < 5) return "";
  const unsigned char type = byte_at(got_, 3);
  const std::size_t length = type == 1 ? 4 : type == 4 ? 16 : 1u + byte_at(got_, 4);
  if (got_.size() < 4 + length + 2) return "";
  if (got_.size() > 4 + length + 2) return refuse("sent more than its answer");
  state_ = State::done;
  return "";
}

}  // namespace surgeproof::k8s
