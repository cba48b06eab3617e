// What an end means: from the phase it came in, the errno and the answer to one Outcome. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/records.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

/// Where a request stands.
enum class Phase : std::uint8_t {
  backlog,  ///< no connection was free
  resolve,  ///< the target's name is being looked up
  connect,  ///< TCP
  tls,      ///< handshake
  send,     ///< not everything is handed to the socket yet
  wait,     ///< for the first byte of the answer
  receive,  ///< within the answer
};
std::string_view name_of(Phase phase);

/// Errors of this machine, not of the service: no file descriptor, port or memory left, not permitted here.
bool is_local_error(int error_number);

/// Establishing the connection failed with this errno (0: not a system error, as in a TLS handshake).
Outcome outcome_of_connect_failure(Phase phase, int error_number);

/// The connection broke while a request was on it. `end_of_stream`: closed in good order.
Outcome outcome_of_lost_connection(bool end_of_stream, int error_number, std::uint64_t bytes_received);

/// The time limit passed.
Outcome outcome_of_timeout(Phase phase);

/// A complete answer came, `latency` after the planned instant. A status that the expectation lists is as expected,
/// whatever it is.
Outcome outcome_of_answer(int status, std::chrono::nanoseconds latency, const Expectation& expect);

}  // namespace surgeproof::loadgen
