// The server's side of one HTTP/2 connection in memory, told what to do request by request.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace surgeproof::loadgen {

class Http2Peer {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  struct Request {
    std::int32_t stream = 0;
    std::map<std::string, std::string> headers;
    std::string body;
    bool complete = false;
  };

  explicit Http2Peer(const std::vector<nghttp2_settings_entry>& settings = {});
  ~Http2Peer();
  Http2Peer(const Http2Peer&) = delete;
  Http2Peer& operator=(const Http2Peer&) = delete;

  void receive(std::string_view bytes);
  /// What is to be sent now.
  std::string take_output();

  void answer(std::int32_t stream, int status, const Headers& headers = {}, std::string body = {},
              const Headers& trailers = {});
  void interim(std::int32_t stream, int status);
  void reset(std::int32_t stream, std::uint32_t error_code);
  /// `last_stream` -1: the notice of a shutdown to come (2^31-1).
  void goaway(std::int32_t last_stream, std::uint32_t error_code = NGHTTP2_NO_ERROR, std::string_view debug = {});
  void ping();
  /// Opens the connection's window by `octets`.
  void grant(std::int32_t octets);
  void change_settings(const std::vector<nghttp2_settings_entry>& settings);

  std::vector<Request> requests;                 ///< in the order they began
  std::map<std::int32_t, std::uint32_t> resets;  ///< by the client: stream, code
  int pings_answered = 0;
  int settings_acknowledged = 0;
  std::uint32_t goaway_from_client = 0;  ///< its error code
  bool client_said_goaway = false;

  /// The complete request that nobody took yet; null when there is none.
  const Request* next_request();

 private:
  struct Callbacks;
  struct Body {
    std::string bytes;
    std::size_t at = 0;
    Headers trailers;
  };
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, Body> bodies_;
  std::size_t taken_ = 0;
};

}  // namespace surgeproof::loadgen
