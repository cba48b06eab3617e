// What the HPA is fed with: requests to divide by, and samples that are there and fresh.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyzers/preflight/rules.h"
#include "analyzers/words.h"
#include "base/duration.h"

namespace surgeproof::rules {
namespace {

using Level = Check::Level;
using std::chrono::seconds;

/// metrics-server's default resolution is 15 s, its binary's 60 s; older than this something has stopped.
constexpr seconds kOldSample{120};

bool is_resource(const hpa::MetricSpec& m) {
  return m.type == hpa::MetricType::resource || m.type == hpa::MetricType::container_resource;
}

bool has_default(const Workload& w, const std::string& resource) {
  return std::ranges::any_of(w.limits, [&](const LimitLine& l) {
    return l.type == "Container" && l.resource == resource && l.default_request_milli.has_value();
  });
}

/// The API server takes a missing request from the limit.
bool has_request(const ContainerSpec& c, const std::string& resource) {
  if (resource == "cpu") return c.cpu_request_milli || c.cpu_limit_milli;
  return c.memory_request_bytes || c.memory_limit_bytes;
}

void check_requests_for(Bench& b, const hpa::MetricSpec& metric) {
  const auto& pod = *b.w.pod_template;
  const bool one = metric.type == hpa::MetricType::container_resource;
  const bool whole_pod =
      metric.name == "cpu" ? pod.pod_cpu_request_milli.has_value() : pod.pod_memory_request_bytes.has_value();
  std::vector<std::string> without;
  bool found = false;
  for (const auto& c : pod.containers) {
    if (c.role == ContainerSpec::Role::init || (one && c.name != metric.container)) continue;
    found = true;
    if (!has_request(c, metric.name)) without.push_back(c.name);
  }
  if (one && !found) {
    return b.add(Level::failure, "requests",
                 fmt::format("the HPA scales on container {}, which {} does not have", metric.container, b.target()),
                 "correct containerResource.container in the HPA");
  }
  if (without.empty() || (whole_pod && !one)) {
    return b.ok("requests", fmt::format("every container that counts requests {}", metric.name));
  }
  if (has_default(b.w, metric.name)) {
    return b.add(
        Level::note, "requests",
        fmt::format("{} of {} comes from a LimitRange's default, not from the manifest", metric.name, listed(without)),
        "");
  }
  b.add(Level::failure, "requests",
        fmt::format("no {} request on container{} {}: the HPA cannot compute a utilization", metric.name,
                    without.size() > 1 ? "s" : "", listed(without)),
        fmt::format("set resources.requests.{} on every container, sidecars too", metric.name));
}

void check_samples(Bench& b) {
  std::vector<std::string> bare;
  for (const auto& pod : b.w.pods) {
    if (!pod.ready || pod.deletion_requested) continue;
    const bool sampled = std::ranges::any_of(b.w.pod_metrics, [&](const auto& m) { return m.pod == pod.name; });
    if (!sampled) bare.push_back(pod.name);
  }
  if (!bare.empty()) {
    b.add(Level::warning, "samples", fmt::format("no usage is known of {}", listed(bare)),
          "new pods have some after one or two rounds of the metrics-server; older ones: look at its log");
  }
  if (b.w.pod_metrics.empty() || !b.w.server_now) return;
  WallTime oldest = WallTime::max();
  for (const auto& m : b.w.pod_metrics) oldest = std::min(oldest, m.timestamp);
  const auto age = std::max(seconds{0}, std::chrono::duration_cast<seconds>(*b.w.server_now - oldest));
  if (age > kOldSample) {
    b.add(Level::failure, "fresh",
          fmt::format("the oldest sample is {} old: the HPA acts on the past", format_duration(age)),
          "look at the metrics-server's log and at --metric-resolution");
  } else {
    b.ok("fresh", fmt::format("usage is at most {} old, each an average over {}", format_duration(age),
                              format_duration(b.w.pod_metrics.front().window)));
  }
}

}  // namespace

void check_requests(Bench& b) {
  if (!b.w.pod_template) return;
  std::set<std::pair<std::string, std::string>> done;
  for (const auto& metric : b.spec.metrics) {
    if (!is_resource(metric) || !metric.target.average_utilization_percent) continue;
    if (done.emplace(metric.container, metric.name).second) check_requests_for(b, metric);
  }
}

void check_metrics(Bench& b) {
  const bool needed = std::ranges::any_of(b.spec.metrics, is_resource);
  if (const auto* part = b.w.unseen_part("metrics.k8s.io/pods")) {
    if (part->forbidden) {
      return b.add(Level::note, "metrics", fmt::format("pod metrics could not be read: {}", part->why),
                   "surgeproof print-rbac prints the Role that is needed");
    }
    if (!needed) return;
    return b.add(Level::failure, "metrics", fmt::format("the metrics API does not answer: {}", part->why),
                 "install the metrics-server, or look at: kubectl get apiservices v1beta1.metrics.k8s.io");
  }
  if (b.w.metrics_served && needed) check_samples(b);
}

}  // namespace surgeproof::rules
