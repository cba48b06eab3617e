// Can the scenario's signals be read, and do they stand where their criteria can be judged? Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/check.h"

namespace surgeproof {

struct Scenario;

/// What a Prometheus said when it was asked for one signal, once.
struct SignalAsked {
  enum class Outcome : std::uint8_t {
    value,        ///< one number
    no_series,    ///< nothing now
    no_number,    ///< NaN or infinite
    wrong_query,  ///< waiting will not cure it
  };
  std::string name;
  Outcome outcome = Outcome::value;
  double value = 0;   ///< of Outcome::value, in base units
  std::string words;  ///< the server's, of the others
};

/// All that was asked, or why nothing was.
struct SignalsAsked {
  std::string server;  ///< URL; empty: nobody said where it is
  std::vector<SignalAsked> signals;
  std::string trouble;  ///< the server is out of reach, or refuses
  std::string remedy;   ///< of `trouble`
};

/// A line for the server, if there is anything to say, and one for each signal; none without signals.
Checks preflight_signals(const Scenario& scenario, const SignalsAsked& asked);

}  // namespace surgeproof
