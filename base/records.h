// The sample records that cross folders: what the generator and the watcher see, what the run directory stores, and
// what the timeline is built from. Plain data; times as in base/run_time.h.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/histogram.h"
#include "base/run_time.h"

namespace surgeproof {

// ---------------------------------------------------------------------------------------------------------------
// What the generator sees

/// How a request ended. The order is part of the recording format: append only.
enum class Outcome : std::uint8_t {
  ok,                 ///< a valid answer that met every expectation
  unexpected_status,  ///< answered, but not with an expected status (a 4xx or an unexpected 2xx/3xx)
  server_error,       ///< answered with 500 or another 5xx that is not a gateway's
  too_slow,           ///< answered as expected, but later than `expect.within`
  connect_refused,    ///< no connection: refused
  connect_timeout,    ///< no connection within the time limit
  connect_failed,     ///< no connection for another reason (unreachable, …)
  tls_failed,         ///< the TLS handshake failed
  reset,              ///< connection reset before the first byte of the answer
  closed,             ///< connection closed in good order before the first byte of the answer
  truncated,          ///< reset or closed within the answer
  timeout,            ///< connected and sent, but no complete answer within the time limit
  malformed,          ///< the answer is not HTTP
  bad_gateway,        ///< 502, 503 or 504: somebody on the way had no service to offer
  generator_error,    ///< lost here: no file descriptor or port left, name not resolved, …
  unsent,             ///< never sent: it was too late to be meant any more, or the run was interrupted
};
inline constexpr std::size_t kOutcomes = 16;

/// The outcome's name in recordings and reports, e.g. "connect_refused".
std::string_view name_of(Outcome o);
std::optional<Outcome> outcome_from_name(std::string_view name);
/// One or two words for people, e.g. "connection refused".
std::string_view words_for(Outcome o);
/// No valid answer from the service (`dropped_requests` of the scenario format).
bool is_drop(Outcome o);
/// The generator's own fault: never counted against the service.
bool is_generator_fault(Outcome o);

/// Requests of one name that were *planned* within one window. Windows are additive deltas: several records may
/// carry the same begin, stage and request (a slow answer arrives long after its window), and the sum counts.
/// Latency runs from the planned instant to the last byte of the answer; service time from the actual send.
struct LoadWindow {
  RunTime begin{};
  RunTime length{};
  std::string stage;
  std::string request;
  std::uint64_t planned = 0;                        ///< due within the window
  std::uint64_t sent = 0;                           ///< of those, put on a connection
  std::array<std::uint64_t, kOutcomes> outcomes{};  ///< ended so, by Outcome; their sum reaches `planned` at the end
  std::map<int, std::uint64_t> statuses;            ///< answers by HTTP status
  std::uint64_t bytes_received = 0;
  SparseHistogram latency;       ///< every answered request, whatever its status
  SparseHistogram service_time;  ///< likewise, from the actual send
  /// Latency by status class (4: 4xx) of the answers that were not 2xx: with `latency` all classes are known.
  std::map<int, SparseHistogram> class_latency;
  bool closed_loop = false;  ///< no plan of arrivals: latency is service time, and says nothing of a given demand
  bool operator==(const LoadWindow&) const = default;

  [[nodiscard]] std::uint64_t ended() const;
  [[nodiscard]] std::uint64_t count(Outcome o) const { return outcomes[static_cast<std::size_t>(o)]; }
};

/// One failed request in full. Bounded in number; the overflow is counted in FailureOverflow.
struct RequestFailure {
  Outcome outcome{};
  std::string stage;
  std::string request;
  RunTime planned{};
  std::optional<RunTime> sent;        ///< first byte handed to the socket
  std::optional<RunTime> first_byte;  ///< of the answer
  RunTime ended{};
  int status = 0;        ///< HTTP status, 0 without one
  int error_number = 0;  ///< errno, 0 without one
  std::string error;     ///< in words
  std::string phase;     ///< "backlog" (no connection was free), "resolve", "connect", "tls", "send", "wait" (for
                         ///< the first byte), "receive"
  std::uint64_t connection = 0;  ///< id within this run, from 1; 0 without one
  RunTime connection_opened{};
  std::uint32_t requests_on_connection = 0;  ///< answered on it before this one; 0: it was new
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;  ///< of this answer
  std::string peer;                  ///< "127.0.0.1:8080"
  std::string pod;                   ///< from the configured response header, when it came
  std::string server;                ///< `Server` header
  std::string trace_id;              ///< W3C, 32 hex digits; empty when none was sent
  bool operator==(const RequestFailure&) const = default;
};

/// One of the slowest answered requests of a window, by latency. Bounded in number.
struct SlowRequest {
  std::string stage;
  std::string request;
  RunTime planned{};
  RunTime sent{};
  RunTime first_byte{};  ///< of the answer
  RunTime ended{};
  int status = 0;
  std::uint64_t connection = 0;  ///< id within this run, from 1
  std::uint32_t requests_on_connection = 0;
  std::uint64_t bytes_received = 0;
  std::string peer;
  std::string pod;
  std::string trace_id;  ///< W3C, 32 hex digits; empty when none was sent
  bool operator==(const SlowRequest&) const = default;
};

/// Failures that were not recorded in full, because there were too many.
struct FailureOverflow {
  RunTime at{};
  std::array<std::uint64_t, kOutcomes> outcomes{};
  bool operator==(const FailureOverflow&) const = default;
};

/// Answers by who gave them, within one window (by the instant of the answer). Additive, as LoadWindow.
struct PeerWindow {
  RunTime begin{};
  RunTime length{};
  std::string peer;  ///< address and port
  std::string pod;   ///< from the configured response header; empty without one
  std::uint64_t answered = 0;
  bool operator==(const PeerWindow&) const = default;
};

/// The generator's own health over one window.
struct GeneratorSample {
  RunTime begin{};
  RunTime length{};
  SparseHistogram schedule_error;  ///< actual minus planned dispatch, of every request sent or given up
  double busiest_worker = 0;       ///< share of the window that the busiest worker thread was on a CPU, 0 to 1
  std::uint64_t backlog = 0;       ///< due, not yet sent, at the window's end
  std::uint64_t in_flight = 0;
  std::uint64_t connections = 0;
  bool operator==(const GeneratorSample&) const = default;
};

/// Milestones of the load.
struct LoadMark {
  enum class Kind : std::uint8_t {
    started,      ///< time 0 of the load plan
    finished,     ///< the last request of the plan has ended
    interrupted,  ///< stopped before its end
  };
  RunTime at{};
  Kind kind{};
  bool operator==(const LoadMark&) const = default;
};

// ---------------------------------------------------------------------------------------------------------------
// What the watcher sees. `deleted` marks the last record of an object.

struct ObjectRef {
  std::string kind;
  std::string ns;
  std::string name;
  bool operator==(const ObjectRef&) const = default;
  auto operator<=>(const ObjectRef&) const = default;
};

struct Condition {
  std::string type;
  std::string status;  ///< "True", "False", "Unknown"
  std::string reason;
  std::string message;
  std::optional<WallTime> last_transition;
  bool operator==(const Condition&) const = default;
};

/// One entry of the HPA's spec.metrics with what status.currentMetrics says of it.
struct HpaMetric {
  std::string type;       ///< "Resource", "ContainerResource", "Pods", "Object", "External"
  std::string name;       ///< "cpu", or the metric's name
  std::string container;  ///< ContainerResource only
  std::optional<int> target_utilization_percent;
  std::optional<int> current_utilization_percent;
  std::optional<std::int64_t> target_average_milli;
  std::optional<std::int64_t> current_average_milli;
  std::optional<std::int64_t> target_value_milli;
  std::optional<std::int64_t> current_value_milli;
  bool operator==(const HpaMetric&) const = default;
};

struct HpaSample {
  Stamp at;
  std::string ns;
  std::string name;
  std::string uid;
  ObjectRef target;
  int min_replicas = 1;
  int max_replicas = 0;
  int current_replicas = 0;  ///< status; the scale's spec.replicas as the controller read it, not ready pods
  int desired_replicas = 0;  ///< status
  std::vector<HpaMetric> metrics;
  std::vector<Condition> conditions;
  std::optional<WallTime> last_scale_time;
  /// behavior.scaleDown.stabilizationWindowSeconds when set
  std::optional<std::chrono::seconds> scale_down_window;
  std::optional<std::chrono::seconds> scale_up_window;
  std::string spec_json;  ///< the whole spec, for the HPA oracle
  bool deleted = false;
  bool operator==(const HpaSample&) const = default;
};

/// The HPA's target: a Deployment, StatefulSet, … .
struct ScaleTargetSample {
  Stamp at;
  ObjectRef ref;
  int spec_replicas = 0;
  int status_replicas = 0;
  int ready_replicas = 0;
  int updated_replicas = 0;
  int available_replicas = 0;
  std::int64_t generation = 0;
  std::string template_hash;  ///< fingerprint of spec.template: a change is a rollout
  std::string selector;       ///< "app=todo,tier in (a,b)"
  bool deleted = false;
  bool operator==(const ScaleTargetSample&) const = default;
};

struct ContainerState {
  std::string name;
  bool sidecar = false;  ///< a restartable init container
  bool ready = false;
  int restarts = 0;
  std::string state;   ///< "waiting", "running", "terminated"
  std::string reason;  ///< of that state: "ContainerCreating", "CrashLoopBackOff", "Completed", …
  std::optional<int> exit_code;
  std::optional<WallTime> started;
  std::optional<WallTime> finished;
  std::string last_reason;  ///< of lastState.terminated: "OOMKilled", "Error", …
  std::optional<int> last_exit_code;
  std::optional<WallTime> last_finished;
  std::optional<std::int64_t> cpu_request_millicores;
  std::optional<std::int64_t> cpu_limit_millicores;
  std::optional<int> readiness_initial_delay_s;
  bool has_readiness_probe = false;
  bool has_prestop = false;
  bool operator==(const ContainerState&) const = default;
};

/// A pod as it was after one change that matters.
struct PodSample {
  Stamp at;
  std::string ns;
  std::string name;
  std::string uid;
  std::string owner;   ///< "ReplicaSet/todo-5d8f"
  std::string hpa;     ///< the watched HPA whose target it belongs to
  std::string phase;   ///< "Pending", "Running", "Succeeded", "Failed", "Unknown"
  std::string reason;  ///< status.reason: "Evicted", …
  std::string node;
  std::string ip;
  bool ready = false;
  std::optional<WallTime> created;
  std::optional<WallTime> scheduled;
  std::optional<WallTime> initialized;
  std::optional<WallTime> ready_changed;       ///< last transition of the Ready condition
  std::optional<WallTime> started;             ///< status.startTime
  std::optional<WallTime> deletion_requested;  ///< deletionTimestamp minus deletionGracePeriodSeconds
  std::optional<std::chrono::seconds> deletion_grace;
  std::string scheduling_message;  ///< why it is not scheduled, if it is not
  std::vector<ContainerState> containers;
  bool deleted = false;  ///< gone from the API
  bool operator==(const PodSample&) const = default;
};

struct Endpoint {
  std::string address;
  std::string pod;
  bool ready = true;
  bool serving = true;
  bool terminating = false;
  bool operator==(const Endpoint&) const = default;
};

struct EndpointPort {
  std::string name;  ///< the Service's; empty where it has one port only
  int port = 0;      ///< of the pods
  bool operator==(const EndpointPort&) const = default;
};

/// One EndpointSlice after a change.
struct EndpointSliceSample {
  Stamp at;
  std::string ns;
  std::string service;
  std::string slice;
  std::vector<Endpoint> endpoints;
  std::vector<EndpointPort> ports;
  std::optional<WallTime> change_trigger;  ///< annotation endpoints.kubernetes.io/last-change-trigger-time
  bool deleted = false;
  bool operator==(const EndpointSliceSample&) const = default;
};

struct ClusterEvent {
  Stamp at;
  std::string uid;
  std::string type;  ///< "Normal", "Warning"
  std::string reason;
  std::string message;
  ObjectRef regarding;
  std::string component;
  int count = 1;
  bool operator==(const ClusterEvent&) const = default;
};

struct ContainerUsage {
  std::string name;
  std::int64_t cpu_nanocores = 0;
  std::int64_t memory_bytes = 0;
  bool operator==(const ContainerUsage&) const = default;
};

/// What metrics.k8s.io says of one pod; recorded when its timestamp changes.
struct PodMetricsSample {
  RunTime observed{};
  std::string ns;
  std::string pod;
  WallTime timestamp{};               ///< end of the measured window, by the metrics server
  std::chrono::nanoseconds window{};  ///< the usage is an average over this
  std::vector<ContainerUsage> containers;
  bool operator==(const PodMetricsSample&) const = default;
};

/// A ReplicaSet of a watched Deployment (or Rollout): which revision has how many pods, also before the first pod.
struct ReplicaSetSample {
  Stamp at;
  std::string ns;
  std::string name;
  std::string uid;
  std::string owner;     ///< "Deployment/todo"
  std::string hpa;       ///< the watched HPA whose target it belongs to
  std::string revision;  ///< annotation deployment.kubernetes.io/revision (or rollout.argoproj.io/revision)
  int spec_replicas = 0;
  int status_replicas = 0;
  int ready_replicas = 0;
  int available_replicas = 0;
  std::optional<WallTime> created;
  bool deleted = false;
  bool operator==(const ReplicaSetSample&) const = default;
};

/// A node, if nodes may be read.
struct NodeSample {
  Stamp at;
  std::string name;
  bool ready = false;
  bool unschedulable = false;  ///< cordoned
  std::optional<std::int64_t> allocatable_cpu_millicores;
  std::optional<std::int64_t> allocatable_memory_bytes;
  std::optional<std::int64_t> allocatable_pods;
  std::vector<std::string> taints;  ///< "key=value:NoSchedule"
  bool deleted = false;
  bool operator==(const NodeSample&) const = default;
};

/// A metric that an HPA scales on and that metrics.k8s.io does not serve, as the custom or external metrics API gives
/// it; recorded when its value or timestamp changes.
struct HpaMetricSample {
  RunTime observed{};
  std::string ns;
  std::string hpa;
  std::string type;    ///< "Pods", "Object", "External"
  std::string name;    ///< of the metric
  ObjectRef object;    ///< Pods: the pod; Object: the object; External: empty
  std::string labels;  ///< External: of the series, "queue=mail,zone=b"
  std::int64_t value_milli = 0;
  std::optional<WallTime> timestamp;               ///< by the metrics API
  std::optional<std::chrono::nanoseconds> window;  ///< the value is an average over this
  bool operator==(const HpaMetricSample&) const = default;
};

/// One answer to the query of a `signals:` entry. NaN and infinities make no sample: the signal's WatchState says so.
struct SignalSample {
  RunTime observed{};  ///< when the answer was there; the value is of an instant between `asked` and this
  std::string name;    ///< the entry's
  double value = 0;
  std::optional<WallTime> timestamp;  ///< by the metrics server
  RunTime asked{};                    ///< when the question was sent
  bool operator==(const SignalSample&) const = default;
};

/// A line of a pod's log that holds a wanted pattern. Only the first matches of a pattern are kept in words; the later
/// ones are counted.
struct LogLine {
  RunTime observed{};
  std::string ns;
  std::string pod;
  std::string container;
  std::string pattern;                ///< as wanted, without secrets
  std::string line;                   ///< shortened, credentials masked; empty when only counted
  std::optional<WallTime> timestamp;  ///< by the container runtime
  std::uint64_t count = 1;            ///< lines that this record stands for
  std::string selector = {};          ///< the pods' label selector, as wanted; empty: the watched HPAs' pods
  bool operator==(const LogLine&) const = default;
};

/// Whether one resource can be seen, for one HPA or for a namespace or cluster. Between a `lost` (or any other bad
/// state) and the next `synced` of the same resource, namespace and HPA is a gap that no criterion may look across
/// without saying so.
struct WatchState {
  enum class Kind : std::uint8_t {
    synced,     ///< listed, and the watch follows
    lost,       ///< the connection broke or the server erred; being retried
    forbidden,  ///< 401 or 403
    missing,    ///< the server does not serve this API (404)
  };
  RunTime at{};
  /// "horizontalpodautoscalers", "pods", "metrics.k8s.io/pods", "custom.metrics.k8s.io/NAME",
  /// "external.metrics.k8s.io/NAME", "pods/log" (and the label selector of the pods behind it), "nodes", …; of a signal
  /// "signals/NAME"
  std::string resource;
  Kind kind{};
  std::string message;
  std::string ns = {};   ///< empty: not of a namespace
  std::string hpa = {};  ///< the HPA that it is watched for; empty: for all in `ns`
  bool operator==(const WatchState&) const = default;
};

/// One action of the scenario, whenever its state changes: the last record of a name says all that is known of it.
struct ActionSample {
  enum class State : std::uint8_t {
    planned,   ///< its time has not come
    begun,     ///< being carried out
    done,      ///< the API server has taken it; what follows from it goes on
    refused,   ///< not allowed (401, 403): nothing was changed
    failed,    ///< nothing was changed, for another reason
    unknown,   ///< asked for, and no answer came: it may have been carried out, so it is not tried again
    left_out,  ///< by --no-actions
    missed,    ///< the load was over before its time came
  };
  RunTime at{};
  std::string name;
  std::string kind;  ///< "restart", "delete_pod", "scale"
  std::string what;  ///< in words: "restart deployment/backend"
  State state{};
  RunTime planned{};
  std::optional<RunTime> begun;
  std::optional<RunTime> ended;  ///< of the request, not of what it set off
  ObjectRef object;              ///< what was changed: the workload, or the pod that was deleted
  std::string result;            ///< "3 → 2 replicas"
  std::string error;             ///< why not
  bool operator==(const ActionSample&) const = default;
};
/// "planned", "done", "left_out", …
std::string_view name_of(ActionSample::State state);

/// The order is the recording's: append only.
using Record =
    std::variant<LoadMark, LoadWindow, RequestFailure, FailureOverflow, PeerWindow, GeneratorSample, HpaSample,
                 ScaleTargetSample, PodSample, EndpointSliceSample, ClusterEvent, PodMetricsSample, WatchState,
                 SlowRequest, ReplicaSetSample, NodeSample, HpaMetricSample, SignalSample, LogLine, ActionSample>;

/// Takes records from the thread that made them; must be quick and may be called from several threads at once.
using RecordSink = std::function<void(Record)>;

}  // namespace surgeproof
