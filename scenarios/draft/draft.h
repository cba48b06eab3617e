// A commented scenario from what stands in the cluster: stages that should drive an HPA from its minimum to its maximum
// and back, and criteria that fit. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/workload.h"

namespace surgeproof {

/// Where the figure comes from that all rates are derived from.
struct PodRate {
  enum class Source {
    given,     ///< --rate-per-pod
    measured,  ///< today's rate, and the CPU that it costs
    assumed,   ///< nothing is known: a low figure to begin with
  };
  Source source = Source::assumed;
  double at_target_per_second = 0;  ///< requests a second of one pod that hold its metric at the HPA's target
  std::string words;                ///< how it was found, for a comment
};

/// The requests a second of one pod at the HPA's target, from today's: `total_per_second` over the ready pods, at the
/// utilization that the HPA sees. Empty when there is too little traffic (under 2 % of the request) to tell.
std::optional<double> pod_rate_at_target(double total_per_second, int ready_pods, int utilization_percent,
                                         int target_percent);

struct DraftInput {
  Workload workload;  ///< with its HPA
  std::string url;    ///< the scenario's target
  PodRate rate;
  std::string context;  ///< of the kubeconfig; empty: not written
};

/// What the draft decided, for the comments and for tests.
struct DraftPlan {
  int min = 1;
  int max = 1;
  double low_per_second = 0;   ///< holds the minimum
  double high_per_second = 0;  ///< needs the maximum
  std::chrono::seconds baseline{0};
  std::chrono::seconds ramp{0};
  std::chrono::seconds peak{0};
  std::chrono::seconds calm{0};
  std::chrono::seconds scale_up_within{0};
  std::chrono::seconds scale_down_not_before{0};
  std::chrono::seconds scale_down_within{0};
};

DraftPlan plan_draft(const DraftInput& input);
/// The file's text; ends with a line feed.
std::string draft_scenario(const DraftInput& input);

}  // namespace surgeproof
