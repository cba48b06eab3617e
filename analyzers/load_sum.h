// The load of one span, summed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/histogram.h"
#include "base/records.h"

namespace surgeproof {

struct Timeline;

/// Requests by the begin of their window. (Windows are about a second long: so sharp is a phase's edge. A window holds
/// requests of one stage only: so a stage's edges are exact.)
struct LoadSum {
  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  std::array<std::uint64_t, kOutcomes> outcomes{};
  Histogram latency;       ///< answered requests, from the planned instant
  Histogram service_time;  ///< likewise, from the actual send

  [[nodiscard]] std::uint64_t count(Outcome o) const { return outcomes[static_cast<std::size_t>(o)]; }
  [[nodiscard]] std::uint64_t ended() const;
  [[nodiscard]] std::uint64_t drops() const;     ///< is_drop()
  [[nodiscard]] std::uint64_t lost() const;      ///< is_generator_fault()
  [[nodiscard]] std::uint64_t timeouts() const;  ///< timeout, connect_timeout
  /// Not as expected, drops included, the generator's faults not.
  [[nodiscard]] std::uint64_t errors() const;
  /// Back to nothing, without giving the histograms' memory away.
  void reset();
};

/// How much of a sum is wanted: what is left out costs nothing.
enum class LoadParts : std::uint8_t {
  counts,   ///< no histogram
  latency,  ///< counts and latency
  all,      ///< and service time
};

/// Which windows count: those that begin within the span, of that stage and request (empty: any).
struct LoadFilter {
  Interval span{};
  std::string_view stage = {};
  std::string_view request = {};
};

LoadSum sum_load(const Timeline& timeline, const LoadFilter& filter);
/// Without the service time.
LoadSum sum_latency(const Timeline& timeline, const LoadFilter& filter);
/// Counts only, without the histograms.
LoadSum count_load(const Timeline& timeline, const LoadFilter& filter);

}  // namespace surgeproof
