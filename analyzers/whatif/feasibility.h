// How soon the autoscaler can have N pods ready at all: bounds before any load is sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzers/whatif/metric_pipeline.h"
#include "analyzers/whatif/service.h"
#include "base/workload.h"
#include "k8s/hpa/world.h"

namespace surgeproof::whatif {

struct FeasibilityQuestion {
  hpa::AutoscalerSpec spec;  ///< with the API server's defaults; needs a CPU metric
  hpa::Settings settings;
  std::int32_t from = 1;                         ///< pods ready before the surge
  std::int32_t to = 1;                           ///< pods wanted ready
  std::int64_t cpu_request_millicores = 0;       ///< of a pod
  std::optional<double> cpu_limit_millicores{};  ///< of a pod; empty: none
  TimeRange sync{std::chrono::seconds{15}, std::chrono::seconds{15}};
  MetricPipeline metrics = metric_pipeline({});
  TimeRange pod_start{std::chrono::seconds{1}, std::chrono::seconds{30}};  ///< from creation to Ready
};

/// Where the time to N ready pods goes. The three add up to it.
struct StageTimes {
  RunTime seen{};                    ///< from the surge until a sync sees it in the metrics
  RunTime rounds{};                  ///< from there until a sync wants N
  RunTime start{};                   ///< from there until the last pod is ready
  std::vector<std::int32_t> wanted;  ///< replicas, from sync to sync: 2, 4, 5
};

struct Feasibility {
  bool possible = false;
  std::string impossible_because;   ///< one clause: "maxReplicas is 3"
  std::string unknown_because;      ///< why no time can be said; one clause, and then nothing else is set
  RunTime earliest{};               ///< the largest load, and everything comes at the best moment
  std::optional<RunTime> latest{};  ///< a load that just needs so many, and the worst moments; empty: not within 30 min
  StageTimes at_best;
  StageTimes at_worst;  ///< of `latest`
  /// Each stage by itself, at the moments that are the best and the worst for it: these do not add up.
  TimeRange seen;
  TimeRange rounds;
  TimeRange start;
  std::vector<std::string> because;  ///< where the earliest time goes, one clause each
};

/// Simulates a step of the load for the best and for the worst case, over the phases of syncs and samples. Only a CPU
/// metric that stands alone gives bounds: others may ask for pods sooner. Pure; some milliseconds.
Feasibility time_to(const FeasibilityQuestion& question);

/// "5 ready pods within 60s cannot be met with this configuration: at least 75s, because …"; empty when `within` can be
/// met in the best case, or nothing can be said.
std::string objection(const Feasibility& feasibility, std::int32_t to, RunTime within);

/// "between 22s and 75s"
std::string span_words(const Feasibility& feasibility);
/// "until a sync sees the surge 3s to 31s, until the last pod is ready 19s to 29s"; empty without both bounds.
std::string stage_words(const Feasibility& feasibility);
/// "5 ready pods come between 22s and 75s after the surge: until a sync …", and whether that depends on the moment.
std::string bounds_sentence(const Feasibility& feasibility, std::int32_t to, RunTime within);

/// What a workload says of the question. `pod`: the target's template, null when it is not known; `seen`: how long
/// its pods took to start, without which the template's probe and up to 30 s before it are assumed.
FeasibilityQuestion question_for(const hpa::AutoscalerSpec& spec, const PodTemplate* pod,
                                 const std::optional<TimeRange>& seen, std::int32_t to);

/// What is told of kube-controller-manager, whose flags no API shows.
struct ControlLoopFlags {
  hpa::Settings settings;
  RunTime sync_period = std::chrono::seconds{15};  ///< --horizontal-pod-autoscaler-sync-period
};
void apply(const ControlLoopFlags& flags, FeasibilityQuestion& question);

/// How long pods that were started once took from start to Ready; empty when none tells.
std::optional<TimeRange> pod_start_seen(const std::vector<hpa::Pod>& pods);

}  // namespace surgeproof::whatif
