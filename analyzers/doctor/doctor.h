// What doctor found out, and what it means: can a run be made from here, and with full sight? Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzers/check.h"

namespace surgeproof {

/// A request that was made, and how it went.
struct Attempt {
  bool well = false;
  std::string words;   ///< what was found, or what went wrong
  std::string remedy;  ///< may be empty
};

/// One question to the server: may I?
struct RightAsked {
  std::string ns;        ///< empty: cluster-wide
  std::string resource;  ///< "pods/log", "deployments.apps"
  std::string verb;
  std::string without;          ///< what is lost without it
  bool essential = false;       ///< a run cannot begin without it
  std::optional<bool> granted;  ///< empty: the question was not answered
  std::string words;            ///< the server's reason, or why there was no answer
};

struct MachineFacts {
  std::int64_t open_files = 0;  ///< soft limit; 0: not known
  std::int64_t open_files_hard = 0;
  std::int64_t local_ports = 0;  ///< size of the range of ephemeral ports; 0: not known
  double cpus = 0;               ///< that may be used; a container's quota counts
  std::int64_t connections = 0;  ///< that the scenario may open; 0: no scenario
  bool reuses_connections = true;
  double peak_per_second = 0;
};

struct DoctorFacts {
  std::string scenario;  ///< its file as named by the user; empty: none was
  Attempt configuration;
  std::vector<std::string> warnings;  ///< of the configuration
  std::optional<Attempt> server;      ///< empty: not tried
  std::vector<RightAsked> rights;
  std::optional<Attempt> resource_metrics;  ///< metrics.k8s.io
  std::optional<Attempt> samples;           ///< whether there are some, and fresh ones
  std::optional<Attempt> prometheus;        ///< empty: the scenario has no signals
  /// This machine's clock minus the server's, within a second; empty when the server does not tell.
  std::optional<std::chrono::milliseconds> clock_ahead;
  std::optional<Attempt> target;  ///< empty: no scenario
  bool target_is_tls = false;
  MachineFacts machine;
};

Checks examine(const DoctorFacts& facts);

/// 3 when the cluster or the target is out of reach, 4 when something that matters could not be seen or would spoil the
/// measurement, else 0.
int doctor_exit_code(const DoctorFacts& facts, const Checks& checks);
std::string doctor_headline(int exit_code, const Checks& checks);

}  // namespace surgeproof
