// How old the CPU is that an autoscaler reads, from what kubelets and metrics-server are documented to do:
//
//   a container's counter ──housekeeping──▶ kubelet ──scrape──▶ metrics-server ──sync──▶ HPA
//                           10 s to 20 s             resolution                  FeasibilityQuestion::sync
#pragma once

#include <optional>

#include "base/run_time.h"

namespace surgeproof::whatif {

/// From the least to the most that something takes.
struct TimeRange {
  RunTime least{};
  RunTime most{};
  bool operator==(const TimeRange&) const = default;
};

struct MetricPipeline {
  TimeRange resolution;  ///< from one scrape to the next, and the window of a sample
  TimeRange lag;         ///< from the end of a sample's window until it is served
};

/// `windows_seen`: the shortest and the longest `window` of the samples that are there; empty when none is, and then
/// the defaults of metrics-server's manifest are assumed.
MetricPipeline metric_pipeline(const std::optional<TimeRange>& windows_seen);

}  // namespace surgeproof::whatif
