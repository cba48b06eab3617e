// What carries a connection's bytes: a connected, non-blocking socket, bare (PlainTransport) or under TLS.
//
// The connection owns the descriptor and waits for it edge-triggered, for both directions at once. After each event it
// calls handshake() until that is done, then writes what is left and reads until would_block (or `drained`). A
// transport therefore never says which direction it waits for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace surgeproof::loadgen {

struct IoResult {
  enum class Kind : std::uint8_t {
    done,         ///< `bytes` (at least one) were read or written
    would_block,  ///< nothing to be had now; the descriptor will say when
    end,          ///< read only: the peer has closed its side in good order
    failed,       ///< the connection is of no more use: `error_number` (0: not a system error) and error()
  };
  Kind kind = Kind::would_block;
  bool drained = false;  ///< read, done: there is nothing more to be had before the next event
  std::size_t bytes = 0;
  int error_number = 0;
};

class Transport {
 public:
  enum class Handshake : std::uint8_t { done, pending, failed };

  virtual ~Transport() = default;
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// One step; to be repeated after each event until it is done.
  virtual Handshake handshake() = 0;
  virtual IoResult read(std::span<char> into) = 0;
  virtual IoResult write(std::string_view bytes) = 0;
  /// Before the descriptor is closed in good order: says goodbye as far as that does not block.
  virtual void shut_down() = 0;

  /// Of a failure: the errno, 0 when it was none, and the reason in words.
  [[nodiscard]] virtual int error_number() const = 0;
  [[nodiscard]] virtual std::string error() const = 0;
  /// The protocol that ALPN settled on ("h2", "http/1.1"); empty without one.
  [[nodiscard]] virtual std::string_view protocol() const { return {}; }
};

}  // namespace surgeproof::loadgen
