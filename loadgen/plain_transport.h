// A bare TCP connection.
#pragma once

#include "loadgen/transport.h"

namespace surgeproof::loadgen {

class PlainTransport final : public Transport {
 public:
  /// `fd`: connected and non-blocking; not owned.
  explicit PlainTransport(int fd) : fd_(fd) {}

  Handshake handshake() override { return Handshake::done; }
  IoResult read(std::span<char> into) override;
  IoResult write(std::string_view bytes) override;
  void shut_down() override {}
  [[nodiscard]] int error_number() const override { return error_number_; }
  [[nodiscard]] std::string error() const override;

 private:
  IoResult stopped();  // by errno

  int fd_;
  int error_number_ = 0;
};

}  // namespace surgeproof::loadgen
