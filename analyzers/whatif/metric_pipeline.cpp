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

}  // namespace

MetricPipeline metric_pipeline(const std::optional<TimeRange>& seen) {
  MetricPipeline p;
  p.resolution = {kLeastResolution, kUsualResolution};
  RunTime between_readings = kHousekeeping * kJitter;
  if (seen) {
    // A window lies between two readings of a counter. So it varies from sample to sample by up to 20 s, and what is
    // seen at one instant only widens what is usual, unless it is too short for a kubelet as it comes.
    p.resolution.least = std::min(kLeastResolution, seen->least);
    p.resolution.most = seen->least < kHousekeeping ? seen->most : std::max(kUsualResolution, seen->most);
    between_readings = std::min(between_readings, seen->least * kJitter);
  }
  p.lag = {RunTime{0}, between_readings + std::min(kSpread, p.resolution.most)};
  return p;
}

}  // namespace surgeproof::whatif
