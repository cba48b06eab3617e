// How much a percentile of one run, or its ratio between two, would vary by chance: a moving-block bootstrap over time.
//
// Latencies of neighbouring seconds are alike (queues, garbage collections, a slow pod), so requests are no independent
// samples: a test that takes them as such (Mann-Whitney, Kolmogorov-Smirnov, a binomial interval) sees changes where
// there are none. Drawing whole blocks of consecutive bins keeps that likeness (H. R. Künsch, "The Jackknife and the
// Bootstrap for General Stationary Observations", 1989; D. N. Politis, J. P. Romano, 1992, for the circular form).
// The block is as long as the likeness lasts: twice the integrated autocorrelation time of the bins' medians.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "base/histogram.h"

namespace surgeproof {

/// One bin of time: its latencies in buckets of about 1 %, and its requests by kind.
struct TimeBin {
  std::vector<std::pair<std::uint16_t, std::uint32_t>> latency;  ///< bucket, count; ascending
  std::uint64_t requests = 0;                                    ///< ended, without the generator's own faults
  std::uint64_t errors = 0;                                      ///< of those, drops included
};

/// A bucket of TimeBin from one of Histogram's, and the latency that it stands for.
std::uint16_t coarse_bucket(std::uint32_t histogram_bucket);
double coarse_value_us(std::uint16_t bucket);

/// Bins that a block holds; at least 1, at most an eighth of them.
std::size_t block_length(std::span<const TimeBin> bins);

/// A statistic of both runs and how far chance moves it.
struct Shift {
  double before = 0;
  double after = 0;
  double change = 0;  ///< ln(after / before) for a percentile; after − before for a share
  double spread = 0;  ///< standard deviation of `change` under resampling
};

/// The `q` percentile in µs. Empty when a run has no value.
std::optional<Shift> shift_of_percentile(std::span<const TimeBin> before, std::span<const TimeBin> after, double q,
                                         std::uint64_t seed);
/// The share of errors. Empty when a run has no request.
std::optional<Shift> shift_of_errors(std::span<const TimeBin> before, std::span<const TimeBin> after,
                                     std::uint64_t seed);

/// The `p` quantile of the standard normal distribution, 0 < p < 1 (P. J. Acklam's rational approximation, |ε|
/// < 1.2e-9).
double normal_quantile(double p);

}  // namespace surgeproof
