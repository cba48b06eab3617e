// Everything that was recorded, joined on the run's axis: what the criteria, the causes and the reports look at.
//
//   records (any order) ──▶ TimelineBuilder ──▶ Timeline ──▶ judge() ──▶ Verdict
//
// *Observed* (steady) time is the axis; *reported* (server) time stands beside it in a Stamp and is never mixed in.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/steps.h"
#include "analyzers/window_table.h"
#include "base/records.h"
#include "base/run_time.h"

namespace surgeproof {

struct Scenario;

/// A stage of the load plan, where it lies on the run's axis (planned: from the load's start by the plan).
struct StageSpan {
  std::string name;
  Interval interval;
  double rate_begin = 0;  ///< requests per second
  double rate_end = 0;    ///< requests per second
  bool operator==(const StageSpan&) const = default;
};

/// What the service went through, detected from the offered load and the replicas. A plan with several surges has
/// several rounds of them.
struct Phase {
  enum class Kind : std::uint8_t {
    baseline,  ///< until a surge: from the start of the load, or from when the pods of the surge before are gone
    scaling,   ///< from the surge until the most ready pods are reached (or the surge's end, when none was added)
    scaled,    ///< from then on until the highest load ends
    draining,  ///< from there until the pods are as few as before the surge; after the last one to the recording's end
  };
  Kind kind{};
  Interval interval;
  bool closed = false;  ///< its end can not move any more
  int surge = 0;        ///< which surge's, from 1; 0 when the plan has one only
  /// "scaling", or "scaling 2" when the plan has several surges.
  [[nodiscard]] std::string name() const;
  bool operator==(const Phase&) const = default;
};
std::string_view name_of(Phase::Kind kind);

/// One metric of an HPA's spec with what the HPA's status said of it.
struct MetricTrack {
  std::string name;                      ///< "cpu", "cpu of container app", "http_requests_per_second"
  std::string type;                      ///< as HpaMetric::type
  bool utilization = false;              ///< in percent of the request; else in the metric's own unit
  Steps<std::optional<double>> current;  ///< an empty value: the HPA had none
  Steps<double> target;
  bool operator==(const MetricTrack&) const = default;
};

/// Conditions of an HPA as they were from one instant on.
struct HpaConditions {
  RunTime at{};
  std::vector<Condition> conditions;
  bool operator==(const HpaConditions&) const = default;
};

/// One watched HPA with its target and its pods.
struct HpaTrack {
  std::string ns;
  std::string name;
  ObjectRef target;          ///< as the HPA's scaleTargetRef says
  Steps<int> min_replicas;   ///< spec
  Steps<int> max_replicas;   ///< spec
  Steps<int> desired;        ///< status.desiredReplicas
  Steps<int> current;        ///< status.currentReplicas: not ready pods
  Steps<int> spec_replicas;  ///< of the target: replicas wanted
  Steps<int> ready;          ///< pods with Ready=True and no deletion; the target's readyReplicas without any pod
  Steps<int> pods;           ///< pods that are there, terminating ones included
  std::vector<MetricTrack> metrics;
  std::vector<HpaConditions> conditions;                  ///< by time, only changes
  std::vector<HpaSample> samples;                         ///< by observed time
  std::optional<std::chrono::seconds> scale_down_window;  ///< the last one seen in the spec
  bool operator==(const HpaTrack&) const = default;

  /// Replicas wanted: the target's spec.replicas, or the HPA's desired count when the target was never seen.
  [[nodiscard]] const Steps<int>& wanted() const { return spec_replicas.empty() ? desired : spec_replicas; }
  /// The condition of that type as it was at `t`; null when there was none.
  [[nodiscard]] const Condition* condition_at(std::string_view type, RunTime t) const;
};

/// A container's end that was seen.
struct ContainerEnd {
  RunTime observed{};
  std::optional<WallTime> finished;
  std::string container;
  std::string reason;  ///< "OOMKilled", "Error", "Completed"
  std::optional<int> exit_code;
  int restarts = 0;  ///< the container's count when this was seen
  bool operator==(const ContainerEnd&) const = default;
};

/// A pod as the HPA controller sorts it, from one instant on.
struct PodState {
  RunTime at{};
  std::string phase;  ///< "Pending", "Running", "Succeeded", "Failed", "Unknown"
  bool ready = false;
  bool terminating = false;
  bool gone = false;
  std::optional<WallTime> started;        ///< status.startTime
  std::optional<WallTime> ready_changed;  ///< last transition of the Ready condition; empty without that condition
  bool operator==(const PodState&) const = default;
};

/// One pod's life. Each instant on both clocks: observed = when the first record said so.
struct PodLife {
  std::string ns;
  std::string name;
  std::string uid;
  std::string hpa;  ///< name of the watched HPA it belongs to
  std::string node;
  std::string ip;
  bool before_watch = false;  ///< it ran already when first seen: its first observed instants are upper bounds
  std::optional<Stamp> created;
  std::optional<Stamp> scheduled;
  std::optional<Stamp> started;             ///< the first container ran
  std::optional<Stamp> ready;               ///< first Ready=True
  std::optional<RunTime> in_endpoints;      ///< first listed as ready in an EndpointSlice
  std::optional<RunTime> out_of_endpoints;  ///< last time it left the ready ones
  std::optional<RunTime> first_request;     ///< begin of the first window with an answer from it (needs pod_header)
  std::optional<RunTime> last_request;      ///< end of the last such window
  std::optional<Stamp> deletion_requested;
  std::optional<std::chrono::seconds> deletion_grace;
  std::optional<Stamp> terminated;         ///< after the deletion: the last of its containers ended
  std::optional<RunTime> gone;             ///< deleted from the API
  Steps<bool> readiness;                   ///< Ready=True
  std::vector<PodState> states;            ///< by time, only changes
  int restarts = 0;                        ///< of all containers, the most that was seen
  std::vector<ContainerEnd> ends;          ///< by time; of all containers
  std::vector<ContainerState> containers;  ///< as last seen
  std::string scheduling_message;          ///< the last one while it was not scheduled
  bool operator==(const PodLife&) const = default;
};

/// One address of one service, as it became at one instant.
struct EndpointChange {
  RunTime at{};
  std::string ns;
  std::string service;
  std::string pod;
  std::string address;
  bool listed = true;  ///< false: taken out
  bool ready = false;
  bool serving = false;
  bool terminating = false;
  std::optional<WallTime> change_trigger;
  bool operator==(const EndpointChange&) const = default;
};

/// Ready addresses of one service over time.
struct ServiceTrack {
  std::string ns;
  std::string service;
  Steps<int> ready;
  Steps<int> serving;  ///< ready or not
  bool operator==(const ServiceTrack&) const = default;
};

/// A span in which a resource could not be seen.
struct WatchGap {
  std::string resource;  ///< as WatchState::resource
  Interval interval;
  WatchState::Kind kind{};  ///< lost, forbidden or missing; `synced` stands for "not listed yet"
  std::string message;
  bool open = false;  ///< it lasted to the end of the timeline
  std::string ns;     ///< as WatchState::ns; empty: of no namespace, or not recorded
  std::string hpa;    ///< as WatchState::hpa
  bool operator==(const WatchGap&) const = default;
};

struct Timeline {
  RunTime end{};          ///< of what is known
  bool complete = false;  ///< nothing will be added any more: a finished recording; false: running, or cut off
  std::optional<RunTime> load_started;
  std::optional<RunTime> load_finished;  ///< finished or interrupted
  bool interrupted = false;
  /// The server's clock at run time 0, as far as stamps tell (a lower bound, about a second sharp); empty without any.
  std::optional<WallTime> server_zero;

  std::vector<StageSpan> stages;     ///< in order; empty until the load has started
  std::optional<RunTime> surge;      ///< default `from` of scale_up: begin of the first stage to the highest rate
  std::optional<RunTime> surge_end;  ///< default `from` of scale_down: end of the last stage at the highest rate
  std::vector<Interval> surges;      ///< all of the plan, in order
  std::vector<Phase> phases;         ///< in order, without overlap

  WindowTable windows;                     ///< merged; by begin, stage, request; each once
  std::vector<RequestFailure> failures;    ///< by planned instant
  std::vector<SlowRequest> slowest;        ///< exemplars, by planned instant
  std::vector<FailureOverflow> overflow;   ///< failures that were only counted, by time
  std::vector<PeerWindow> peers;           ///< merged; by begin, peer, pod
  std::vector<GeneratorSample> generator;  ///< by begin

  std::vector<HpaTrack> hpas;                    ///< in the scenario's order
  std::vector<PodLife> pods;                     ///< by creation as observed
  std::vector<EndpointChange> endpoint_changes;  ///< by time
  std::vector<ServiceTrack> services;
  std::vector<ScaleTargetSample> targets;      ///< by observed time
  std::vector<ClusterEvent> events;            ///< by observed time
  std::vector<PodMetricsSample> pod_metrics;   ///< by observed time
  std::vector<ReplicaSetSample> replica_sets;  ///< by observed time
  std::vector<NodeSample> nodes;               ///< by observed time
  std::vector<HpaMetricSample> hpa_metrics;    ///< by observed time
  std::vector<SignalSample> signals;           ///< by observed time
  std::vector<LogLine> log_lines;              ///< by observed time
  std::vector<WatchState> watch_states;        ///< by time
  std::vector<ActionSample> actions;           ///< each once, as last known; by planned time
  std::vector<WatchGap> gaps;                  ///< by begin

  /// By name; an empty name means the only one. Null when there is none such.
  [[nodiscard]] const HpaTrack* hpa(std::string_view name) const;
  [[nodiscard]] const Phase* phase(Phase::Kind kind) const;
  /// Those that a name means: "scaling" all of that kind, "scaling 2" that of the second surge.
  [[nodiscard]] std::vector<const Phase*> phases_named(std::string_view name) const;
  [[nodiscard]] const StageSpan* stage(std::string_view name) const;
  [[nodiscard]] const ActionSample* action(std::string_view name) const;
  /// From the first stage's begin to the last one's end; empty before the load has started.
  [[nodiscard]] std::optional<Interval> load_interval() const;
  /// The first gap of `resource` that touches [begin, end]; null when it was seen throughout.
  [[nodiscard]] const WatchGap* gap_in(std::string_view resource, Interval within) const;
  /// Windows that begin within [begin, end) are neighbours: first and one past the last index.
  [[nodiscard]] std::pair<std::size_t, std::size_t> windows_in(Interval within) const;
  /// A server's time on the run's axis, about a second sharp; empty when the offset is not known.
  [[nodiscard]] std::optional<RunTime> run_time_of(WallTime t) const;
};

/// Collects records and joins them. Records may come in any order; adding one costs amortised constant time.
/// build() may be called at any time and again: it sorts in only what is new, so that a live view can judge every
/// second. Not thread-safe.
class TimelineBuilder {
 public:
  explicit TimelineBuilder(const Scenario& scenario);
  ~TimelineBuilder();
  TimelineBuilder(TimelineBuilder&&) noexcept;
  TimelineBuilder& operator=(TimelineBuilder&&) noexcept;

  void add(const Record& record);
  void add(Record&& record);

  /// The timeline up to `end`. `complete`: no record will follow (the run is over, or its recording has its end mark).
  /// The reference holds until the next add() or build(); copy the Timeline to keep it.
  const Timeline& build(RunTime end, bool complete);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace surgeproof
