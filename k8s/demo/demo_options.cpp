#include "k8s/demo/demo_options.h"

#include <algorithm>
#include <array>

namespace surgeproof::demo {
namespace {

using namespace std::chrono_literals;

struct BreakRow {
  Break what;
  std::string_view name;
  std::string_view words;
};
constexpr std::array<BreakRow, 9> kBreaks{{
    {Break::none, "none", "a healthy service"},
    {Break::max_replicas, "max-replicas", "the HPA may not go beyond 3 replicas, and the surge needs 5"},
    {Break::slow_start, "slow-start", "new pods take longer to start than the surge leaves them"},
    {Break::no_prestop, "no-prestop", "no preStop hook, and the application drops its connections at SIGTERM"},
    {Break::premature_ready, "premature-ready", "no readiness probe: new pods get traffic before they can serve"},
    {Break::no_metrics, "no-metrics", "the metrics API is gone, so the HPA is blind"},
    {Break::no_requests, "no-requests", "the containers have no CPU request, so the HPA cannot compute utilization"},
    {Break::crash, "crash", "a pod is killed for its memory under load"},
    {Break::slow, "slow", "the CPU limit is so low that the surge saturates the pods until new ones come"},
}};
constexpr std::array<Break, 8> kAll{Break::max_replicas, Break::slow_start,  Break::no_prestop, Break::premature_ready,
                                    Break::no_metrics,   Break::no_requests, Break::crash,      Break::slow};

const BreakRow& row_of(Break b) { return kBreaks[static_cast<std::size_t>(b)]; }

}  // namespace

std::string_view name_of(Break b) { return row_of(b).name; }
std::string_view words_for(Break b) { return row_of(b).words; }
std::span<const Break> all_breaks() { return kAll; }

std::optional<Break> break_from_name(std::string_view name) {
  for (const BreakRow& row : kBreaks) {
    if (row.name == name) return row.what;
  }
  return std::nullopt;
}

std::string break_names() {
  std::string names;
  for (const Break b : kAll) {
    if (!names.empty()) names += ", ";
    names += name_of(b);
  }
  return names;
}

DemoOptions DemoOptions::quick() { return {}; }

DemoOptions DemoOptions::realistic() {
  DemoOptions o;
  o.is_realistic = true;
  o.app.start_delay = 5s;
  o.pod.start_time = 3s;
  o.pod.probe_period = 5s;
  o.pod.prestop_sleep = 10s;
  o.pod.termination_grace = 30s;
  o.scaling.sync_period = 15s;
  o.scaling.scale_down_window = 300s;
  o.scaling.metric_resolution = 15s;
  o.scaling.metric_window = 15s;
  o.scaling.metric_lag = 1s;
  o.proxy_lag = 1s;
  return o;
}

void apply_break(DemoOptions& o, Break b) {
  o.broken = b;
  switch (b) {
    case Break::none:
      break;
    case Break::max_replicas:
      o.scaling.max_replicas = 3;
      break;
    case Break::slow_start:
      o.app.start_delay = o.is_realistic ? 150s : 40s;
      break;
    case Break::no_prestop:
      o.pod.prestop_sleep = 0s;
      o.app.drains = false;
      o.proxy_lag = 1500ms;
      break;
    case Break::premature_ready:
      o.pod.readiness_probe = false;
      o.app.start_delay = o.is_realistic ? 8s : 3s;
      break;
    case Break::no_metrics:
      o.scaling.metrics_available = false;
      break;
    case Break::no_requests:
      // A limit alone would become the request, as the API server's defaults have it.
      o.app.cpu_request.reset();
      o.app.cpu_limit.reset();
      break;
    case Break::crash:
      o.crash_at_request = o.is_realistic ? 12'000 : 2'200;
      o.proxy_lag = std::max<std::chrono::milliseconds>(o.proxy_lag, 1s);
      break;
    case Break::slow:
      o.app.cpu_limit = Millicores{300};
      break;
  }
}

}  // namespace surgeproof::demo
