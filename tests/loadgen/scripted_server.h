// A loopback server that does to each connection what a script says: one thread a connection, blocking sockets.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace surgeproof::loadgen {

/// The server's side of one connection. Closed when the script returns.
class ScriptedPeer {
 public:
  ScriptedPeer(int fd, std::uint64_t number, const std::atomic<bool>& stopping)
      : fd_(fd), number_(number), stopping_(stopping) {}

  /// Waits for a whole request; false when the client has gone or the server stops.
  bool read_request();
  /// False when the client has gone.
  bool write(std::string_view bytes);
  /// Instead of an orderly end: a reset.
  void reset();
  /// Sleeps, but not beyond the server's end.
  void pause(std::chrono::nanoseconds d) const;
  /// Until the client has gone or the server stops.
  void wait_for_end();

  [[nodiscard]] const std::string& request() const { return request_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }  ///< of the connection, from 1
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool stopping() const { return stopping_; }

 private:
  bool read_some();

  int fd_;
  std::uint64_t number_;
  const std::atomic<bool>& stopping_;
  std::string received_;
  std::string request_;
};

class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedPeer&)>;
  /// On 127.0.0.`host`; port 0: any free one.
  explicit ScriptedServer(Script script, std::uint8_t host = 1, std::uint16_t port = 0);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::uint64_t connections() const { return accepted_; }

 private:
  void accept_all();

  Script script_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> accepted_{0};
  std::vector<std::thread> peers_;  // the accepting thread's own until it has ended
  std::thread accepting_;
};

/// A socket bound to a port of loopback, which is not listened on: connections to it are refused.
class SilentPort {
 public:
  /// `backlog` ≥ 0: listened on, but never accepted from.
  explicit SilentPort(int backlog = -1);
  ~SilentPort();
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
};

/// "HTTP/1.1 <status> X", with a body and headers (each ending in \r\n).
std::string answer(int status, std::string_view body = "", std::string_view headers = "");
/// Answers every request on every connection so.
ScriptedServer::Script always(std::string bytes);

}  // namespace surgeproof::loadgen
