// Everything the workers need to know of a scenario, compiled once and only read from then on. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "base/net/tls_context.h"
#include "base/run_time.h"
#include "loadgen/choice.h"
#include "loadgen/http2_pattern.h"
#include "loadgen/request_pattern.h"
#include "loadgen/target.h"
#include "scenarios/load_profile.h"
#include "scenarios/scenario.h"

namespace surgeproof::loadgen {

/// One request that is due.
struct Ticket {
  RunTime planned{};  ///< on the run's axis
  std::uint64_t sequence = 0;
  std::uint32_t request = 0;  ///< index of the template
};

struct Plan {
  Target target;
  std::vector<RequestPattern> patterns;      ///< one a request template, in order
  std::vector<Http2Pattern> http2_patterns;  ///< the same for HTTP/2; they refer to `patterns`
  std::vector<Expectation> expectations;     ///< likewise
  WeightedChoice choice;
  LoadProfile profile;
  Load load;
  Connections connections;
  ClientOptions client;
  std::uint32_t workers = 1;
  ClockAnchor anchor{};
  RunTime load_start{};
  bool may_be_http2 = false;  ///< with TLS if the server agrees (ALPN), else for certain
  std::uint32_t streams = 1;  ///< HTTP/2: requests at once on one connection
  /// HTTP/2 or no request at all, so that the first connection may be waited for.
  [[nodiscard]] bool must_be_http2() const {
    return client.http == ClientOptions::Http::http2 || client.http == ClientOptions::Http::h2c;
  }

  [[nodiscard]] RunTime now() const { return anchor.run_time(std::chrono::steady_clock::now()); }
};

/// How many worker threads: as many as `client.workers` says; if that is 0 one for each 5,000 requests a second at
/// the peak, but no more than `cpus`. Never more than there may be connections.
std::uint32_t workers_for(const Scenario& scenario, Rate peak, std::uint32_t cpus);

/// Worker i's share of `connections.max`; the shares add up to it.
std::uint32_t connections_of_worker(int max, std::uint32_t worker, std::uint32_t workers);

/// A client's TLS settings for this plan's target.
net::TlsContext::Settings tls_settings(const Target& target, const ClientOptions& client);

/// The error is one sentence for people.
std::expected<Plan, std::string> make_plan(const Scenario& scenario, std::uint32_t cpus);

}  // namespace surgeproof::loadgen
