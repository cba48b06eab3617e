// The client's side of one HTTP/1 connection without the connection: bytes in, an answer out. No sockets, no clock.
//
//   expect_answer()        receive()                       receive(), end_of_stream()
//   idle ─────────▶ waiting ───────▶ reading (header, body) ─────────▶ complete ──▶ expect_answer() again
//                                        └──▶ malformed (for good)
//
// The common answer is read by response_scanner.h, everything else by Beast's parser.
//
// Bodies are checked for their framing and thrown away: an answer of any size takes at most kMaxHeld bytes here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace surgeproof::loadgen {

class Http1Session {
 public:
  enum class State {
    idle,       ///< no request is out
    waiting,    ///< for the first byte of the answer
    reading,    ///< within the answer
    complete,   ///< status(), server() and pod() stand until the next expect_answer()
    malformed,  ///< this is not HTTP; the connection is of no more use
  };
  /// The most that is held back between two receive() calls: an unfinished header or chunk line. More is malformed.
  static constexpr std::size_t kMaxHeld = 64 * 1024;

  enum class Parsing {
    scanned,  ///< the common answer by the scanner
    full,     ///< every answer by the full parser: what the scanner is measured against
  };
  /// `pod_header`: the response header that names who answered; empty for none.
  explicit Http1Session(std::string pod_header, Parsing parsing = Parsing::scanned);
  ~Http1Session();
  Http1Session(const Http1Session&) = delete;
  Http1Session& operator=(const Http1Session&) = delete;

  /// A request is about to be sent. Only when idle, or complete and reusable().
  void expect_answer(bool to_head_request);
  State receive(std::string_view bytes);
  /// The peer has closed its side: completes an answer whose body lasts until then; changes nothing else.
  State end_of_stream();

  [[nodiscard]] State state() const { return state_; }
  /// May the connection carry another request? False after "Connection: close", HTTP/1.0, an answer that ended with
  /// the stream, and bytes that nobody asked for.
  [[nodiscard]] bool reusable() const { return reusable_; }
  [[nodiscard]] int status() const { return status_; }                   ///< 0 before the whole header was read
  [[nodiscard]] std::uint64_t bytes_received() const { return bytes_; }  ///< of this answer, header included
  [[nodiscard]] std::string_view server() const { return server_; }
  [[nodiscard]] std::string_view pod() const { return pod_; }
  [[nodiscard]] std::string_view error() const { return error_; }  ///< why it is malformed

 private:
  class Parser;
  bool scan(std::string_view bytes);
  void take_body(std::string_view bytes);
  std::string_view consume(std::string_view bytes);
  void restart_parser();
  void fail(std::string why);

  State state_ = State::idle;
  bool reusable_ = true;
  bool to_head_ = false;
  int status_ = 0;
  std::uint64_t bytes_ = 0;
  Parsing parsing_;
  bool scanned_ = false;         // this answer is the scanner's
  bool keep_alive_ = true;       // as it says
  std::uint64_t body_left_ = 0;  // of it
  std::string pod_header_;
  std::string server_;
  std::string pod_;
  std::string error_;
  std::string held_;                // bytes that the parser wants to see again with more after them
  std::unique_ptr<Parser> parser_;  // made when it is first needed
};

}  // namespace surgeproof::loadgen
