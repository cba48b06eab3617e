// What the process's exit code tells a script.
#pragma once

#include <cstdint>

namespace surgeproof {

enum class ExitCode : std::uint8_t {
  pass = 0,
  fail = 1,          ///< a criterion failed
  usage = 2,         ///< bad usage, scenario or configuration
  unreachable = 3,   ///< the target or the cluster could not be reached
  inconclusive = 4,  ///< neither proven nor refuted
  internal = 70,
  interrupted = 130,  ///< a partial report was written
};

}  // namespace surgeproof
