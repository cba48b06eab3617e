// What `surgeproof load` says at its end, computed once. The writers only lay it out.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/finding.h"
#include "reports/formats.h"
#include "reports/report.h"

namespace surgeproof::reports {

/// Raised when a reader of yesterday's `surgeproof load --json` could misread today's.
inline constexpr int kLoadSchemaVersion = 1;

/// One distribution in milliseconds; empty without a sample.
struct LatencySummary {
  std::uint64_t requests = 0;
  std::optional<double> mean_ms;
  std::vector<std::pair<std::string_view, std::optional<double>>> percentiles_ms;  ///< "p50" … "p99.9", "max"
};

/// Answered requests whose latency lies in [from, to).
struct HistogramRow {
  double from_ms = 0;
  double to_ms = 0;
  std::uint64_t requests = 0;
  double share = 0;          ///< of all answered requests
  double share_of_most = 0;  ///< of the fullest row: the bar's length
};

/// One of the slowest answered requests.
struct SlowRow {
  double planned_s = 0;
  double latency_ms = 0;  ///< from the planned instant
  double service_ms = 0;  ///< from the actual send
  std::string request;
  int status = 0;
  std::string peer;
  std::string pod;
  std::string trace_id;
};

struct LoadSummary {
  std::string target;
  std::string request;  ///< "GET /", or "3 kinds of request"
  bool closed_loop = false;
  std::string plan;     ///< "2000/s for 30s", "64 connections for 30s, each as fast as it is answered"
  std::string started;  ///< RFC 3339
  double seconds = 0;   ///< of the plan that have passed: what the rates are over
  bool interrupted = false;
  std::string tool_version;

  Status status = Status::inconclusive;
  int exit_code = 4;
  std::string headline;
  std::vector<Finding> gates;
  std::vector<Finding> health;  ///< of the generator
  std::string bottleneck;       ///< what held the rate down, in a sentence or two; empty: nothing did
  bool generator_is_bottleneck = false;

  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;  ///< any status
  std::uint64_t ok = 0;        ///< as expected
  std::uint64_t errors = 0;    ///< answered, but not as expected
  std::uint64_t dropped = 0;   ///< no valid answer from the service
  std::uint64_t unsent = 0;
  std::uint64_t generator_errors = 0;
  double wanted_per_second = 0;  ///< by the plan; a closed loop wants nothing: then as sent
  double sent_per_second = 0;
  double answered_per_second = 0;
  double ok_per_second = 0;
  std::uint64_t bytes_received = 0;
  double bytes_per_second = 0;

  LatencySummary latency;               ///< from the planned instant
  LatencySummary service_time;          ///< from the actual send
  std::vector<HistogramRow> histogram;  ///< of the latency; rows as wide as their values are large
  std::map<int, std::uint64_t> statuses;
  std::vector<FailureRow> failures;  ///< most frequent first
  std::vector<SlowRow> slowest;      ///< slowest first
  std::vector<PeerRow> peers;        ///< most answers first
  GeneratorHealth generator;
  double cpu_seconds = 0;                    ///< of the whole process
  std::optional<double> cpu_us_per_request;  ///< per request sent
};

/// Pure. The timeline may have been made from condensed records. `cpu_seconds`: what the process has used.
LoadSummary build_load_summary(const RunInfo& info, const Scenario& scenario, const Timeline& timeline,
                               const Verdict& verdict, double cpu_seconds);

/// For people. `ascii`: no block characters.
void write_load_text(const LoadSummary& summary, std::ostream& out, const ConsoleOptions& options, bool ascii = false);
/// For programs: reports/load.schema.json.
void write_load_json(const LoadSummary& summary, std::ostream& out);

}  // namespace surgeproof::reports
