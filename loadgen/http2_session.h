// The client's side of one HTTP/2 connection (RFC 9113, by nghttp2): many requests at a time, as streams.
//
// What becomes of a request that is not answered:
//   RST_STREAM                     reset, or truncated within the answer; the words give the server's error code
//   RST_STREAM REFUSED_STREAM      reset; the words say that the server has not looked at it (RFC 9113, 8.7)
//   GOAWAY with an earlier stream  closed (NO_ERROR) or reset; likewise never looked at; streams up to the last one
//     as its last                  that GOAWAY names go on, new ones are not begun: closing()
//   an answer that breaks a rule   malformed; the connection lives on
//   a frame that breaks a rule     receive() says false: the connection, and all on it, is lost
//
// Bodies of answers are counted and thrown away; the flow-control windows are so large that no server waits for us.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/http2_pattern.h"
#include "loadgen/session.h"

namespace surgeproof::loadgen {

class Http2Session final : public Session {
 public:
  struct Settings {
    std::string pod_header;           ///< response header that names who answered; empty for none
    std::uint32_t max_streams = 100;  ///< at once, if the server allows that many
  };
  /// The server's GOAWAY.
  struct Goaway {
    std::int32_t last_stream = 0;  ///< on the wire
    std::uint32_t error_code = 0;
    std::string debug;  ///< what the server added, printable and cut
  };

  /// `patterns`: one a request template; they must outlive the session.
  Http2Session(Settings settings, std::span<const Http2Pattern> patterns);
  ~Http2Session() override;

  /// Until the server has told its own limit it is one, so that no request is refused because of our haste.
  [[nodiscard]] std::uint32_t room() const override;
  [[nodiscard]] bool room_known() const override { return settings_received_ || broken_; }
  [[nodiscard]] bool closing() const override;
  void submit(std::uint32_t stream, const Ticket& ticket) override;
  /// As submit(), of given fields: pseudo-header fields first, names in lower case.
  void submit(std::uint32_t stream, std::span<const Http2Field> fields, std::string_view body);
  bool abandon(std::uint32_t stream) override;  ///< by RST_STREAM CANCEL
  [[nodiscard]] std::string_view output() override { return std::string_view{out_}.substr(out_written_); }
  void wrote(std::size_t bytes) override;
  bool receive(std::string_view bytes, SessionEvents& events) override;
  void end_of_stream(SessionEvents& /*events*/) override {}  // no answer lasts until then
  [[nodiscard]] std::string_view error() const override { return error_; }
  [[nodiscard]] std::string farewell() const override;  ///< GOAWAY
  [[nodiscard]] Answer partial(std::uint32_t stream) const override;
  [[nodiscard]] std::uint64_t bytes_sent(std::uint32_t stream) const override;

  [[nodiscard]] std::uint32_t streams_in_flight() const { return in_flight_; }
  [[nodiscard]] const std::optional<Goaway>& goaway() const { return goaway_; }

 private:
  struct Callbacks;
  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };
  struct Stream {
    std::int32_t id = 0;  // on the wire; 0: this stream is free
    int status = 0;
    bool begun = false;     // an answer's first frame came
    bool complete = false;  // and its last
    bool abandoned = false;
    std::optional<std::uint32_t> reset;  // error code of the server's RST_STREAM
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_framed = 0;  // of the request
    std::uint64_t out_begin = 0;     // positions in the output ever made: before the request,
    std::uint64_t out_end = 0;       // and after it; 0: not all of it is framed
    std::string body;
    std::size_t body_framed = 0;
    std::string server;
    std::string pod;
    std::string complaint;  // what was wrong with the answer
  };
  struct LateEnd {  // one that came about outside of receive()
    std::uint32_t stream = 0;
    std::optional<Outcome> failure;
    std::string error;
  };
  void end(std::uint32_t stream, std::optional<Outcome> failure, std::string error);
  void stream_closed(std::uint32_t stream);
  bool produce_frame();
  void produce();
  void break_connection(std::string_view why);

  Settings settings_;
  std::span<const Http2Pattern> patterns_;
  std::unique_ptr<nghttp2_session, Delete> session_;
  std::vector<Stream> streams_;  // by the connection's number
  std::uint32_t in_flight_ = 0;
  SessionEvents* events_ = nullptr;  // within receive()
  std::vector<LateEnd> late_ends_;
  std::string request_text_;  // these three: scratch of submit()
  std::vector<Http2Field> request_fields_;
  std::vector<nghttp2_nv> nv_;
  std::string out_;
  std::size_t out_written_ = 0;
  std::uint64_t produced_ = 0;  // bytes of output ever
  std::uint64_t written_ = 0;
  bool settings_received_ = false;
  bool broken_ = false;
  std::optional<Goaway> goaway_;
  std::uint32_t our_error_code_ = 0;          // of the GOAWAY that we sent
  std::optional<std::uint32_t> framed_last_;  // stream whose request ends with the frame just made
  std::string complaint_;                     // nghttp2's last words on what it did not like
  std::string error_;
};

/// "REFUSED_STREAM", or "error 0x20" for a code without a name.
std::string http2_error_name(std::uint32_t code);

}  // namespace surgeproof::loadgen
