#include "analyzers/compare/time_bins.h"

#include <algorithm>

#include "analyzers/load_sum.h"
#include "analyzers/timeline.h"

namespace surgeproof {
namespace {

constexpr int kMostBins = 600;

TimeBin bin_of(LoadSum load, RunTime timeout) {
  TimeBin bin;
  bin.requests = load.ended() - load.lost();
  bin.errors = load.errors();
  load.latency.record(timeout, load.timeouts());
  for (const auto& [index, n] : load.latency.sparse().buckets) {
    const std::uint16_t bucket = coarse_bucket(index);
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(n, UINT32_MAX));
    if (!bin.latency.empty() && bin.latency.back().first == bucket) {
      bin.latency.back().second += count;
    } else {
      bin.latency.emplace_back(bucket, count);
    }
  }
  return bin;
}

}  // namespace

std::vector<TimeBin> time_bins(const Timeline& timeline, Interval span, RunTime timeout) {
  std::vector<TimeBin> bins;
  const RunTime width = std::max<RunTime>(std::chrono::seconds{1}, span.length() / kMostBins);
  for (RunTime t = span.begin; t < span.end; t += width) {
    TimeBin bin = bin_of(sum_latency(timeline, {{t, std::min(t + width, span.end)}}), timeout);
    if (bin.requests > 0) bins.push_back(std::move(bin));
  }
  return bins;
}

}  // namespace surgeproof
