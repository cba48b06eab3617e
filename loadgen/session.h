// One connection's protocol above its transport, without the connection: requests in, bytes out; bytes in, answers
// out. No sockets, no clock. HTTP/1 carries one request at a time, HTTP/2 many.
//
//   submit(stream) ─▶ output() / wrote()              receive(bytes) ─▶ answer_began(stream), answer_ended(stream)
//                                                                       or stream_failed(stream)
//
// `stream` is the connection's own number for a request on its way (0, 1, 2, …, below the session's most), reused after
// its end. It is not the number on the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/records.h"
#include "loadgen/plan.h"

namespace surgeproof::loadgen {

/// An answer, whole or as far as it has come. The texts stand until the session is called again.
struct Answer {
  int status = 0;           ///< 0 before the whole header was read
  std::uint64_t bytes = 0;  ///< received, header included
  std::string_view pod;     ///< of the header that names who answered
  std::string_view server;  ///< `Server` header
};

/// There will be no (whole) answer, although the connection lives on.
struct StreamFailure {
  Outcome outcome{};
  std::string_view error;  ///< in words
};

/// Hears of the streams, from within receive() and end_of_stream(). Must not call the session back.
class SessionEvents {
 public:
  virtual void answer_began(std::uint32_t stream) = 0;  ///< its first byte is here
  virtual void answer_ended(std::uint32_t stream, const Answer& answer) = 0;
  virtual void stream_failed(std::uint32_t stream, const StreamFailure& failure) = 0;

 protected:
  ~SessionEvents() = default;
};

class Session {
 public:
  virtual ~Session() = default;
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// So many requests more may be submitted now. May change with every call.
  [[nodiscard]] virtual std::uint32_t room() const = 0;
  /// False: the peer has not said yet how many requests it takes at once; room() will grow.
  [[nodiscard]] virtual bool room_known() const { return true; }
  /// No request may be submitted any more, ever: close the connection once nothing is in flight.
  [[nodiscard]] virtual bool closing() const = 0;
  /// Only with room.
  virtual void submit(std::uint32_t stream, const Ticket& ticket) = 0;
  /// The request is given up (its time is over). False: that takes the whole connection with it.
  virtual bool abandon(std::uint32_t stream) = 0;

  /// What is to be sent; empty when there is nothing. Stands until the session is called again.
  [[nodiscard]] virtual std::string_view output() = 0;
  /// So many bytes of output() are with the transport.
  virtual void wrote(std::size_t bytes) = 0;

  /// False: what came is not the protocol; error() says why, and the connection is of no more use.
  virtual bool receive(std::string_view bytes, SessionEvents& events) = 0;
  /// The peer has closed its side in good order: ends what was to last until then.
  virtual void end_of_stream(SessionEvents& events) = 0;
  [[nodiscard]] virtual std::string_view error() const = 0;
  /// What the peer has said of the connection's end before it came; empty when nothing.
  [[nodiscard]] virtual std::string farewell() const { return {}; }
  /// The answer on a stream in flight, as far as it has come.
  [[nodiscard]] virtual Answer partial(std::uint32_t stream) const = 0;
  /// Bytes of the stream's request that wrote() has seen.
  [[nodiscard]] virtual std::uint64_t bytes_sent(std::uint32_t stream) const = 0;
};

}  // namespace surgeproof::loadgen
