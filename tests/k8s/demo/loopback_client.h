// A plain blocking HTTP client for tests: one connection, one request at a time, everything under a time limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace surgeproof::demo {

class LoopbackClient {
 public:
  LoopbackClient() = default;
  LoopbackClient(const LoopbackClient&) = delete;
  LoopbackClient& operator=(const LoopbackClient&) = delete;
  ~LoopbackClient();

  /// 0, or errno.
  int connect(const std::string& ip, std::uint16_t port);
  void close();

  struct Answer {
    int status = 0;
    std::string pod;    ///< X-Pod
    bool keeps = true;  ///< no "Connection: close"
    int error = 0;      ///< errno; 0 with status 0: closed in good order
  };
  /// One request on the open connection, and its answer.
  Answer ask(const std::string& method = "GET", const std::string& path = "/", const std::string& body = "");
  /// Only the first half of ask(): returns errno.
  int send(const std::string& method, const std::string& path, const std::string& body = "");
  Answer receive();

 private:
  int socket_ = -1;
};

/// A port on `ip` that nobody listens on at the moment.
std::uint16_t free_port(const std::string& ip);

/// The port of "http://127.0.0.1:4000".
std::uint16_t port_of(const std::string& url);

}  // namespace surgeproof::demo
