// Reads one HTTP/1.1 answer, of any length, as it comes. Sans-I/O: bytes in; head and body pieces out.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_time.h"

namespace surgeproof::k8s {

class AnswerReader {
 public:
  AnswerReader();
  ~AnswerReader();
  AnswerReader(AnswerReader&&) noexcept;
  AnswerReader& operator=(AnswerReader&&) noexcept;

  /// Takes what the connection gave. The error, a sentence, is final: this is not HTTP, or cut short.
  std::expected<void, std::string> feed(std::string_view bytes);
  /// The peer closed. An error if that leaves the answer incomplete.
  std::expected<void, std::string> end();

  [[nodiscard]] bool head_complete() const;
  [[nodiscard]] bool complete() const;
  /// From here on only once head_complete().
  [[nodiscard]] int status() const;
  /// The Retry-After header in seconds, when it is a plain number (at most an hour).
  [[nodiscard]] std::optional<std::chrono::seconds> retry_after() const;
  /// The Date header: the server's clock, in whole seconds.
  [[nodiscard]] std::optional<WallTime> date() const;
  /// Whether the connection may carry another request after complete().
  [[nodiscard]] bool reusable() const;
  /// The body bytes that came since the last call.
  std::string take_body();
  /// Length of the body bytes waiting to be taken.
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace surgeproof::k8s
