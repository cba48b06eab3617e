// What `surgeproof load` was asked for, as written on the command line: app/load/load_scenario.h makes sense of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/exit_code.h"
#include "app/run/session.h"

namespace surgeproof {

struct LoadOptions {
  std::string url;  ///< "http://" may be left out

  // How much; empty: not said.
  std::string rate;      ///< "2000/s"; a bare number counts as per second
  std::string duration;  ///< "30s"
  std::uint64_t requests = 0;
  bool closed = false;
  int connections = 0;
  int streams = 0;  ///< on one HTTP/2 connection
  std::string ramp;
  std::string arrivals;
  std::uint64_t seed = 0;

  // What to send.
  std::string method;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string host;                  ///< for the Host header
  std::string user;                  ///< "NAME:PASSWORD"
  std::string accept;
  std::string content_type;
  std::string body;       ///< "@FILE": the file's content
  std::string body_file;  ///< "-" is standard input
  std::vector<int> expected_statuses;

  // How.
  std::string http;
  std::string timeout;
  bool insecure = false;
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  bool no_reuse = false;
  int workers = 0;
  std::string pacing;

  // What must hold.
  std::vector<std::string> latency_limits;  ///< "p99:200ms"
  std::string max_errors;                   ///< "0.1%"
  std::string max_drops;                    ///< a number of requests

  // What comes out.
  View view = View::automatic;
  bool json = false;
  bool print_scenario = false;
  std::filesystem::path out;  ///< run directory; empty: none
};

}  // namespace surgeproof
