// One keep-alive connection to the API server: get a whole answer, or follow a streamed one.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <expected>
#include <memory>
#include <string>

#include "k8s/answer_reader.h"
#include "k8s/api_server.h"

namespace surgeproof::k8s {

/// One HTTP request. `target` ("/version?x=y") stands below the server's path.
struct ApiRequest {
  std::string target;
  std::string method = "GET";
  std::string accept = "application/json";
  std::string content_type = {};  ///< of the body
  std::string body = {};
};

/// Plain TCP or TLS below the HTTP.
class ByteStream;

class ApiConnection {
 public:
  template <class T>
  using Task = boost::asio::awaitable<std::expected<T, ApiFailure>>;

  explicit ApiConnection(ApiServer& server);
  ~ApiConnection();
  ApiConnection(ApiConnection&&) noexcept;
  ApiConnection& operator=(ApiConnection&&) noexcept;

  /// The body of the answer. Anything but a 2xx is a failure; more than kMaxBody bytes, too.
  Task<std::string> fetch(ApiRequest request);
  Task<std::string> get(std::string target);
  /// Sends the request and waits for the head of a 2xx answer, at most `silence` long.
  Task<std::monostate> open(ApiRequest request, std::chrono::milliseconds silence);
  /// The next piece of the body; empty at its end. Failure if nothing comes within `silence`.
  Task<std::string> more(std::chrono::milliseconds silence);
  /// The server's clock in its last answer, in whole seconds; empty before one, or when it does not tell.
  [[nodiscard]] std::optional<WallTime> server_clock() const { return clock_; }
  /// Drops the connection; the next request makes a new one. Not while one is under way.
  void close();
  /// Makes a request that is under way fail.
  void cancel();

  static constexpr std::size_t kMaxBody = 256u << 20;

 private:
  Task<std::monostate> authorize();
  Task<std::monostate> connect();
  Task<std::monostate> send(const ApiRequest& request, std::chrono::milliseconds silence);
  Task<std::monostate> send_once(const ApiRequest& request, std::chrono::milliseconds silence);
  Task<std::monostate> receive(std::chrono::milliseconds silence);
  Task<std::string> rest(std::size_t max_body);
  [[nodiscard]] std::string request_text(const ApiRequest& request);

  ApiServer* server_;
  std::unique_ptr<ByteStream> stream_;
  AnswerReader reader_;
  bool used_ = false;                 // the connection has carried an answer before
  std::uint64_t identity_ = 0;        // of the plugin's credential that the last request was sent with
  std::uint64_t tls_generation_ = 0;  // of the TLS context that the connection was made with
  std::optional<WallTime> clock_;
};

}  // namespace surgeproof::k8s
