#include "analyzers/whatif/metric_pipeline.h"

#include <algorithm>

namespace surgeproof::whatif {
namespace {

using std::chrono::seconds;

/// kubelet reads the counters of a container this often (--housekeeping-interval) …
constexpr RunTime kHousekeeping = seconds{10};
/// … and by chance up to as much later again: cadvisor, manager/container.go, jitter(interval, 1.0).
constexpr int kJitter = 2;
/// metrics-server refuses a --metric-resolution below (cmd/metrics-server/app/options).
constexpr RunTime kLeastResolution = seconds{10};
/// What its manifest sets.
constexpr RunTime kUsualResolution = seconds{15};
/// It spreads the scrapes of a round over 8 ms a node, this at most (pkg/scraper).
constexpr RunTime kSpread = seconds{4};

/// Windows between two readings of a counter end in fractions of a second, and a young container's may be short. Whole
/// seconds, the same for all and less than metrics-server takes: something else makes the metrics, and at this pace.
bool is_another_source(const TimeRange& seen) {
  return seen.least == seen.most && seen.least < kLeastResolution && seen.least % seconds{1} == RunTime{0};
}

}  // namespace

MetricPipeline metric_pipeline(const std::optional<TimeRange>& seen) {
  if (seen && is_another_source(*seen)) return {*seen, {RunTime{0}, seen->most * (kJitter + 1)}};
  MetricPipeline p{{kLeastResolution, kUsualResolution}, {RunTime{0}, kHousekeeping * kJitter + kSpread}};
  if (!seen) return p;
  // A window is a resolution, give or take the 20 s of a reading: what is seen at one instant only widens what is
  // usual.
  return {{std::min(p.resolution.least, seen->least), std::max(p.resolution.most, seen->most)}, p.lag};
}

}  // namespace surgeproof::whatif
