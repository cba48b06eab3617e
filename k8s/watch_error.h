// Why the watcher cannot do its work, told apart by what the user must do about it.
#pragma once

#include <cstdint>
#include <string>

namespace surgeproof::k8s {

struct WatchError {
  enum class Kind : std::uint8_t {
    configuration,      ///< a certificate, key or token file cannot be used (exit 2)
    unreachable,        ///< no answer: name, connection, TLS, or not an API server (exit 3)
    unauthorized,       ///< 401: the credentials are not accepted (exit 3)
    forbidden,          ///< 403 on the HPA itself, or on EndpointSlices that are needed (exit 3)
    hpa_not_found,      ///< the API is readable, the HPA does not exist (exit 2)
    service_not_found,  ///< the API is readable, no EndpointSlice belongs to the Service (exit 2)
    api_missing,        ///< the server serves no HorizontalPodAutoscalers, or EndpointSlices that are needed (exit 3)
    timed_out,          ///< reachable, but not everything was listed in time (exit 3)
  };
  Kind kind{};
  std::string message;  ///< one sentence without a full stop; never holds a credential
  std::string hint;     ///< what would do; may be empty
};

}  // namespace surgeproof::k8s
