// Serves a run to browsers and scrapers while it goes on: whole documents, and server-sent events that say when to
// fetch them again. Or, given a function that finds documents, past runs. It has a thread of its own; nobody who looks
// can slow the load down.
//
//   main thread ── publish(path, text) ──▶ documents ──▶ GET
//               ── announce(event) ──────▶ /events    ──▶ each listener: the latest of each event, never a queue
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace surgeproof {

/// "[ADDRESS]:PORT" or "PORT"; an IPv6 address in brackets. No address: loopback. Port 0: any free one.
struct ListenAddress {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
};
/// The error is one sentence.
std::expected<ListenAddress, std::string> parse_listen_address(const std::string& text);

class LiveServer {
 public:
  struct Document {
    std::string content_type;
    std::string body;
    std::string policy;  ///< Content-Security-Policy; empty: the document's own
  };
  /// Finds what a path leads to when nothing was published there; called on the server's thread, one call at a time.
  using Find = std::function<std::optional<Document>(const std::string& path)>;

  /// Opens the port and starts the thread. The error says why that cannot be ("Address already in use").
  static std::expected<LiveServer, std::string> start(const ListenAddress& at, Find find = {});
  LiveServer(LiveServer&&) noexcept;
  LiveServer& operator=(LiveServer&&) noexcept;
  ~LiveServer();  ///< Closes all connections and ends the thread.

  /// "http://127.0.0.1:40123/"
  [[nodiscard]] const std::string& url() const;
  /// Sets what GET `path` ("/", "/metrics") answers from now on.
  void publish(const std::string& path, std::string content_type, std::string body);
  /// Sends an event to everybody who listens now, and to those who come later when it is `for_good`.
  void announce(const std::string& event, const std::string& data, bool for_good = false);
  /// Who listens for events now: nobody looks when this is 0.
  [[nodiscard]] std::size_t listeners() const;
  /// Waits until all that was announced has been sent and no answer is under way, at most `limit`.
  void settle(std::chrono::milliseconds limit);

  class Core;

 private:
  explicit LiveServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace surgeproof
