// Who we say we are: the headers that carry a bearer token, a user with password, and impersonation. A token file is
// read again every minute, as client-go does it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "k8s/kubeconfig.h"

namespace surgeproof::k8s {

class Credentials {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Credentials(const ClusterConfig& config);

  /// The header lines to send, each with its line end; empty without any. Reads the token file again when the last read
  /// is a minute old; if that fails the old token stays.
  Secret headers(Clock::time_point now);
  /// The server did not accept the token: reads the file at once. True if it holds another token now.
  bool refresh(Clock::time_point now);
  /// A plugin's token takes the place of the one before.
  void adopt(const Secret& token);
  /// There is neither token nor password: a plugin, if there is one, must give what is to be sent.
  [[nodiscard]] bool lacking() const { return own_token_.empty() && file_.empty() && basic_.empty(); }
  /// A sentence when something can never be sent (it has characters that a header must not have); else empty.
  [[nodiscard]] std::string problem() const;
  /// `text` with every credential in it replaced, for messages that came from elsewhere.
  [[nodiscard]] std::string redacted(std::string text) const;

 private:
  void read(Clock::time_point now);
  void set_token(Secret token);

  std::string file_;
  Secret own_token_;
  Secret token_;
  Secret basic_;
  std::string impersonation_;      // header lines
  std::vector<Secret> ever_used_;  // what must not be shown
  Clock::time_point read_at_{};
};

}  // namespace surgeproof::k8s
