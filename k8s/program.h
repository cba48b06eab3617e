// Runs one program to its end, bounded in time and output. Blocks; a thread of one's own keeps others going.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace surgeproof::k8s {

struct ProgramSpec {
  std::string command;  ///< with a '/': this file; else searched in PATH
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to (and above) our own
  /// It may talk to the user: our standard input and error become its own. Otherwise it reads nothing and its standard
  /// error is kept.
  bool interactive = false;
  std::chrono::milliseconds time_limit{60000};
  std::size_t max_output = 1u << 20;  ///< of standard output
};

struct ProgramResult {
  enum class End : std::uint8_t {
    exited,     ///< by itself, with `status`
    signalled,  ///< by signal `status`
    not_found,  ///< no such program, or it may not be run; `error` says which
    timed_out,  ///< killed at the time limit
    too_long,   ///< killed: more output than allowed
    cancelled,  ///< killed, because nobody waits any more
  };
  End end{};
  int status = 0;
  std::string output;
  std::string errors;  ///< the last of its standard error, at most 4 KiB; empty if interactive
  std::string error;   ///< not_found: the system's words
};

/// `cancel_fd`: becomes readable when the run is to be given up; -1: never. The program and what it started within its
/// process group are killed then.
ProgramResult run_program(const ProgramSpec& spec, int cancel_fd);

}  // namespace surgeproof::k8s
