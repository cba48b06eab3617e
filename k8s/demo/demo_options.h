// Everything that may be chosen about the embedded cluster. Plain data; the cluster takes a copy.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/units.h"

namespace surgeproof::demo {

/// What goes wrong on purpose. Each is one mistake that real clusters make.
enum class Break : std::uint8_t {
  none,
  max_replicas,     ///< the HPA's maxReplicas is too low
  slow_start,       ///< new pods take too long until they are Ready
  no_prestop,       ///< no preStop, and the application drops its connections at SIGTERM
  premature_ready,  ///< no readiness probe: a pod is Ready before it can serve
  no_metrics,       ///< metrics.k8s.io is gone
  no_requests,      ///< the containers have no CPU request
  crash,            ///< a pod is killed for its memory under load
  slow,             ///< the CPU limit is so low that the surge saturates the pods
};

/// "max-replicas", … as on the command line; "none" for none.
std::string_view name_of(Break b);
std::optional<Break> break_from_name(std::string_view name);
/// Every break but `none`, in the order of the help text.
std::span<const Break> all_breaks();
/// "max-replicas, slow-start, …"
std::string break_names();
/// A line for people: what is broken.
std::string_view words_for(Break b);

/// The application in the pods. It is configured through environment variables of its container, so `kubectl set env`
/// changes it as it would a real one.
struct AppOptions {
  std::chrono::microseconds cpu_per_request{5000};          ///< CPU_PER_REQUEST
  std::chrono::milliseconds wait_per_request{40};           ///< WAIT_PER_REQUEST: waits for a database, say
  std::chrono::milliseconds start_delay{800};               ///< START_DELAY: from the container's start to listening
  bool drains = true;                                       ///< ON_SIGTERM: "drain", or "abrupt" when false
  std::optional<Millicores> cpu_request = Millicores{200};  ///< empty: the container has none
  std::optional<Millicores> cpu_limit = Millicores{500};    ///< empty: a whole core
};

/// Pods as the Deployment's template describes them.
struct PodOptions {
  std::chrono::milliseconds schedule_delay{100};  ///< from creation to a node
  std::chrono::milliseconds start_time{1000};     ///< image pull and container creation
  bool readiness_probe = true;                    ///< GET /api/health
  std::chrono::seconds probe_initial_delay{0};
  std::chrono::seconds probe_period{1};
  std::chrono::seconds prestop_sleep{4};  ///< 0: no preStop
  std::chrono::seconds termination_grace{10};
  std::chrono::milliseconds restart_delay{500};  ///< after the first crash; then 10 s, 20 s, … up to 5 min
};

/// The horizontal pod autoscaler and the metrics that it reads.
struct ScalingOptions {
  int min_replicas = 2;
  int max_replicas = 5;
  int target_cpu_percent = 70;
  std::chrono::milliseconds sync_period{2000};          ///< --horizontal-pod-autoscaler-sync-period
  std::chrono::seconds scale_down_window{10};           ///< behavior.scaleDown.stabilizationWindowSeconds
  std::chrono::seconds cpu_initialization_period{300};  ///< --horizontal-pod-autoscaler-cpu-initialization-period
  std::chrono::seconds initial_readiness_delay{30};     ///< --horizontal-pod-autoscaler-initial-readiness-delay
  std::chrono::milliseconds metric_resolution{2000};    ///< a new sample this often
  std::chrono::milliseconds metric_window{2000};        ///< each sample is an average over this
  std::chrono::milliseconds metric_lag{400};            ///< from a window's end to its sample being served
  bool metrics_available = true;
  int wanted_replicas = 5;  ///< what the scenario demands under the surge, whatever max_replicas allows
};

struct DemoOptions {
  std::string ns = "todo";
  std::string name = "todo";  ///< of the Deployment, the Service and the HPA
  AppOptions app;
  PodOptions pod;
  ScalingOptions scaling;
  std::chrono::milliseconds proxy_lag{300};        ///< from an EndpointSlice's change to the load balancer's knowing it
  std::chrono::milliseconds controller_delay{20};  ///< from a change to the controllers' reaction
  /// This request (counted over all pods, from 1) takes its pod's last memory: the pod is killed, once; 0: never.
  std::uint64_t crash_at_request = 0;
  std::uint16_t api_port = 0;      ///< on 127.0.0.1; 0: any free one
  std::uint16_t service_port = 0;  ///< on 127.0.0.1; 0: any free one
  std::uint64_t seed = 1;          ///< of names and uids
  Break broken = Break::none;      ///< set by apply_break
  bool is_realistic = false;       ///< set by realistic()

  /// Time constants short enough for a demonstration of about a minute.
  static DemoOptions quick();
  /// Kubernetes' own defaults: 15 s sync and metrics, 300 s stabilization, probes every 10 s.
  static DemoOptions realistic();
};

/// Changes the options so that this goes wrong. On top of quick() or realistic().
void apply_break(DemoOptions& options, Break b);

}  // namespace surgeproof::demo
