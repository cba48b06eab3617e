// The bearer token, read again from its file every minute as client-go does.
#pragma once

#include <chrono>
#include <string>

#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

class Credentials {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Credentials(const ClusterConfig& config);

  /// The token to send, or empty. Reads the file again when the last read is a minute old; if that fails the old token
  /// stays.
  const Secret& token(Clock::time_point now);
  /// The server did not accept the token: reads the file at once. True if it holds another token now.
  bool refresh(Clock::time_point now);
  /// A sentence when the token can never be sent (it has characters that a header must not have); else empty.
  [[nodiscard]] std::string problem() const;
  /// `text` with every occurrence of the token replaced, for messages that came from elsewhere.
  [[nodiscard]] std::string redacted(std::string text) const;

 private:
  void read(Clock::time_point now);

  std::string file_;
  Secret token_;
  Clock::time_point read_at_{};
};

}  // namespace surgeproof::k8s
