// One request on its way, and how it ends.
#pragma once

#include <cstdint>
#include <string>

#include "base/records.h"
#include "loadgen/outcome.h"
#include "loadgen/plan.h"

namespace surgeproof::loadgen {

struct Exchange {
  Ticket ticket;
  bool in_flight = false;
  bool sent = false;                 ///< handed to the connection's session; `sent_at` counts
  bool began = false;                ///< the first byte of the answer is here; `first_byte_at` counts
  std::uint32_t answers_before = 0;  ///< on the connection
  RunTime sent_at{};
  RunTime first_byte_at{};
};

/// How a request ended.
struct RequestEnd {
  Outcome outcome{};
  RunTime at{};
  Phase phase{};
  int status = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  int error_number = 0;
  std::string error;  ///< in words; empty for answers
};

}  // namespace surgeproof::loadgen
