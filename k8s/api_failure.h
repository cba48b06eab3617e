// How a request to the API server failed, and what that means to a user. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/records.h"
#include "k8s/watch_error.h"

namespace surgeproof::k8s {

struct ApiFailure {
  enum class Kind : std::uint8_t {
    configuration,  ///< own certificates, key or token cannot be used
    credentials,    ///< the credential plugin gives none
    resolve,        ///< the host's name is not known
    connect,        ///< no connection: refused, unreachable, timed out
    tls,            ///< no TLS, or a certificate that one side does not accept
    status,         ///< an HTTP answer that is not 200
    malformed,      ///< not HTTP, not JSON, not what was asked for
    cut,            ///< the connection broke
    silent,         ///< nothing came within the time limit
  };
  Kind kind{};
  int status = 0;                                   ///< HTTP
  std::string message;                              ///< one sentence without a full stop; never a credential
  std::optional<std::chrono::seconds> retry_after;  ///< the server's wish
  std::string hint = {};                            ///< what would do, where the kind alone does not say it
};

/// The server's words in an error body (a Status object, or plain text): one line, at most 300 bytes.
std::string status_message(int status, std::string_view body);

/// "pods is forbidden: …" as the WatchState that it means.
WatchState::Kind state_of(const ApiFailure& failure);

/// For a request that the watcher cannot do without; `server` as shown to the user, `origin` as in ClusterConfig (only
/// hints name it: the caller knows it and shows it with any error).
WatchError watch_error(const ApiFailure& failure, std::string_view server, std::string_view origin);

/// Whether trying the same again soon may help.
bool may_pass(const ApiFailure& failure);

}  // namespace surgeproof::k8s
