// Everything a user may write in a scenario file, as plain structs.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/units.h"
#include "scenarios/observations.h"

namespace surgeproof {

/// Where in the file something was written, for messages. 1-based; 0 when unknown.
struct Place {
  int line = 0;
  int column = 0;
};

struct ClusterOptions {
  std::string kubeconfig;  ///< path; empty: KUBECONFIG, then ~/.kube/config
  std::string context;     ///< empty: the current one
  std::string ns;          ///< default namespace for `watch`; empty: the context's
};

struct WatchTarget {
  std::string ns;         ///< empty: ClusterOptions::ns, then the context's
  std::string hpa;        ///< name of the HorizontalPodAutoscaler
  std::string container;  ///< whose CPU is shown apart; empty: all
  Place place;
};

/// The pods behind a Service, addressed directly: no kube-proxy, ingress or load balancer between.
struct DirectEndpoints {
  std::string ns;         ///< empty: ClusterOptions::ns, then the context's
  std::string service;    ///< whose EndpointSlices give the addresses
  int port = 0;           ///< of the pods; 0: as the EndpointSlices say
  std::string port_name;  ///< which of theirs; empty: the only one
  Place place;
};

struct Connections {
  int max = 256;                                       ///< over all workers
  int streams = 100;                                   ///< HTTP/2: requests at once on one connection
  std::optional<std::chrono::nanoseconds> max_age;     ///< a connection older than this is replaced when it falls idle
  std::optional<std::uint32_t> max_requests;           ///< after so many it is replaced
  Ratio jitter{0.1};                                   ///< max_age and max_requests are cut by up to this share, each
                                                       ///< connection's by its own, so that they do not end at once
  std::optional<std::chrono::nanoseconds> re_resolve;  ///< look the name up again this often
  bool all_addresses = true;                           ///< false: only the first address of the answer is used
  bool reuse = true;                                   ///< false: a new connection for each request
  std::optional<DirectEndpoints> direct;
};

struct TlsOptions {
  std::string ca_file;      ///< PEM; empty: the system's
  std::string cert_file;    ///< PEM, the client's certificate with its chain; empty: none
  std::string key_file;     ///< PEM, its private key; empty: in cert_file
  std::string server_name;  ///< to ask for (SNI) and to check; empty: the target's host
  bool insecure = false;    ///< do not check the certificate
};

struct ClientOptions {
  enum class Http : std::uint8_t {
    automatic,  ///< https: what ALPN settles on; http: 1.1
    http1,
    http2,  ///< https: by ALPN and nothing else; http: as h2c
    h2c,    ///< over plain TCP, with prior knowledge
  };
  enum class Pacing : std::uint8_t {
    thrifty,   ///< few long sleeps, each for all that falls due meanwhile: the least CPU, up to milliseconds late
    balanced,  ///< sleeps, then polls through the last moments: as long as sleeps are late on this machine
    exact,     ///< polls all the time there is: a core a worker
  };
  std::chrono::nanoseconds timeout = std::chrono::seconds{10};  ///< from the planned instant to the last byte
  std::optional<std::chrono::nanoseconds> max_lateness;  ///< what was not sent so long after its planned instant ends
                                                         ///< unsent; empty: half the timeout
  Http http = Http::automatic;
  Pacing pacing = Pacing::balanced;
  bool traceparent = true;  ///< a W3C trace context on every request
  TlsOptions tls;
  std::vector<std::pair<std::string, std::string>> headers;  ///< on every request
  std::string pod_header;  ///< response header that names the answering pod; empty: none
  int workers = 0;         ///< generator threads; 0: chosen from the CPUs

  [[nodiscard]] std::chrono::nanoseconds lateness_bound() const { return max_lateness.value_or(timeout / 2); }
};

/// The Prometheus server (or what speaks like one) that `signals` are asked of.
struct PrometheusOptions {
  std::string url;    ///< base URL; empty: not known, the signals cannot be asked
  std::string token;  ///< bearer; sent over TLS only; empty: none
  TlsOptions tls;
  std::vector<std::pair<std::string, std::string>> headers;  ///< on every question, whatever the scheme
};

struct Expectation {
  std::vector<int> statuses;                       ///< empty: any 2xx or 3xx
  std::optional<std::chrono::nanoseconds> within;  ///< from the planned instant
};

/// One kind of request. `path`, header values and `body` may hold the placeholders {{sequence}} (0, 1, 2, … within
/// the run) and {{uuid}} (random, from the seed).
struct RequestTemplate {
  std::string name;
  double weight = 1;
  std::string method = "GET";
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Expectation expect;
  Place place;
  std::string shown;  ///< method and path as written, without a query and with variables unexpanded: "GET /a/${ID}"
};

struct Stage {
  enum class Shape : std::uint8_t {
    hold,   ///< `rate` all along
    step,   ///< the same; the word says that this is the surge
    ramp,   ///< linear from the rate before (0 at the start) to `rate`
    pause,  ///< no request at all
  };
  std::string name;  ///< as written, or "stage 1", …
  Shape shape = Shape::hold;
  Rate rate;
  std::chrono::nanoseconds duration{};
  Place place;
};

/// The other kind of load: each connection sends its next request as soon as the last one was answered. It says how
/// fast the service *can* answer, not how fast it is at a given demand; its latency is service time.
struct ClosedLoop {
  int connections = 1;  ///< instead of Connections::max
  std::chrono::nanoseconds duration{};
  int streams = 1;  ///< requests in flight on each; more than one takes HTTP/2
};

struct Load {
  enum class Arrivals : std::uint8_t {
    uniform,  ///< evenly spaced
    poisson,  ///< independent, exponential gaps
  };
  Arrivals arrivals = Arrivals::uniform;
  std::uint64_t seed = 1;
  std::vector<Stage> stages;              ///< a closed loop's is one, "closed loop", of rate 0 and its duration
  std::optional<ClosedLoop> closed = {};  ///< instead of a plan of arrivals

  /// `load: none`: nothing is sent, the cluster is only watched.
  [[nodiscard]] bool none() const { return stages.empty(); }

  /// A closed loop as a load, its stage included.
  static Load closed_loop(ClosedLoop loop);
};

/// A moment of the run: `start`, a stage's begin, when an action was carried out, or one of them plus an offset.
struct PlanInstant {
  std::string stage;  ///< empty: the start of the load
  std::chrono::nanoseconds offset{};
  std::string action = {};  ///< name of an action, instead of a stage: when it began in truth, not by the plan
};

/// A workload as actions name it: "deployment/backend".
struct WorkloadRef {
  enum class Kind : std::uint8_t { deployment, stateful_set, daemon_set, replica_set };
  Kind kind = Kind::deployment;
  std::string name;
};

/// A new rollout of the same pod template, as `kubectl rollout restart` starts it.
struct RestartAction {
  WorkloadRef target;
};

/// One pod of a watched HPA's target is deleted.
struct DeletePodAction {
  enum class Pick : std::uint8_t {
    oldest,  ///< by creation
    newest,
    random,  ///< by the load's seed
  };
  std::string hpa;  ///< empty: the only one watched
  Pick pick = Pick::oldest;
};

/// spec.replicas is set through the scale subresource.
struct ScaleAction {
  WorkloadRef target;
  int replicas = 0;
};

/// Something that is done to the cluster while the load runs.
struct Action {
  std::string name;  ///< as written, or what it does ("restart deployment/backend"); unique
  PlanInstant at;    ///< never of another action
  std::string ns;    ///< of what is restarted or scaled; empty: ClusterOptions::ns, then the context's
  std::variant<RestartAction, DeletePodAction, ScaleAction> what;
  Place place;
};

/// A span to judge: a stage's name, a detected phase (baseline, scaling, scaled, draining), or all.
struct During {
  enum class Kind : std::uint8_t { all, stage, phase };
  Kind kind = Kind::all;
  std::string name;  ///< of the stage or phase
};

// Criteria. `hpa` is empty when the scenario watches one HPA only and none was named: then it means that one.

struct ScaleUpCriterion {
  std::string hpa;
  int to = 0;                         ///< ready pods
  std::chrono::nanoseconds within{};  ///< from `from`
  std::optional<PlanInstant> from;    ///< default: begin of the first stage that leads to the highest rate
};

struct ScaleDownCriterion {
  std::string hpa;
  int to = 0;  ///< replicas wanted
  std::optional<std::chrono::nanoseconds> not_before;
  std::chrono::nanoseconds within{};
  std::optional<PlanInstant> from;  ///< default: end of the last stage at the highest rate
};

struct LatencyCriterion {
  double percentile = 0;  ///< 99 for p99, 99.9 for p99.9; 100 for max
  std::chrono::nanoseconds limit{};
  During during;
  std::string request;  ///< empty: all
};

struct ErrorRateCriterion {
  Ratio max;
  During during;
  std::string request;
};

struct DroppedRequestsCriterion {
  std::uint64_t max = 0;
  During during;
};

struct ReplicasCriterion {
  std::string hpa;
  std::optional<int> min;          ///< ready pods never below
  std::optional<int> max;          ///< wanted replicas never above
  std::optional<int> max_changes;  ///< of the wanted replicas: no flapping
  During during;
};

struct SignalCriterion {
  std::string signal;
  std::optional<SignalValue> min;  ///< no value below
  std::optional<SignalValue> max;  ///< no value above
  During during;
};

struct LogsCriterion {
  LogScope scope;
  std::vector<LogText> absent;   ///< in no line
  std::vector<LogText> present;  ///< each in at least one
  During during;
};

/// Something becomes true within a time of an instant: a signal above or below a value, or a text in a log.
struct EventuallyCriterion {
  std::string signal;                ///< empty: `log`
  std::optional<SignalValue> above;  ///< more than
  std::optional<SignalValue> below;  ///< less than
  std::optional<LogText> log;
  LogScope scope;                     ///< of `log`
  std::chrono::nanoseconds within{};  ///< from `after`
  std::optional<PlanInstant> after;   ///< default: the start of the load
};

struct Criterion {
  /// Append only: see Matter in analyzers/causes/clue.h.
  std::variant<ScaleUpCriterion, ScaleDownCriterion, LatencyCriterion, ErrorRateCriterion, DroppedRequestsCriterion,
               ReplicasCriterion, SignalCriterion, LogsCriterion, EventuallyCriterion>
      rule;
  Place place;
};

struct Scenario {
  std::string name;    ///< as written, or the file's name without ".yaml"
  std::string target;  ///< base URL, "http://127.0.0.1:8080" or "https://…/base/path"
  ClusterOptions cluster;
  std::vector<WatchTarget> watch;  ///< empty: load only, cluster criteria are refused
  Connections connections;
  ClientOptions client;
  std::vector<RequestTemplate> requests;  ///< never empty: GET / by default
  Load load;
  PrometheusOptions prometheus;
  std::vector<Signal> signals;
  std::chrono::nanoseconds warm_up{};  ///< of the load's begin, that no `during` covers
  std::optional<Price> price;
  std::vector<Action> actions;  ///< by the plan's time
  std::vector<Criterion> criteria;
};

inline Load Load::closed_loop(ClosedLoop loop) {
  Load load;
  Stage& stage = load.stages.emplace_back();
  stage.name = "closed loop";
  stage.duration = loop.duration;
  load.closed = loop;
  return load;
}

}  // namespace surgeproof
