// What a report shows, computed once. The writers (formats.h) only lay it out: no writer computes a number.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzers/finding.h"
#include "base/records.h"
#include "base/run_info.h"

namespace surgeproof {
struct Scenario;
struct Timeline;
}  // namespace surgeproof

namespace surgeproof::reports {

// All times `_s` are seconds since the load began (negative before it), all latencies `_ms` milliseconds. A missing
// value is an empty optional: never zero, never NaN.

/// A stage of the plan or a detected phase.
struct Span {
  std::string name;
  std::string detail;  ///< "400/s for 3m"
  double begin_s = 0;
  double end_s = 0;
};

/// A finding with what a reader needs beside it.
struct FindingLine {
  Finding finding;
  double begin_s = 0;  ///< of what was looked at
  double end_s = 0;
  /// observed / limit for the bar; 1 is the limit itself. Empty when there is no scale to draw on.
  std::optional<double> share_of_limit;
};

/// The lowest and highest number of pods within a span.
struct ReplicaRange {
  std::string hpa;
  int lowest_ready = 0;
  int highest_ready = 0;
};

/// Load, latency and replicas over one stage, phase, or the whole run.
struct SpanSummary {
  Span span;
  std::uint64_t planned = 0;
  std::uint64_t sent = 0;
  std::uint64_t answered_well = 0;  ///< Outcome::ok
  std::uint64_t errors = 0;         ///< answered, but not as expected (too slow included)
  std::uint64_t dropped = 0;        ///< no valid answer from the service
  std::uint64_t lost_here = 0;      ///< unsent, or the generator's own error
  double offered_per_second = 0;
  double served_per_second = 0;  ///< answers of any status
  std::optional<double> p50_ms;
  std::optional<double> p95_ms;
  std::optional<double> p99_ms;
  std::optional<double> max_ms;
  std::vector<ReplicaRange> replicas;
};

/// Columns over equal bins of time. All columns are as long as `t_s` (the bin's begin).
struct LoadSeries {
  double bin_s = 1;
  std::vector<double> t_s;
  std::vector<double> offered;  ///< per second
  std::vector<double> sent;     ///< per second
  std::vector<double> served;   ///< answers per second, any status; by the instant of the answer when that is known
  std::vector<double> unsent;   ///< per second, lost in the generator
  std::vector<std::optional<double>> p50_ms;
  std::vector<std::optional<double>> p95_ms;
  std::vector<std::optional<double>> p99_ms;
  /// Errors per second by class; only classes that occurred.
  struct Errors {
    Outcome outcome{};
    std::vector<double> per_second;
  };
  std::vector<Errors> errors;
  /// Latency counts on a log axis: cell (bin, row) holds `count` requests; empty cells are left out.
  struct Heat {
    double bin_s = 1;            ///< width of a column, a multiple of the series' own
    std::vector<double> row_ms;  ///< lower edge of each row, ascending, and the last row's upper edge
    struct Cell {
      std::uint32_t bin = 0;
      std::uint32_t row = 0;
      std::uint64_t count = 0;
    };
    std::vector<Cell> cells;
  };
  Heat heat;
};

/// Something that the scenario did to the cluster: a mark on every lane.
struct ActionMark {
  std::string name;
  std::string what;      ///< "restart deployment/backend"
  std::string state;     ///< "done", "refused", …
  std::string object;    ///< "Pod/todo/todo-5d8f-x2x"
  std::string sentence;  ///< how it ended
  double planned_s = 0;
  std::optional<double> begun_s;
  std::optional<double> ended_s;
};

/// Values that hold from one instant to the next. All columns are as long as `t_s`.
struct ReplicaSteps {
  std::vector<double> t_s;
  std::vector<std::optional<int>> desired;  ///< HPA status
  std::vector<std::optional<int>> current;  ///< the target's spec.replicas
  std::vector<std::optional<int>> ready;
  /// Wanted by a simulation of this load with the run's own settings; empty: there is none (HpaReport::own_simulation).
  std::vector<std::optional<int>> simulated;
};

/// One metric of the HPA over time, in percent of the request or in the metric's own unit.
struct MetricSeries {
  std::string name;  ///< "cpu", "cpu of container app", "http_requests_per_second"
  std::string unit;  ///< "%" or ""
  std::vector<double> t_s;
  std::vector<std::optional<double>> value;
  double target = 0;
  double band_low = 0;  ///< within these the HPA does nothing (tolerance)
  double band_high = 0;
};

struct PodBar {
  std::string name;
  std::string node;
  bool before_watch = false;  ///< it ran when the recording began
  // Instants as observed, in this order when known.
  std::optional<double> created_s;
  std::optional<double> scheduled_s;
  std::optional<double> started_s;
  std::optional<double> ready_s;
  std::optional<double> in_endpoints_s;   ///< first offered to clients
  std::optional<double> first_request_s;  ///< first answer from this pod, when pods are told apart
  std::optional<double> terminating_s;
  std::optional<double> out_of_endpoints_s;  ///< no longer offered to clients
  std::optional<double> gone_s;
  int restarts = 0;
  struct Tick {
    double t_s = 0;
    bool warning = false;
    std::string text;
  };
  std::vector<Tick> ticks;
};

/// One stage of the way from the load step to the recovered latency.
struct PathStage {
  std::string code;  ///< "metric", "decision", …
  std::string name;
  double begin_s = 0;
  double end_s = 0;
  double begin_share = 0;   ///< of the whole path's length, 0 to 1: where the stage's bar starts in a waterfall
  double length_share = 0;  ///< and how long it is
  bool slowest = false;
  std::string evidence;  ///< may be empty
  std::string remedy;    ///< what would shorten it
};

/// One new pod's part of it; empty where it was not seen.
struct PodPathRow {
  std::string pod;
  std::string node;
  std::optional<double> scheduling_s;
  std::optional<double> start_s;
  std::optional<double> readiness_s;
  std::optional<double> endpoints_s;
  std::optional<double> first_request_s;
};

/// The critical path of one scale-up.
struct PathReport {
  std::string title;  ///< "from the load step to 5 ready pods of backend, and on to the recovered latency"
  std::string sentence;
  std::vector<PathStage> stages;
  std::vector<PodPathRow> pods;
  std::vector<std::string> unseen;
};

/// One sync that changed the replicas or that the controller's model does not explain.
struct DecisionRow {
  double t_s = 0;
  int from = 0;
  int to = 0;
  bool explained = true;
  std::string text;
  std::vector<std::string> steps;  ///< the controller's own steps recomputed, with the numbers
};

/// The HPA's syncs, decided again by the model of its controller with what was recorded.
struct Decisions {
  std::size_t syncs_seen = 0;  ///< in the HPA's status
  std::size_t equal = 0;       ///< of those, with the replicas that the model says
  std::size_t unexplained = 0;
  std::vector<DecisionRow> rows;  ///< by time; at most 200
};

/// The recorded load, simulated with the run's own settings: how far `simulate` with others can be trusted.
struct OwnSimulation {
  std::size_t syncs = 0;
  std::size_t equal = 0;  ///< with the replicas that were recorded
  std::string sentence;   ///< without a full stop
};

struct HpaReport {
  std::string ns;
  std::string name;
  std::string target;  ///< "Deployment/todo"
  int min_replicas = 1;
  int max_replicas = 0;
  std::optional<double> scale_down_window_s;
  ReplicaSteps replicas;
  std::vector<MetricSeries> metrics;
  std::vector<PodBar> pods;              ///< by creation
  std::vector<PathReport> paths;         ///< one a surge
  std::map<std::string, double> scores;  ///< "replica_seconds": ready pods summed over the recording, …
  std::string scores_text;               ///< the elasticity in one line; empty: not known
  /// The same as names and values in words, for a table.
  std::vector<std::pair<std::string, std::string>> score_rows;
  std::string demand_from;  ///< how the demand was obtained, or why not
  Decisions decisions;
  std::optional<OwnSimulation> own_simulation;  ///< empty: no load, no CPU metric, or too little to fit a pod
};

/// One thing that happened, for the log of events and decisions.
struct LogLine {
  double t_s = 0;
  bool warning = false;
  std::string object;  ///< "HorizontalPodAutoscaler/todo"
  std::string reason;
  std::string message;
  int count = 1;
  bool before = false;  ///< of an event: it happened before the recording began, by the server's clock
};

/// One of the scenario's signals over time.
struct SignalSeries {
  std::string name;
  std::string query;
  std::string unit;  ///< as its criteria write it: "seconds", "ratio", "per second", "bytes"; or ""
  std::vector<double> t_s;
  std::vector<std::optional<double>> value;  ///< in base units; empty: not known from there to the next
  std::optional<double> min;                 ///< the tightest limits of the criteria
  std::optional<double> max;
};

/// A text that a criterion looks for in logs.
struct LogTextRow {
  std::string text;    ///< without secrets
  std::string pods;    ///< "the pods app=backend"
  std::string wanted;  ///< "absent", "present", "eventually"
  bool read = false;   ///< at least one log could be read
  std::uint64_t lines = 0;
  std::optional<double> first_s;
  std::optional<double> last_s;
  struct Example {
    double t_s = 0;
    std::string pod;
    std::string container;
    std::string line;  ///< shortened, credentials masked
  };
  std::vector<Example> examples;  ///< the first ones
};

/// Failed requests of one kind.
struct FailureRow {
  Outcome outcome{};
  std::uint64_t count = 0;
  std::optional<double> first_s;
  std::optional<double> last_s;
  std::string example;  ///< one of them in words; may be empty
};

/// One failed request in full; a bounded sample.
struct FailureExample {
  double planned_s = 0;
  double ended_s = 0;
  Outcome outcome{};
  int status = 0;
  std::string request;
  std::string stage;
  std::string peer;
  std::string pod;
  std::string text;  ///< phase and error in words
  std::string trace_id;
};

/// Failed requests of one cause.
struct DropCauseRow {
  std::string code;
  std::string sentence;
  std::string remedy;
  std::string confidence;
  std::uint64_t count = 0;
  struct Pod {
    std::string pod;  ///< empty: not known
    std::string node;
    std::uint64_t count = 0;
    double first_s = 0;
    double last_s = 0;
    std::string example;
    std::string bursts;  ///< "+5:01 ×3, +5:40 ×9"
  };
  std::vector<Pod> pods;
};

/// Drop forensics.
struct DropSection {
  std::uint64_t total = 0;
  std::vector<DropCauseRow> causes;
  std::vector<std::string> lost_here;  ///< what the generator lost itself: never counted against the service
  std::string prestop;                 ///< the smallest safe preStop in one sentence; empty: not measured
  std::optional<double> prestop_s;
};

struct PeerRow {
  std::string peer;
  std::string pod;
  std::uint64_t answered = 0;
  double first_s = 0;
  double last_s = 0;
};

struct GeneratorHealth {
  std::optional<double> schedule_error_p50_ms;
  std::optional<double> schedule_error_p99_ms;
  std::optional<double> schedule_error_max_ms;
  double busiest_worker_percent = 0;  ///< the worst window's
  std::uint64_t largest_backlog = 0;
  std::uint64_t most_in_flight = 0;
  std::uint64_t most_connections = 0;
};

/// A span in which a resource could not be seen.
struct Gap {
  std::string resource;
  std::string why;
  double begin_s = 0;
  double end_s = 0;
};

struct Report {
  std::string name;
  std::string scenario_file;
  std::string target;
  std::string tool_version;
  std::string load_started;  ///< RFC 3339 with milliseconds
  std::int64_t load_started_unix_ms = 0;
  double begin_s = 0;  ///< of the recording, on the report's axis (0 or negative)
  double end_s = 0;
  std::string duration;  ///< of the recording, in words
  bool interrupted = false;
  bool going_on = false;      ///< the run is not over: what is not decided yet is open, and the page follows
  bool without_load = false;  ///< nothing was to be sent
  bool watched_only = false;  ///< and nothing was to be judged either: a timeline, exit code 0

  Status status = Status::inconclusive;
  int exit_code = 4;
  std::string headline;  ///< "1 of 4 criteria not met; …", beside the status
  std::vector<FindingLine> criteria;
  std::vector<FindingLine> health;
  std::vector<Cause> causes;

  std::vector<Span> stages;
  std::vector<Span> phases;
  std::vector<ActionMark> actions;  ///< by planned time
  SpanSummary total;
  std::vector<SpanSummary> by_phase;
  std::vector<SpanSummary> by_stage;

  LoadSeries load;
  std::optional<double> latency_limit_ms;  ///< the tightest limit of a latency criterion, for the line in the chart
  std::vector<HpaReport> hpas;
  std::vector<LogLine> log;           ///< events and decisions, by time
  std::vector<SignalSeries> signals;  ///< as the scenario names them
  std::vector<LogTextRow> log_texts;  ///< as the criteria name them
  std::vector<Gap> gaps;

  std::vector<FailureRow> failures;
  DropSection drops;
  std::vector<FailureExample> failure_examples;
  std::vector<PeerRow> peers;
  GeneratorHealth generator;
  std::map<std::string, std::string> environment;
  std::vector<std::string> notes;
  std::string scenario_text;  ///< as resolved, without secrets; empty: not shown
};

/// Pure. `scenario_text` is shown as it stands: the caller has taken secrets out of it.
Report build_report(const RunInfo& info, const Scenario& scenario, const Timeline& timeline, const Verdict& verdict,
                    std::string scenario_text = {});

}  // namespace surgeproof::reports
