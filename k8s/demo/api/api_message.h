// Requests and answers of the API server, apart from any socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace surgeproof::demo {

struct ApiRequest {
  std::string method;  ///< "GET"
  std::string target;  ///< path and query, percent-encoded
  std::string accept;
  std::string content_type;
  std::string body;
};

struct ApiResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// An answer without a known end: a watch, or a log that is followed. Pulled: whoever sends it asks for the next text
/// when the last one is written, so nothing piles up for a slow reader.
class ApiStream {
 public:
  virtual ~ApiStream() = default;
  /// What there is to send now, bounded; empty: nothing yet.
  virtual std::string take() = 0;
  /// Sent when nothing else was for a while; empty: nothing.
  virtual std::string bookmark() { return {}; }
  /// No more will come; what take() returned last is still to be sent.
  [[nodiscard]] virtual bool finished() const = 0;

  std::string content_type = "application/json";
  std::optional<std::chrono::seconds> timeout = std::nullopt;  ///< the client's wish: end in good order after this
  bool polled = false;  ///< what it shows changes without the store's subscribers being called
};

using ApiAnswer = std::variant<ApiResponse, std::unique_ptr<ApiStream>>;

}  // namespace surgeproof::demo
