// An HTTP or HTTPS server on loopback whose answers a test decides. A thread a connection.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace surgeproof::k8s {

/// A chunked answer that the test feeds while it is open.
class Stream {
 public:
  void push(std::string chunk);
  void finish();  ///< ends it in good order
  void cut();     ///< drops the connection within it

  enum class Step : std::uint8_t {
    chunk,   ///< `text` is to be sent
    finish,  ///< the last chunk
    cut,     ///< close without it
  };
  Step next(std::string& text);  ///< waits

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<Step, std::string>> steps_;
};

struct ScriptedRequest {
  std::string method;
  std::string body;
  std::string path;                            ///< without the query
  std::string query;                           ///< encoded, without the '?'
  std::map<std::string, std::string> headers;  ///< lower-case names
  std::string client;                          ///< common name of the client certificate
};

struct ScriptedReply {
  int status = 200;
  std::string body;
  std::map<std::string, std::string> headers;
  std::shared_ptr<Stream> stream;  ///< instead of the body
  bool cut = false;                ///< drop the connection without a word
};

struct ServerTls {
  std::string certificate_pem;
  std::string key_pem;
  std::string client_ca_pem;  ///< not empty: a client certificate is required
};

class ScriptedServer {
 public:
  using Handler = std::function<ScriptedReply(const ScriptedRequest&)>;  ///< called from several threads

  explicit ScriptedServer(Handler handler, std::optional<ServerTls> tls = std::nullopt);
  ~ScriptedServer();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace surgeproof::k8s
