#include "loadgen/outcome.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace surgeproof::loadgen {
namespace {

using namespace std::chrono_literals;

TEST(Outcome, OfAConnectionThatCameNotAbout) {
  struct Row {
    Phase phase;
    int error_number;
    Outcome outcome;
  };
  const Row rows[] = {
      {Phase::connect, ECONNREFUSED, Outcome::connect_refused},
      {Phase::connect, ETIMEDOUT, Outcome::connect_timeout},
      {Phase::connect, EHOSTUNREACH, Outcome::connect_failed},
      {Phase::connect, ENETUNREACH, Outcome::connect_failed},
      {Phase::connect, EMFILE, Outcome::generator_error},
      {Phase::connect, ENFILE, Outcome::generator_error},
      {Phase::connect, EADDRNOTAVAIL, Outcome::generator_error},
      {Phase::connect, ENOBUFS, Outcome::generator_error},
      {Phase::connect, EPERM, Outcome::generator_error},
      {Phase::resolve, 0, Outcome::generator_error},
      {Phase::tls, 0, Outcome::tls_failed},
      {Phase::tls, ECONNRESET, Outcome::tls_failed},
  };
  for (const Row& row : rows) EXPECT_EQ(outcome_of_connect_failure(row.phase, row.error_number), row.outcome);
}

TEST(Outcome, OfAConnectionThatBroke) {
  struct Row {
    bool end_of_stream;
    int error_number;
    std::uint64_t bytes;
    Outcome outcome;
  };
  const Row rows[] = {
      {true, 0, 0, Outcome::closed},
      {false, ECONNRESET, 0, Outcome::reset},
      {false, EPIPE, 0, Outcome::reset},
      {true, 0, 1, Outcome::truncated},
      {false, ECONNRESET, 1, Outcome::truncated},
      {false, ETIMEDOUT, 0, Outcome::timeout},
      {false, ENOBUFS, 0, Outcome::generator_error},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(outcome_of_lost_connection(row.end_of_stream, row.error_number, row.bytes), row.outcome);
  }
}

TEST(Outcome, OfATimeLimit) {
  EXPECT_EQ(outcome_of_timeout(Phase::backlog), Outcome::unsent);
  EXPECT_EQ(outcome_of_timeout(Phase::resolve), Outcome::generator_error);
  EXPECT_EQ(outcome_of_timeout(Phase::connect), Outcome::connect_timeout);
  EXPECT_EQ(outcome_of_timeout(Phase::tls), Outcome::connect_timeout);
  EXPECT_EQ(outcome_of_timeout(Phase::send), Outcome::timeout);
  EXPECT_EQ(outcome_of_timeout(Phase::wait), Outcome::timeout);
  EXPECT_EQ(outcome_of_timeout(Phase::receive), Outcome::timeout);
}

TEST(Outcome, OfAnAnswer) {
  struct Row {
    int status;
    std::chrono::nanoseconds latency;
    Expectation expect;
    Outcome outcome;
  };
  const Row rows[] = {
      {200, 1s, {}, Outcome::ok},
      {304, 1s, {}, Outcome::ok},
      {404, 1s, {}, Outcome::unexpected_status},
      {101, 1s, {}, Outcome::unexpected_status},
      {500, 1s, {}, Outcome::server_error},
      {501, 1s, {}, Outcome::server_error},
      {505, 1s, {}, Outcome::server_error},
      {502, 1s, {}, Outcome::bad_gateway},
      {503, 1s, {}, Outcome::bad_gateway},
      {504, 1s, {}, Outcome::bad_gateway},
      {503, 1s, {.statuses = {503}, .within = {}}, Outcome::ok},
      {200, 1s, {.statuses = {201}, .within = {}}, Outcome::unexpected_status},
      {200, 1s, {.statuses = {}, .within = 1s}, Outcome::ok},
      {200, 1s + 1ns, {.statuses = {}, .within = 1s}, Outcome::too_slow},
      {500, 2s, {.statuses = {}, .within = 1s}, Outcome::server_error},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(outcome_of_answer(row.status, row.latency, row.expect), row.outcome) << row.status;
  }
}

}  // namespace
}  // namespace surgeproof::loadgen
