#include "loadgen/outcome.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace surgeproof::loadgen {

std::string_view name_of(Phase phase) {
  static constexpr std::array<std::string_view, 7> kNames{"backlog", "resolve", "connect", "tls",
                                                          "send",    "wait",    "receive"};
  return kNames.at(static_cast<std::size_t>(phase));
}

bool is_local_error(int error_number) {
  switch (error_number) {
    case EMFILE:
    case ENFILE:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case ENOBUFS:
    case ENOMEM:
    case EACCES:
    case EPERM:
    case EAFNOSUPPORT:
      return true;
    default:
      return false;
  }
}

Outcome outcome_of_connect_failure(Phase phase, int error_number) {
  if (phase == Phase::resolve || is_local_error(error_number)) return Outcome::generator_error;
  if (phase == Phase::tls) return Outcome::tls_failed;
  if (error_number == ECONNREFUSED) return Outcome::connect_refused;
  if (error_number == ETIMEDOUT) return Outcome::connect_timeout;
  return Outcome::connect_failed;
}

Outcome outcome_of_lost_connection(bool end_of_stream, int error_number, std::uint64_t bytes_received) {
  if (is_local_error(error_number)) return Outcome::generator_error;
  if (error_number == ETIMEDOUT) return Outcome::timeout;
  if (bytes_received > 0) return Outcome::truncated;
  return end_of_stream ? Outcome::closed : Outcome::reset;
}

Outcome outcome_of_timeout(Phase phase) {
  switch (phase) {
    case Phase::backlog:
      return Outcome::unsent;
    case Phase::resolve:
      return Outcome::generator_error;
    case Phase::connect:
    case Phase::tls:
      return Outcome::connect_timeout;
    case Phase::send:
    case Phase::wait:
    case Phase::receive:
      return Outcome::timeout;
  }
  return Outcome::timeout;
}

Outcome outcome_of_answer(int status, std::chrono::nanoseconds latency, const Expectation& expect) {
  const bool expected = expect.statuses.empty() ? status >= 200 && status < 400
                                                : std::ranges::find(expect.statuses, status) != expect.statuses.end();
  if (expected) return expect.within && latency > *expect.within ? Outcome::too_slow : Outcome::ok;
  if (status >= 502 && status <= 504) return Outcome::bad_gateway;
  return status >= 500 ? Outcome::server_error : Outcome::unexpected_status;
}

}  // namespace surgeproof::loadgen
